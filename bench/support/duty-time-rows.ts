/** Rows of the programme about one person's time: one duty at once, rest, limits, days in a row. */
import type { Shift } from '../../src/solver/index.ts'
import type { DutyRules } from './duty-rules.ts'

export type Term = [variable: number, factor: number]

export interface Row {
  low: number
  high: number
  terms: Term[]
}

/** A shift that is served when the variable is 1. */
export interface Chance {
  variable: number
  shift: Shift
}

/** `binary` makes a further variable of 0 or 1. */
export function timeRows(rules: DutyRules, chances: readonly Chance[], binary: () => number): Row[] {
  return [...restRows(rules, chances), ...limitRows(rules, chances), ...runRows(rules, chances, binary)]
}

/** Of duties that run, rest included, at one moment, at most one is served. */
function restRows({ rests }: DutyRules, chances: readonly Chance[]): Row[] {
  const overlap = { sees: () => true, after: () => 0 }
  const all = rests.some(({ isGeneral }) => isGeneral) ? rests : [overlap, ...rests]
  return all.flatMap(({ sees, after }) => {
    const spans = chances
      .filter(({ shift }) => sees(shift))
      .map(({ variable, shift }) => ({ variable, start: shift.startsAt, end: shift.endsAt + after(shift) }))
      .sort((a, b) => a.start - b.start)
    const starts = [...new Set(spans.map(({ start }) => start))]
    return starts.flatMap((start, i): Row[] => {
      const running = spans.filter((span) => span.start <= start && start < span.end)
      const later = starts[i + 1]
      const isWithinNext = later !== undefined && running.every(({ end }) => end > later)
      if (running.length < 2 || isWithinNext) return []
      return [{ low: 0, high: 1, terms: running.map(({ variable }): Term => [variable, 1]) }]
    })
  })
}

function limitRows({ limits }: DutyRules, chances: readonly Chance[]): Row[] {
  const days = new Set(chances.map(({ shift }) => shift.day))
  return limits.flatMap((limit) =>
    [...days].flatMap((day): Row[] => {
      const sizes = new Map<number, number>()
      for (const { variable, shift } of chances) {
        if (shift.day < day || shift.day >= day + limit.days) continue
        sizes.set(variable, (sizes.get(variable) ?? 0) + (limit.measure === 'shifts' ? 1 : shift.minutes))
      }
      const most = [...sizes.values()].reduce((sum, size) => sum + size, 0)
      return most > limit.max ? [{ low: 0, high: limit.max, terms: [...sizes] }] : []
    }),
  )
}

/** Too long a run has a day of duty on each of `max` + 1 neighbouring days. */
function runRows({ runs }: DutyRules, chances: readonly Chance[], binary: () => number): Row[] {
  return runs.flatMap(({ sees, max }) => {
    const onDay = Map.groupBy(
      chances.filter(({ shift }) => sees(shift)),
      ({ shift }) => shift.day,
    )
    const works = new Map<number, number>()
    const rows: Row[] = []
    for (const first of onDay.keys()) {
      const days = Array.from({ length: max + 1 }, (_, k) => first + k)
      if (!days.every((day) => onDay.has(day))) continue
      for (const day of days) {
        if (works.has(day)) continue
        const served = binary()
        works.set(day, served)
        for (const { variable } of onDay.get(day)!)
          rows.push({
            low: 0,
            high: 1,
            terms: [
              [served, 1],
              [variable, -1],
            ],
          })
      }
      rows.push({ low: 0, high: max, terms: days.map((day): Term => [works.get(day)!, 1]) })
    }
    return rows
  })
}
