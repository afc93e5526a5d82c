import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type Findings, findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import { later } from '../../time/intervals.ts'
import { localDay } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { stepsBetween } from '../organisation/tree.rules.ts'
import { divide } from './division.rules.ts'
import type { Holding, HoldingDeps, Home } from './standing-duties.holding.ts'
import { openVisitDay } from './standing-duties.jobs.ts'
import { standingProblems } from './standing-duties.problems.ts'
import { type PlanRow, standingRepository } from './standing-duties.repository.ts'
import type { Division, Ending, NewDuty, NewVisitPlan, VisitPlanList } from './standing-duties.schemas.ts'
import { standingDuties, visitPlans } from './standing-duties.tables.ts'
import { dutyView, planView } from './standing-duties.views.ts'
import { beginOf } from './visits.rules.ts'

interface FoundPlan {
  plan: PlanRow
  home: Home
}

/** Visit plans: which sites are visited when, and who keeps which. */
export function createPlans({ db, clock, organisation, holding }: HoldingDeps & { holding: Holding }) {
  async function getPlan(handle: Handle, actor: Actor, id: string): Promise<FoundPlan> {
    const found = await standingRepository(handle).findPlan(id)
    assertCovers(actor, found?.unitPath, () => standingProblems.planUnknown(id))
    const { plan, unitPath } = found!
    return { plan, home: { id: plan.unitId, path: unitPath, zone: plan.zone } }
  }

  async function lockPlan(tx: Tx, actor: Actor, id: string): Promise<FoundPlan> {
    await getPlan(tx, actor, id)
    await standingRepository(tx).lockPlan(id)
    const found = await getPlan(tx, actor, id)
    if (found.plan.state !== 'active') throw standingProblems.planEnded()
    return found
  }

  async function knownPeople(tx: Tx, actor: Actor, people: [string, string][], found: Findings) {
    const homes = await standingRepository(tx).homesOf(people.map(([, id]) => id))
    const seen = new Set(homes.filter((home) => covers(actor, home.unitPath)).map((home) => home.id))
    for (const [pointer, id] of people) {
      if (!seen.has(id)) found.add(pointer, 'volunteer-unknown', `There is no volunteer ${id} that you may see.`)
    }
  }

  async function knownSites(tx: Tx, home: Home, asked: { postIds: string[]; postKinds: string[] }, found: Findings) {
    const sites = await standingRepository(tx).sites(home.path, asked.postIds, asked.postKinds)
    const here = sites.filter((site) => site.unitPath.startsWith(home.path))
    asked.postIds.forEach((id, index) => {
      if (here.some((site) => site.id === id)) return
      found.add(`/body/postIds/${index}`, 'post-unknown', `The unit of the plan has no active post ${id}.`)
    })
    return here
  }

  const beginning = ({ plan }: FoundPlan, now: Date): string => {
    const today = localDay(now, plan.zone)
    return plan.fromOn > today ? plan.fromOn : today
  }

  return {
    getPlan,

    async createPlan(actor: Actor, input: z.output<typeof NewVisitPlan>) {
      return db.transaction(async (tx) => {
        const unit = await standingRepository(tx).unitPath(input.unitId)
        const found = findings()
        if (!unit || !covers(actor, unit.path)) {
          found.add('/body/unitId', 'unit-unknown', `There is no unit ${input.unitId} that you may see.`)
        }
        found.throwIfAny()
        const now = clock.now()
        const plan = await standingRepository(tx).insertPlan({
          ...input,
          zone: input.zone ?? unit!.zone,
          state: 'active',
          createdAt: now,
          updatedAt: now,
        })
        await audit(tx, actor, now, {
          action: 'visit-plan.created',
          subject: { type: 'visit-plan', id: plan.id },
          unitId: plan.unitId,
          to: 'active',
          facts: { name: plan.name },
        })
        const dueAt = later(now, beginOf(plan.fromOn, plan.zone))
        await schedule(tx, openVisitDay, { payload: { planId: plan.id }, key: plan.id, dueAt }, now)
        return planView(plan)
      })
    },

    showPlan: async (actor: Actor, id: string) => planView((await getPlan(db, actor, id)).plan),

    async listPlans(actor: Actor, query: z.output<typeof VisitPlanList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await standingRepository(db).listPlans(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.state ? eq(visitPlans.state, query.state) : undefined,
        ],
        keyset(query, { name: visitPlans.name, createdAt: visitPlans.createdAt }, visitPlans.id),
      )
      return toPage(query, rows, (row, sort) => (sort === 'name' ? row.name : row.createdAt), planView)
    },

    /** Divides sites that nobody keeps among people, evenly and each near to home, and asks them once. */
    async divideSites(actor: Actor, id: string, input: z.output<typeof Division>) {
      return db.transaction(async (tx) => {
        const at = await lockPlan(tx, actor, id)
        const found = findings()
        const repository = standingRepository(tx)
        await knownPeople(
          tx,
          actor,
          input.volunteerIds.map((one, i) => [`/body/volunteerIds/${i}`, one]),
          found,
        )
        const sites = await knownSites(tx, at.home, input, found)
        found.throwIfAny()
        const now = clock.now()
        const kept = new Set((await repository.liveDuties(eq(standingDuties.planId, id))).map((duty) => duty.postId))
        const open = sites.filter((site) => !kept.has(site.id))
        const people = await repository.people({ ids: input.volunteerIds }, beginning(at, now))
        const keeperOf = divide(open, people)
        const [siteOf, personOf] = [
          new Map(open.map((one) => [one.id, one])),
          new Map(people.map((one) => [one.id, one])),
        ]
        const items = [...keeperOf].map(([postId, volunteerId]) => ({
          postId,
          volunteerId,
          steps: stepsBetween(siteOf.get(postId)!.unitPath, personOf.get(volunteerId)!.unitPath),
        }))
        if (!input.dryRun) {
          const { role, toOn } = at.plan
          const fromOn = beginning(at, now)
          await holding.give(
            { tx, actor, now },
            at.home,
            items.map(({ postId, volunteerId }) => ({
              subject: { planId: id, postId },
              role,
              volunteerId,
              fromOn,
              toOn,
            })),
          )
        }
        const loads = people.map((one) => one.load + items.filter((item) => item.volunteerId === one.id).length)
        return {
          sites: items.length,
          people: people.length,
          most: Math.max(0, ...loads),
          least: loads.length > 0 ? Math.min(...loads) : 0,
          dryRun: input.dryRun,
          items,
        }
      })
    },

    /** Gives one site to somebody by hand. */
    async giveSite(actor: Actor, id: string, input: z.output<typeof NewDuty>) {
      return db.transaction(async (tx) => {
        const at = await lockPlan(tx, actor, id)
        const found = findings()
        await knownPeople(tx, actor, [['/body/volunteerId', input.volunteerId]], found)
        const [site] = await standingRepository(tx).sites(at.home.path, [input.postId], [])
        if (!site?.unitPath.startsWith(at.home.path)) {
          found.add('/body/postId', 'post-unknown', `The unit of the plan has no active post ${input.postId}.`)
        }
        found.throwIfAny()
        const now = clock.now()
        const { role, toOn } = at.plan
        const fromOn = input.fromOn ?? beginning(at, now)
        const subject = { planId: id, postId: input.postId }
        const [duty] = await holding.give({ tx, actor, now }, at.home, [
          { subject, role, volunteerId: input.volunteerId, fromOn, toOn },
        ])
        const [row] = await standingRepository(tx).listDuties([eq(standingDuties.id, duty!.id)])
        return dutyView(row!)
      })
    },

    async endPlan(actor: Actor, id: string, { reason }: z.output<typeof Ending>) {
      return db.transaction(async (tx) => {
        const at = await lockPlan(tx, actor, id)
        return planView(await end({ tx, actor, now: clock.now() }, at, reason))
      })
    },

    end,
  }

  /** All duties of the plan end with it. */
  async function end(occasion: Occasion, { plan, home }: FoundPlan, reason: string): Promise<PlanRow> {
    const { tx, actor, now } = occasion
    await holding.settle(occasion, home, eq(standingDuties.planId, plan.id), 'ended', reason)
    const ended = await standingRepository(tx).changePlan(plan.id, { state: 'ended', updatedAt: now })
    await audit(tx, actor, now, {
      action: 'visit-plan.ended',
      subject: { type: 'visit-plan', id: plan.id },
      unitId: plan.unitId,
      from: 'active',
      to: 'ended',
      reason,
    })
    await cancelTasks(tx, openVisitDay, [plan.id], now)
    return ended
  }
}

export type Plans = ReturnType<typeof createPlans>
