import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysSpanned, everyDay, hoursOf, largest } from '../../../src/modules/hours-charts/hours-charts.rules.ts'

const others = (count: number) => `${count} others`

test('the largest come first, and nothing is lost in what is put together', () => {
  const sums = fc.array(fc.record({ name: fc.string(), minutes: fc.nat(10_000), nightMinutes: fc.nat(1_000) }), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(sums, fc.integer({ min: 1, max: 10 }), (given, most) => {
      const shown = largest(given, most, others)
      expect(shown.length).toBe(Math.min(given.length, most + 1))
      for (const key of ['minutes', 'nightMinutes'] as const) {
        const total = (list: typeof shown) => list.reduce((sum, one) => sum + one[key], 0)
        expect(total(shown)).toBe(total(given))
      }
      const single = shown.slice(0, most).map((one) => one.minutes)
      expect(single).toEqual(
        given
          .map((one) => one.minutes)
          .sort((a, b) => b - a)
          .slice(0, most),
      )
    }),
  )
  expect(
    largest(
      [1, 2, 3].map((minutes) => ({ name: 'P', minutes, nightMinutes: 0 })),
      1,
      others,
    )[1]!.name,
  ).toBe('2 others')
})

test('a chart of days has every day of its period once', () => {
  const days = [
    { day: '2026-02-27', minutes: 60, plannedMinutes: 90 },
    { day: '2026-03-02', minutes: 30, plannedMinutes: 30 },
  ]
  expect(everyDay(days, undefined, undefined).map((one) => [one.day, one.minutes])).toEqual([
    ['2026-02-27', 60],
    ['2026-02-28', 0],
    ['2026-03-01', 0],
    ['2026-03-02', 30],
  ])
  expect(everyDay(days, '2026-02-26', '2026-02-28').map((one) => one.minutes)).toEqual([0, 60])
  expect(everyDay([], undefined, undefined)).toEqual([])
  expect(daysSpanned([], '2026-01-01', '2027-01-01')).toBe(365)
})

test('hours are never below zero', () => {
  expect([hoursOf(90), hoursOf(0), hoursOf(-5)]).toEqual([1.5, 0, 0])
})
