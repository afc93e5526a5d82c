import { type Interval, intersectAll } from './intervals.ts'
import { type LengthText, nominalMinutes, shiftEnd } from './lengths.ts'
import { occurrences, type Recurrence } from './recurrence.ts'
import { addLocalDays, type LocalDateTime, localDay, wallToInstant } from './zones.ts'

/** "Every Tuesday from 18:00, four hours". */
export type RecurringSpan = Recurrence & { kind: 'recurring'; length: LengthText; zone: string }

/** "From the 3rd, 08:00, to the 10th, 20:00", by the wall clock. */
export interface OnceSpan {
  kind: 'once'
  from: LocalDateTime
  to: LocalDateTime
  zone: string
}

export type AvailabilitySpan = RecurringSpan | OnceSpan

/**
 * The instants a span covers within the window; sorted, disjoint, cut at the window's edges. What began before the
 * window counts.
 * @throws RangeError for an unknown zone or length, a span that ends before it begins, a window of over ten years
 */
export function expandAvailability(span: AvailabilitySpan, window: Interval): Interval[] {
  return intersectAll(span.kind === 'once' ? [onceInterval(span)] : recurringIntervals(span, window), [window])
}

function onceInterval({ from, to, zone }: OnceSpan): Interval {
  const interval = { startsAt: wallToInstant(from, zone, 'start'), endsAt: wallToInstant(to, zone, 'end') }
  if (to <= from) throw new RangeError(`From ${from} to ${to} is no time at all.`)
  return interval
}

function recurringIntervals(span: RecurringSpan, window: Interval): Interval[] {
  const daysLong = Math.ceil(nominalMinutes(span.length) / 1440)
  // One day more on either side, as skipped and repeated hours move an edge over midnight.
  const from = addLocalDays(localDay(window.startsAt, span.zone), -daysLong - 1)
  const to = addLocalDays(localDay(window.endsAt, span.zone), 2)
  return occurrences(span, from, to).map((start) => shiftEnd(start, span.zone, span.length))
}
