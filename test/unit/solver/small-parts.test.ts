import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hoursText, isoDate, monthOf, weekdayOf, weekOf } from '../../../src/solver/calendar.ts'
import { defaultRules, withRules } from '../../../src/solver/index.ts'
import { createRandom } from '../../../src/solver/random.ts'
import { kilometresBetween } from '../../../src/solver/rules/distance.ts'
import { minutesInside } from '../../../src/solver/rules/spans.ts'
import { LoadQueue } from '../../../src/solver/search/load-queue.ts'
import { leastCostAssignment } from '../../../src/solver/search/permute.ts'

describe('calendar', () => {
  test('days, weeks and months agree with the platform over eight centuries', () => {
    fc.assert(
      fc.property(fc.integer({ min: -146_097, max: 146_097 }), (day) => {
        const date = new Date(day * 86_400_000)
        expect(isoDate(day)).toBe(date.toISOString().slice(0, 10))
        expect(weekdayOf(day)).toBe(date.getUTCDay() || 7)
        expect(monthOf(day)).toBe(date.getUTCFullYear() * 12 + date.getUTCMonth())
        expect(weekOf(day) === weekOf(day + 1)).toBe(weekdayOf(day) !== 7)
      }),
    )
  })

  test('lengths in words', () => {
    expect([0, 45, 60, 690, -90].map(hoursText)).toEqual(['0 min', '45 min', '1 h', '11 h 30 min', '-1 h 30 min'])
  })
})

test('rules with the same id are replaced, others added', () => {
  const mine = { id: 'minimum-rest', rule: 'minimum-rest', params: { minutes: 480 }, strength: 'hard' } as const
  const extra = { id: 'mine', rule: 'grade', params: {}, strength: { weight: 2 } } as const
  const rules = withRules(defaultRules(), [mine, extra])
  expect(rules).toHaveLength(defaultRules().length + 1)
  expect(rules.filter((rule) => rule.id === 'minimum-rest')).toEqual([mine])
})

test('spans that overlap count once', () => {
  const spans = [
    { start: 10, end: 20 },
    { start: 0, end: 15 },
    { start: 18, end: 40 },
  ]
  expect(minutesInside(spans, 5, 30)).toBe(25)
  expect(minutesInside([], 5, 30)).toBe(0)
})

test('distance: London to Paris is 344 km', () => {
  const [london, paris] = [
    { latitude: 51.5074, longitude: -0.1278 },
    { latitude: 48.8566, longitude: 2.3522 },
  ]
  expect(kilometresBetween(london, paris)).toBeCloseTo(343.6, 0)
})

describe('random numbers', () => {
  test('the same from the same seed, different from another, and even', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 8 }, () => random.below(1000))
    }
    expect(draw(42)).toEqual(draw(42))
    expect(draw(42)).not.toEqual(draw(43))
    expect(draw(1)).not.toEqual(draw(2 ** 32 + 1))
    const random = createRandom(7)
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(600)
  })
})

test('the queue of loads gives the least loaded first, also after loads have grown', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }), fc.array(fc.nat(29)), (start, growing) => {
      const loads = [...start]
      const queue = new LoadQueue(Int32Array.from(loads.keys()), (person) => loads[person]!, createRandom(1))
      for (const person of growing) loads[person % loads.length]! += 3
      const seen: number[] = []
      queue.visit((person) => {
        seen.push(loads[person]!)
        return true
      })
      expect(seen).toEqual([...loads].sort((a, b) => a - b))
    }),
  )
})

test('the least-cost assignment is as good as the best permutation', () => {
  const square = fc
    .integer({ min: 1, max: 5 })
    .chain((n) => fc.array(fc.array(fc.nat(20), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }))
  fc.assert(
    fc.property(square, (rows) => {
      const chosen = leastCostAssignment(rows.map((row) => Float64Array.from(row)))
      expect([...chosen].sort((a, b) => a - b)).toEqual([...rows.keys()])
      const sum = rows.reduce((total, row, i) => total + row[chosen[i]!]!, 0)
      expect(sum).toBe(bestPermutation(rows, []))
    }),
  )
})

function bestPermutation(rows: number[][], used: number[]): number {
  if (used.length === rows.length) return 0
  const costs = rows[used.length]!.map((cost, column) =>
    used.includes(column) ? Number.POSITIVE_INFINITY : cost + bestPermutation(rows, [...used, column]),
  )
  return Math.min(...costs)
}
