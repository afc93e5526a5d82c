import { and, eq, gt, lt } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { expandAvailability } from '../../time/availability.ts'
import { type Interval, intersectAll } from '../../time/intervals.ts'
import { shiftEnd } from '../../time/lengths.ts'
import { ruleOf } from '../../time/recurrence.ts'
import { dateOf } from '../../time/zones.ts'
import { units } from '../organisation/organisation.tables.ts'
import { anyOf, type VolunteerRow } from './volunteers.repository.ts'
import { absences, availabilities, volunteerQualifications, volunteers } from './volunteers.tables.ts'

export type AvailabilityRow = typeof availabilities.$inferSelect

/** All that decides whether somebody can serve, cut to a window. `validTo` is the first day without. */
export interface VolunteerFacts {
  row: VolunteerRow
  unitPath: string
  qualifications: { id: string; validFrom: string | null; validTo: string | null }[]
  availability: { kind: AvailabilityRow['kind']; startsAt: Date; endsAt: Date; weight: number }[]
  absences: { kind: (typeof absences.$inferSelect)['kind']; startsAt: Date; endsAt: Date }[]
}

/** Facts of any number of people in four queries; unknown ids have no entry. */
export async function factsOf(
  handle: Handle,
  volunteerIds: string[],
  window: { from: Date; to: Date },
): Promise<Map<string, VolunteerFacts>> {
  const people = await handle
    .select({ row: volunteers, unitPath: units.path })
    .from(volunteers)
    .innerJoin(units, eq(units.id, volunteers.unitId))
    .where(anyOf(volunteers.id, volunteerIds))
  const facts = new Map<string, VolunteerFacts>(
    people.map((one) => [one.row.id, { ...one, qualifications: [], availability: [], absences: [] }]),
  )
  const held = volunteerQualifications
  for (const one of await handle.select().from(held).where(anyOf(held.volunteerId, volunteerIds))) {
    const { qualificationId: id, validFrom, validTo } = one
    facts.get(one.volunteerId)?.qualifications.push({ id, validFrom, validTo })
  }
  const away = await handle
    .select()
    .from(absences)
    .where(
      and(
        anyOf(absences.volunteerId, volunteerIds),
        lt(absences.startsAt, window.to),
        gt(absences.endsAt, window.from),
      ),
    )
  for (const { volunteerId, kind, startsAt, endsAt } of away) {
    facts.get(volunteerId)?.absences.push({ kind, startsAt, endsAt })
  }
  const spans = await handle.select().from(availabilities).where(anyOf(availabilities.volunteerId, volunteerIds))
  const expand = expander({ startsAt: window.from, endsAt: window.to })
  for (const span of spans) {
    const { kind, weight } = span
    facts.get(span.volunteerId)?.availability.push(...expand(span).map((interval) => ({ kind, weight, ...interval })))
  }
  return facts
}

/** Many people keep the same hours, so equal spans are expanded once. */
function expander(window: Interval) {
  const known = new Map<string, Interval[]>()
  return (row: AvailabilityRow): Interval[] => {
    const key = [row.rule, row.startLocal, row.length, row.zone, row.untilOn].join('|')
    let intervals = known.get(key)
    if (!intervals) {
      intervals = intervalsOf(row, window)
      known.set(key, intervals)
    }
    return intervals
  }
}

/** A single time keeps its exact length, so it is cut by itself and not by what the clock shows at its end. */
function intervalsOf({ rule, startLocal, length, zone, untilOn }: AvailabilityRow, window: Interval): Interval[] {
  if (rule === null) return intersectAll([shiftEnd(startLocal, zone, length)], [window])
  const effectiveFrom = dateOf(startLocal)
  const recurrence = { rule: ruleOf(rule), dtstart: startLocal, effectiveFrom, effectiveTo: untilOn ?? undefined }
  return expandAvailability({ kind: 'recurring', ...recurrence, length, zone }, window)
}
