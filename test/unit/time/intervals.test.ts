import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contains,
  earlier,
  type Interval,
  intersect,
  intersectAll,
  isCovered,
  isEmpty,
  later,
  merge,
  minutesBetween,
  minutesOf,
  overlaps,
  subtract,
} from '../../../src/time/intervals.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 4, 1) + hour * 3_600_000)
const span = (from: number, to: number): Interval => ({ startsAt: at(from), endsAt: at(to) })

test('one that ends when the other starts does not overlap it', () => {
  expect(overlaps(span(8, 16), span(16, 24))).toBe(false)
  expect(overlaps(span(8, 16), span(15, 24))).toBe(true)
  expect(overlaps(span(8, 16), span(0, 24))).toBe(true)
  expect(overlaps(span(10, 10), span(8, 16))).toBe(false)
})

test('the start is in, the end is out', () => {
  expect([8, 12, 16].map((hour) => contains(span(8, 16), at(hour)))).toEqual([true, true, false])
  expect(contains(span(8, 16), at(7))).toBe(false)
})

test('what two have in common', () => {
  expect(intersect(span(8, 16), span(12, 20))).toEqual(span(12, 16))
  expect(intersect(span(8, 16), span(16, 20))).toBeUndefined()
  expect(intersectAll([span(0, 4), span(8, 16)], [span(2, 9), span(10, 11), span(15, 20)])).toEqual([
    span(2, 4),
    span(8, 9),
    span(10, 11),
    span(15, 16),
  ])
})

test('those that touch are merged, empty ones go, and the given ones stay as they were', () => {
  const given = [span(16, 20), span(0, 4), span(5, 5), span(4, 8), span(1, 2)]
  expect(merge(given)).toEqual([span(0, 8), span(16, 20)])
  expect(given[1]).toEqual(span(0, 4))
})

test('what is taken away leaves the pieces round it', () => {
  expect(subtract([span(0, 24)], [span(8, 10), span(9, 12), span(20, 30)])).toEqual([span(0, 8), span(12, 20)])
  expect(subtract([span(8, 16)], [span(0, 8), span(16, 24)])).toEqual([span(8, 16)])
  expect(subtract([span(8, 16)], [span(8, 16)])).toEqual([])
  expect(subtract([span(0, 8), span(16, 24)], [span(4, 20)])).toEqual([span(0, 4), span(20, 24)])
})

test('covered by several that follow one another, not with a hole between them', () => {
  expect(isCovered(span(8, 16), [span(12, 20), span(0, 12)])).toBe(true)
  expect(isCovered(span(8, 16), [span(0, 11), span(12, 20)])).toBe(false)
})

test('minutes are whole, and a begun one does not count', () => {
  expect(minutesOf(span(8, 16))).toBe(480)
  expect(minutesBetween(new Date('2026-05-01T08:00:00Z'), new Date('2026-05-01T08:01:59.999Z'))).toBe(1)
  expect(minutesBetween(at(9), at(8))).toBe(-60)
})

test('earlier and later', () => {
  expect(earlier(at(1), at(2))).toEqual(at(1))
  expect(later(at(1), at(2))).toEqual(at(2))
})

test('an interval that ends before it starts is empty', () => {
  expect([span(8, 16), span(8, 8), span(16, 8)].map(isEmpty)).toEqual([false, true, true])
})

describe('hour by hour', () => {
  const spans = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }))
      .map(([from, long]) => span(from, from + long)),
    { maxLength: 8 },
  )
  const hours = (list: Interval[]) =>
    Array.from({ length: 50 }, (_, hour) => list.some((interval) => contains(interval, at(hour))))

  test('merging, common parts and rests are what the hours say, sorted and disjoint', () => {
    fc.assert(
      fc.property(spans, spans, (some, others) => {
        const inSome = hours(some)
        const inOthers = hours(others)
        expect(hours(merge(some))).toEqual(inSome)
        expect(hours(intersectAll(some, others))).toEqual(inSome.map((yes, i) => yes && inOthers[i]))
        expect(hours(subtract(some, others))).toEqual(inSome.map((yes, i) => yes && !inOthers[i]))
        for (const list of [merge(some), intersectAll(some, others), subtract(some, others)]) {
          expect(list.some(isEmpty)).toBe(false)
          expect(list.every((interval, i) => i === 0 || list[i - 1]!.endsAt <= interval.startsAt)).toBe(true)
        }
      }),
      { seed: 3, numRuns: 300 },
    )
  })
})
