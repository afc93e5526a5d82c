import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit, type Change } from '../../platform/audit/audit.ts'
import { type Actor, worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { addLocalDays, localDay } from '../../time/zones.ts'
import { type HoldingDeps, visitOf } from './standing-duties.holding.ts'
import { chaseVisits, missVisits, openVisitDay } from './standing-duties.jobs.ts'
import type { Plans } from './standing-duties.plans.ts'
import { standingProblems } from './standing-duties.problems.ts'
import { standingRepository } from './standing-duties.repository.ts'
import type { VisitDayQuery, VisitList, VisitReport } from './standing-duties.schemas.ts'
import { standingDuties, VISIT_STATES, visits } from './standing-duties.tables.ts'
import { visitView } from './standing-duties.views.ts'
import { type VisitRow, visitsRepository } from './visits.repository.ts'
import { beginOf, canBeFiled, dueOn, type VisitAnswer } from './visits.rules.ts'

const MINUTE = 60_000

export interface Filed {
  state: VisitAnswer
  note?: string | undefined
  minutes?: number | undefined
}

/** The visits of each day: written down, reported with a tick, chased, and told when they are missing. */
export function createVisits({ db, clock, notifications, plans }: HoldingDeps & { plans: Plans }) {
  const change = (visit: VisitRow, unitId: string, from: string): Change => ({
    action: `visit.${visit.state}`,
    subject: { type: 'visit', id: visit.id },
    unitId,
    from,
    to: visit.state,
    facts: { postId: visit.postId, volunteerId: visit.volunteerId, day: visit.localDay },
  })

  /** False when it is too late, too early, or the visit is no longer owed. */
  async function file(occasion: Occasion, id: string, { state, note, minutes }: Filed): Promise<boolean> {
    const { tx, actor, now } = occasion
    const found = await visitsRepository(tx).find(id)
    if (!found || !canBeFiled(found.visit, localDay(now, found.zone))) return false
    const [row] = await visitsRepository(tx).change(eq(visits.id, id), {
      state,
      note: note || null,
      minutes: minutes ?? null,
      filedAt: now,
      filedBy: `${actor.kind}:${actor.id}`,
    })
    await audit(tx, actor, now, change(row!, found.unitId, found.visit.state))
    if (state === 'problem') {
      await notifications.notify(occasion, [
        {
          unitId: found.unitId,
          template: 'visit-problem',
          subjectId: id,
          purpose: `visit-problem:${id}:${now.getTime()}`,
        },
      ])
    }
    return true
  }

  return {
    file,

    /** Writes down the visits of today and comes back at the next midnight. May be done any number of times. */
    async openDay(planId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const repository = standingRepository(tx)
        await repository.lockPlan(planId)
        const found = await repository.findPlan(planId)
        if (found?.plan.state !== 'active') return
        const { plan } = found
        const actor = worker(openVisitDay.name)
        const home = { id: plan.unitId, path: found.unitPath, zone: plan.zone }
        const today = localDay(now, plan.zone)
        if (plan.toOn !== null && today >= plan.toOn) {
          await plans.end({ tx, actor, now }, { plan, home }, 'the period of the plan is over')
          return
        }
        const dueAt = dueOn(plan, today)
        if (dueAt) {
          const duties = await repository.activeOn(planId, today)
          await visitsRepository(tx).insert(duties.map((duty) => visitOf(duty, today, dueAt)))
          const errand = (minutes: number) => ({
            payload: { planId, day: today },
            key: `${planId}/${today}`,
            dueAt: new Date(dueAt.getTime() + minutes * MINUTE),
          })
          await schedule(tx, chaseVisits, errand(plan.chaseAfterMinutes), now)
          await schedule(tx, missVisits, errand(plan.alarmAfterMinutes), now)
        }
        const next = beginOf(addLocalDays(today, 1), plan.zone)
        await schedule(tx, openVisitDay, { payload: { planId }, key: planId, dueAt: next }, now)
      })
    },

    /** Whoever has not reported is asked, once for all sites. */
    async chase(planId: string, day: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const late = await visitsRepository(tx).unreported(planId, day)
        const people = [...new Set(late.map((visit) => visit.volunteerId))]
        await notifications.notify(
          { tx, actor: worker(chaseVisits.name), now },
          people.map((volunteerId) => ({
            volunteerId,
            template: 'visits-missing',
            subjectId: planId,
            purpose: `visits-missing:${planId}:${day}`,
            params: { day },
          })),
        )
      })
    },

    /** What is still not reported is missing, and the responsible people of the unit hear of it. */
    async miss(planId: string, day: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const found = (await standingRepository(tx).findPlan(planId))!
        const owed = and(eq(visits.planId, planId), eq(visits.localDay, day), eq(visits.state, 'due'))
        const missing = await visitsRepository(tx).change(owed, { state: 'missing' })
        if (missing.length === 0) return
        const occasion = { tx, actor: worker(missVisits.name), now }
        await audit(tx, occasion.actor, now, ...missing.map((visit) => change(visit, found.plan.unitId, 'due')))
        await notifications.notify(occasion, [
          {
            unitId: found.plan.unitId,
            template: 'visits-alarm',
            subjectId: planId,
            purpose: `visits-alarm:${planId}:${day}`,
            params: { day },
          },
        ])
      })
    },

    async listVisits(actor: Actor, planId: string, query: z.output<typeof VisitList>) {
      await plans.getPlan(db, actor, planId)
      const rows = await visitsRepository(db).list(
        [
          eq(visits.planId, planId),
          query.day ? eq(visits.localDay, query.day) : undefined,
          query.state ? eq(visits.state, query.state) : undefined,
          query.volunteerId ? eq(visits.volunteerId, query.volunteerId) : undefined,
        ],
        keyset(query, { dueAt: visits.dueAt }, visits.id),
      )
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.visit.id })),
        (row) => row.visit.dueAt,
        visitView,
      )
    },

    /** How the visits of a day stand. */
    async showDay(actor: Actor, planId: string, query: z.output<typeof VisitDayQuery>) {
      const { plan } = await plans.getPlan(db, actor, planId)
      const day = query.day ?? localDay(clock.now(), plan.zone)
      const counts = await visitsRepository(db).counts(planId, day)
      const repository = standingRepository(db)
      const everKept = await repository.sitesEverKept(planId)
      const kept = await repository.liveDuties(eq(standingDuties.planId, planId))
      return {
        day,
        counts: Object.fromEntries(VISIT_STATES.map((state) => [state, counts.get(state) ?? 0])) as Record<
          (typeof VISIT_STATES)[number],
          number
        >,
        unkept: everKept - kept.length,
      }
    },

    /** An organizer writes down what a liaison has said. */
    async reportVisit(actor: Actor, id: string, report: z.output<typeof VisitReport>) {
      return db.transaction(async (tx) => {
        const found = await visitsRepository(tx).find(id)
        assertCovers(actor, found?.unitPath, () => standingProblems.visitUnknown(id))
        if (!(await file({ tx, actor, now: clock.now() }, id, report))) throw standingProblems.notNow()
        const [row] = await visitsRepository(tx).list([eq(visits.id, id)])
        return visitView(row!)
      })
    },
  }
}
