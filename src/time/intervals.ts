/** Half-open: `startsAt` is in, `endsAt` is out. Whatever has both, a shift or a segment, is an interval. */
export interface Interval {
  startsAt: Date
  endsAt: Date
}

const MINUTE = 60_000

/** Nothing at all: it ends where it starts, or before. */
export const isEmpty = (interval: Interval): boolean => !(interval.startsAt < interval.endsAt)

export const contains = (interval: Interval, instant: Date): boolean =>
  interval.startsAt <= instant && instant < interval.endsAt

/** One that ends when the other starts does not overlap it; an empty one overlaps nothing. */
export const overlaps = (a: Interval, b: Interval): boolean => intersect(a, b) !== undefined

export function intersect(a: Interval, b: Interval): Interval | undefined {
  const common = { startsAt: later(a.startsAt, b.startsAt), endsAt: earlier(a.endsAt, b.endsAt) }
  return isEmpty(common) ? undefined : common
}

/** Sorted and disjoint; those that touch become one, empty ones go. */
export function merge(intervals: Iterable<Interval>): Interval[] {
  const merged: Interval[] = []
  for (const next of [...intervals].filter((interval) => !isEmpty(interval)).sort(byStart)) {
    const last = merged.at(-1)
    if (last && next.startsAt <= last.endsAt) last.endsAt = later(last.endsAt, next.endsAt)
    else merged.push({ startsAt: next.startsAt, endsAt: next.endsAt })
  }
  return merged
}

/** What is in both lists; sorted and disjoint. */
export function intersectAll(some: Iterable<Interval>, others: Iterable<Interval>): Interval[] {
  const left = merge(some)
  const right = merge(others)
  const common: Interval[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const a = left[i]!
    const b = right[j]!
    const both = intersect(a, b)
    if (both) common.push(both)
    if (a.endsAt < b.endsAt) i += 1
    else j += 1
  }
  return common
}

/** What is in `from` and in none of `taken`; sorted and disjoint. */
export function subtract(from: Iterable<Interval>, taken: Iterable<Interval>): Interval[] {
  const holes = merge(taken)
  return merge(from).flatMap((whole) => {
    const rest: Interval[] = []
    let startsAt = whole.startsAt
    for (const hole of holes) {
      if (hole.endsAt <= startsAt || hole.startsAt >= whole.endsAt) continue
      rest.push({ startsAt, endsAt: hole.startsAt })
      startsAt = hole.endsAt
    }
    rest.push({ startsAt, endsAt: whole.endsAt })
    return rest.filter((piece) => !isEmpty(piece))
  })
}

/** Is every instant of `interval` in one of `cover`? */
export const isCovered = (interval: Interval, cover: Iterable<Interval>): boolean =>
  subtract([interval], cover).length === 0

/** Whole elapsed minutes; a begun minute does not count. Negative when `to` comes first. */
export const minutesBetween = (from: Date, to: Date): number => Math.trunc((to.getTime() - from.getTime()) / MINUTE)

export const minutesOf = (interval: Interval): number => minutesBetween(interval.startsAt, interval.endsAt)

export const earlier = (a: Date, b: Date): Date => (a <= b ? a : b)
export const later = (a: Date, b: Date): Date => (a >= b ? a : b)

const byStart = (a: Interval, b: Interval): number => a.startsAt.getTime() - b.startsAt.getTime()
