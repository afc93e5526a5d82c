import type { LocalDate } from '../../time/zones.ts'

/** Days from `from` up to, not including, `to`. */
export interface DateSpan {
  from: LocalDate
  to: LocalDate
}

/** The ends of time, for spans without a first or last day. */
export const BEGINNING = '0000-01-01'
export const END = '9999-12-31'

export const toSpan = (from: LocalDate | null, to: LocalDate | null): DateSpan => ({
  from: from ?? BEGINNING,
  to: to ?? END,
})

const later = (a: LocalDate, b: LocalDate) => (a > b ? a : b)
const earlier = (a: LocalDate, b: LocalDate) => (a < b ? a : b)
const isDay = ({ from, to }: DateSpan) => from < to

/** Days in both. */
export const intersectSpans = (some: DateSpan[], others: DateSpan[]): DateSpan[] =>
  some.flatMap((a) => others.map((b) => ({ from: later(a.from, b.from), to: earlier(a.to, b.to) }))).filter(isDay)

/** Days of `spans` that are in none of `holes`. */
export const subtractSpans = (spans: DateSpan[], holes: DateSpan[]): DateSpan[] =>
  holes.reduce(
    (rest, hole) =>
      rest
        .flatMap(({ from, to }) => [
          { from, to: earlier(to, hole.from) },
          { from: later(from, hole.to), to },
        ])
        .filter(isDay),
    spans,
  )

/** Sorted; those that touch or overlap become one. */
export function mergeSpans(spans: DateSpan[]): DateSpan[] {
  const merged: DateSpan[] = []
  for (const span of [...spans].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1)
    if (last && span.from <= last.to) last.to = later(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}
