import { type Interval, intersect, subtract } from '../../time/intervals.ts'
import type { SHIFT_KINDS } from '../posts/posts.tables.ts'
import type { SegmentKind } from './segments.rules.ts'

/** Somebody at a post, for a stretch of time. */
export interface Stay extends Interval {
  assignmentId: string
  volunteerId: string
  volunteerName: string
  kind: SegmentKind
}

/** A stretch in which the same people were there. */
export interface Stretch extends Interval {
  people: Omit<Stay, 'startsAt' | 'endsAt'>[]
}

export interface PresenceGap extends Interval {
  /** Somebody was to be there by the plan. */
  planned: boolean
}

/** Time of this kind, in a shift of that kind, is spent at the post; whoever was planned as standby may wait anywhere. */
export const isThere = (kind: SegmentKind, plannedKind: (typeof SHIFT_KINDS)[number]): boolean =>
  kind !== 'travel' && !(kind === 'standby' && plannedKind === 'standby')

/** Who was there at every instant of the window: one stretch after the other, without holes. */
export function stretchesOf(window: Interval, stays: Stay[]): Stretch[] {
  const inside = stays.flatMap((stay) => {
    const common = intersect(window, stay)
    return common ? [{ ...stay, ...common }] : []
  })
  const edges = [window, ...inside].flatMap((one) => [one.startsAt.getTime(), one.endsAt.getTime()])
  const cuts = [...new Set(edges)].sort((one, other) => one - other)
  return cuts.slice(0, -1).map((at, index) => {
    const [startsAt, endsAt] = [new Date(at), new Date(cuts[index + 1]!)]
    const people = inside
      .filter((stay) => stay.startsAt <= startsAt && stay.endsAt >= endsAt)
      .map(({ assignmentId, volunteerId, volunteerName, kind }) => ({ assignmentId, volunteerId, volunteerName, kind }))
    return { startsAt, endsAt, people }
  })
}

/** When nobody was there, apart by whether somebody was to be. */
export function emptyTimes(window: Interval, stays: Interval[], shifts: Interval[]): PresenceGap[] {
  const empty = subtract([window], stays)
  const unplanned = subtract(empty, shifts)
  const planned = subtract(empty, unplanned)
  return [
    ...planned.map((gap) => ({ ...gap, planned: true })),
    ...unplanned.map((gap) => ({ ...gap, planned: false })),
  ].sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime())
}
