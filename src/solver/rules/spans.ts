import type { Model } from '../model.ts'
import type { Span } from '../types.ts'
import type { PairCheck } from './rule.ts'

/** Minutes of [start, end) inside a list of spans, overlaps counted once. */
export function minutesInside(spans: Span[], start: number, end: number): number {
  const inside = spans
    .filter((span) => span.start < end && span.end > start)
    .sort((a, b) => a.start - b.start || a.end - b.end)
  let sum = 0
  let reached = start
  for (const span of inside) {
    const from = Math.max(reached, span.start)
    const to = Math.min(end, span.end)
    if (to > from) sum += to - from
    reached = Math.max(reached, to)
  }
  return sum
}

/** One point for a slot that touches a span; observed: minutes inside. */
export function touchesSpans(model: Model, spansOf: (person: number) => Span[]): PairCheck {
  const spans = model.people.map((_person, i) => spansOf(i))
  return {
    concerns: (person) => spans[person]!.length > 0,
    visit(person, slot, report) {
      const { start, end } = model.duties[slot]!
      if (!spans[person]!.some((span) => span.start < end && span.end > start)) return
      report(1, minutesInside(spans[person]!, start, end), 0)
    },
  }
}
