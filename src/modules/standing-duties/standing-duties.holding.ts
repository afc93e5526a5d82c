import { and, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import { audit, type Change } from '../../platform/audit/audit.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { localDay } from '../../time/zones.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { divide } from './division.rules.ts'
import { type DutyRow, standingRepository } from './standing-duties.repository.ts'
import { LIVE_DUTY, standingDuties } from './standing-duties.tables.ts'
import { proposeTeam } from './teams.rules.ts'
import { visitsRepository } from './visits.repository.ts'
import { dueOn } from './visits.rules.ts'

export interface HoldingDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
}

/** The unit a plan or a case belongs to, and the zone its days are counted in. */
export interface Home {
  id: string
  path: string
  zone: string
}

/** One duty to be given. */
export interface Given {
  subject: { planId: string; postId: string } | { caseId: string }
  role: string
  volunteerId: string
  fromOn: string
  toOn: string | null
}

export const dutyChange = (duty: DutyRow, unitId: string, from?: string): Change => ({
  action: `standing-duty.${from ? duty.state : 'given'}`,
  subject: { type: 'standing-duty', id: duty.id },
  unitId,
  ...(from ? { from } : {}),
  to: duty.state,
  reason: duty.reason ?? undefined,
  facts: {
    planId: duty.planId,
    postId: duty.postId,
    caseId: duty.caseId,
    role: duty.role,
    volunteerId: duty.volunteerId,
  },
})

/** How duties begin, are answered, end and pass on; each change one audit row, all in somebody's transaction. */
export function createHolding({ organisation, notifications }: HoldingDeps) {
  /** Visits of today for duties that have just become active, where they are still to come. */
  async function joinToday(tx: Tx, duties: DutyRow[], now: Date): Promise<void> {
    for (const [planId, own] of Map.groupBy(duties, (duty) => duty.planId)) {
      if (planId === null) continue
      const { plan } = (await standingRepository(tx).findPlan(planId))!
      const today = localDay(now, plan.zone)
      const dueAt = dueOn(plan, today)
      if (!dueAt || dueAt <= now) continue
      const wanted = own.filter((duty) => duty.fromOn <= today)
      await visitsRepository(tx).insert(wanted.map((duty) => visitOf(duty, today, dueAt)))
    }
  }

  async function askFor(occasion: Occasion, duties: DutyRow[]): Promise<void> {
    const people = [...new Set(duties.map((duty) => duty.volunteerId))]
    await notifications.notify(
      occasion,
      people.map((volunteerId) => ({
        volunteerId,
        template: 'standing-duties',
        subjectId: volunteerId,
        purpose: `standing-duties:${duties.find((duty) => duty.volunteerId === volunteerId)!.id}`,
      })),
    )
  }

  /** Said once, however many duties of one person end together. */
  async function thank(occasion: Occasion, ended: DutyRow[]): Promise<void> {
    const firstOf = new Map(ended.toReversed().map((duty) => [duty.volunteerId, duty.id]))
    await notifications.notify(
      occasion,
      [...firstOf].map(([volunteerId, id]) => ({
        volunteerId,
        template: 'standing-duty-ended',
        subjectId: id,
        purpose: `standing-duty-ended:${id}`,
      })),
    )
  }

  /**
   * Gives duties and asks once for all that one person gets. Nobody is made a liaison by force: a volunteer's duty
   * waits for a yes; where a unit has said so, people of other classes hold theirs unless they object.
   */
  async function give(occasion: Occasion, unit: Home, given: Given[]): Promise<DutyRow[]> {
    const { tx, actor, now } = occasion
    if (given.length === 0) return []
    const repository = standingRepository(tx)
    const policy = await organisation.policyOf(unit, tx)
    const ids = [...new Set(given.map((one) => one.volunteerId))]
    const people = await repository.people({ ids }, localDay(now, unit.zone))
    const classOf = new Map(people.map((person) => [person.id, person.personClass]))
    const rows = await repository.insertDuties(
      given.map(({ subject, ...one }) => {
        const personClass = classOf.get(one.volunteerId) ?? 'volunteer'
        const implied = personClass !== 'volunteer' && (policy.confirmation[personClass] ?? 'explicit') !== 'explicit'
        const state = implied ? ('active' as const) : ('proposed' as const)
        return { ...one, ...subject, id: newId(), state, createdAt: now, updatedAt: now }
      }),
    )
    await audit(tx, actor, now, ...rows.map((row) => dutyChange(row, unit.id)))
    await askFor(occasion, rows)
    await joinToday(
      tx,
      rows.filter((row) => row.state === 'active'),
      now,
    )
    return rows
  }

  /** Changes duties that are live; visits still owed end with them. */
  async function settle(
    occasion: Occasion,
    unit: Pick<Home, 'id' | 'zone'>,
    condition: SQL,
    to: 'active' | 'declined' | 'withdrawn' | 'ended',
    reason?: string,
  ): Promise<DutyRow[]> {
    const { tx, actor, now } = occasion
    const repository = standingRepository(tx)
    const before = new Map((await repository.liveDuties(condition)).map((duty) => [duty.id, duty]))
    const ids = [...before.values()].filter((duty) => duty.state !== to).map((duty) => duty.id)
    if (ids.length === 0) return []
    const live = and(inArray(standingDuties.id, ids), inArray(standingDuties.state, [...LIVE_DUTY]))
    const changed = await repository.changeDuties(live, {
      state: to,
      updatedAt: now,
      ...(to === 'ended' ? {} : { decidedAt: now }),
      ...(to === 'ended' || to === 'withdrawn'
        ? { toOn: sql`greatest(${standingDuties.fromOn}, ${localDay(now, unit.zone)}::date)` }
        : {}),
      ...(reason ? { reason } : {}),
    })
    await audit(tx, actor, now, ...changed.map((row) => dutyChange(row, unit.id, before.get(row.id)!.state)))
    if (to === 'active') await joinToday(tx, changed, now)
    else await visitsRepository(tx).cancelOf(ids)
    if (to === 'ended') await thank(occasion, changed)
    return changed
  }

  /** The next best for a site or a role, among those who were not asked for it yet. */
  async function successorOf(tx: Tx, unit: Home, duty: DutyRow, now: Date): Promise<string | undefined> {
    const repository = standingRepository(tx)
    const today = localDay(now, unit.zone)
    if (duty.caseId) {
      const found = (await repository.findCase(duty.caseId))!
      const asked = await repository.everAsked(eq(standingDuties.caseId, duty.caseId))
      const role = found.case.roles.find((one) => one.role === duty.role)
      const people = await repository.people({ unitPath: `/${found.unitPath.split('/')[1]}/` }, today)
      const free = people.filter((person) => !asked.has(person.id))
      return role && proposeTeam([role], free, found.unitPath).get(role.role)
    }
    const asked = await repository.everAsked(eq(standingDuties.postId, duty.postId!))
    const others = await repository.liveDuties(
      and(eq(standingDuties.planId, duty.planId!), ne(standingDuties.volunteerId, duty.volunteerId))!,
    )
    const ids = [...new Set(others.map((one) => one.volunteerId))].filter((id) => !asked.has(id))
    const [site] = await repository.sites('/', [duty.postId!], [])
    if (!site || ids.length === 0) return undefined
    const people = await repository.people({ ids }, today)
    const least = Math.min(...people.map((person) => person.load))
    return divide(
      [site],
      people.filter((person) => person.load <= least + 1).map((one) => ({ ...one, load: 0 })),
    ).get(site.id)
  }

  /** Somebody else takes over; the others of the team or plan are not touched. */
  async function passOn(
    occasion: Occasion,
    unit: Home,
    duty: DutyRow,
    volunteerId?: string,
  ): Promise<DutyRow | undefined> {
    const { tx, now } = occasion
    const next = volunteerId ?? (await successorOf(tx, unit, duty, now))
    if (next === undefined) {
      await notifications.notify(occasion, [
        {
          unitId: unit.id,
          template: 'standing-duty-open',
          subjectId: duty.id,
          purpose: `standing-duty-open:${duty.id}`,
        },
      ])
      return undefined
    }
    const subject = duty.caseId ? { caseId: duty.caseId } : { planId: duty.planId!, postId: duty.postId! }
    const today = localDay(now, unit.zone)
    const fromOn = duty.fromOn > today ? duty.fromOn : today
    const [given] = await give(occasion, unit, [
      { subject, role: duty.role, volunteerId: next, fromOn, toOn: duty.toOn },
    ])
    return given
  }

  return { give, settle, passOn }
}

export type Holding = ReturnType<typeof createHolding>

export const visitOf = (duty: DutyRow, day: string, dueAt: Date) => ({
  id: newId(),
  dutyId: duty.id,
  planId: duty.planId!,
  postId: duty.postId!,
  volunteerId: duty.volunteerId,
  localDay: day,
  dueAt,
  state: 'due' as const,
})
