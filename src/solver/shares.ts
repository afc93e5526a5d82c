import { weekdayOf, weekOf } from './calendar.ts'
import { MEASURES, type Measured, measureOne } from './rules/measure.ts'
import { minutesInside } from './rules/spans.ts'
import type { Day, Measure, Person, Span } from './types.ts'

/** Something somebody could be called for. */
export interface OpenDuty extends Span, Measured {
  seats: number
}

/**
 * The duties somebody can serve: those that no absence and no unavailable time touches and that lie in the time they
 * offered, where they offered any.
 */
export function servable(
  { availability = [], absences = [] }: Pick<Person, 'availability' | 'absences'>,
  duties: readonly OpenDuty[],
): OpenDuty[] {
  const barred: Span[] = [...absences, ...availability.filter(({ kind }) => kind === 'unavailable')]
  const isBound = availability.some(({ kind }) => kind === 'available')
  const offered = joined(availability.filter(({ kind }) => kind === 'available' || kind === 'preferred'))
  return duties.filter(
    ({ start, end }) =>
      !barred.some((span) => span.start < end && span.end > start) &&
      (!isBound || offered.some((span) => span.start <= start && span.end >= end)),
  )
}

/** What all seats of these duties add up to. */
const loadOf = (measure: Measure, duties: readonly OpenDuty[]): number =>
  duties.reduce((sum, duty) => sum + measureOne(measure, duty) * duty.seats, 0)

/** Part (0 to 1) of the load of `all` that `some` of them make; undefined where there is no such load. */
export function partOf(measure: Measure, some: readonly OpenDuty[], all: readonly OpenDuty[]): number | undefined {
  const whole = loadOf(measure, all)
  return whole === 0 ? undefined : loadOf(measure, some) / whole
}

/** Spans that touch as one. */
function joined(spans: Span[]): Span[] {
  const result: Span[] = []
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else result.push({ start, end })
  }
  return result
}

/** A day that is past. `weight`: what all together served on it, decayed. */
export interface PastDay extends Span {
  weight: number
}

/** Part (0 to 1) of what was served on these days that fell to the time in which somebody was not away. 1 without any. */
export function presentPart(away: Span[], days: readonly PastDay[]): number {
  const total = days.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return 1
  const missed = days.reduce(
    (sum, { start, end, weight }) => sum + (weight * minutesInside(away, start, end)) / (end - start),
    0,
  )
  return 1 - missed / total
}

/** How much a load counts that is so many days old: half with every half-life, so that no debt lasts for ever. */
export const decay = (days: number, halfLifeDays: number): number => 0.5 ** (Math.max(0, days) / halfLifeDays)

/** What justice needs to know of a duty that was served. */
export type ServedDuty = Measured['facts'] & { day: Day; minutes: number }

/**
 * Load that one person carries into a period that begins on `at`, in every measure, for `Person.carriedIn`; duties come
 * in order of their days. Duties on or after `at` count in full.
 */
export function carriedLoad(
  duties: readonly ServedDuty[],
  at: Day,
  halfLifeDays: number,
): Partial<Record<Measure, number>> {
  const sums: Partial<Record<Measure, number>> = {}
  let before: Day | undefined
  let weekendBefore: number | undefined
  for (const facts of duties) {
    const factor = decay(at - facts.day, halfLifeDays)
    const duty = { minutes: facts.minutes, weekday: weekdayOf(facts.day), facts }
    const week = weekOf(facts.day)
    for (const measure of MEASURES) {
      if (measure === 'days' && facts.day === before) continue
      if (measure === 'weekends' && week === weekendBefore) continue
      const amount = measureOne(measure, duty)
      if (amount !== 0) sums[measure] = (sums[measure] ?? 0) + amount * factor
    }
    before = facts.day
    if (measureOne('weekends', duty) > 0) weekendBefore = week
  }
  return sums
}
