import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  balanceByGrade,
  bandOf,
  overlappingBands,
  type PoolMember,
} from '../../../src/modules/echelons/echelons.rules.ts'

const sizes = (values: Iterable<number>, count: number): number[] => {
  const sums = Array.from({ length: count }, () => 0)
  for (const value of values) sums[value]! += 1
  return sums
}
const spread = (numbers: number[]) => Math.max(...numbers) - Math.min(...numbers)

const pool = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    grade: fc.option(fc.constantFrom('chief', 'deputy', 'staff', 'clerk'), { nil: null }),
    birthOn: fc.constant(null),
    current: fc.option(fc.nat({ max: 9 }), { nil: null }),
  }),
  { selector: (one) => one.id, maxLength: 120 },
)
const count = fc.integer({ min: 1, max: 7 })
const seed = fc.nat()

describe('a split balanced by grade', () => {
  test('gives every echelon an equal share of each grade and of all, give or take one', () => {
    fc.assert(
      fc.property(pool, count, seed, (people, echelons, chance) => {
        const placed = balanceByGrade(people, echelons, chance)
        expect(placed.size).toBe(people.length)
        expect(spread(sizes(placed.values(), echelons))).toBeLessThanOrEqual(1)
        for (const grade of new Set(people.map((one) => one.grade))) {
          const group = people.filter((one) => one.grade === grade).map((one) => placed.get(one.id)!)
          expect(spread(sizes(group, echelons))).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('does not depend on the order of the people, and repeats itself with the same seed', () => {
    const shuffled = pool.chain((people) =>
      fc.tuple(fc.constant(people), fc.shuffledSubarray(people, { minLength: people.length })),
    )
    fc.assert(
      fc.property(shuffled, count, seed, ([people, other], echelons, chance) => {
        expect(balanceByGrade(other, echelons, chance)).toEqual(balanceByGrade(people, echelons, chance))
      }),
    )
  })

  test('moves nobody when it is split again, with any seed', () => {
    fc.assert(
      fc.property(pool, count, seed, seed, (people, echelons, chance, other) => {
        const placed = balanceByGrade(people, echelons, chance)
        const settled = people.map((one) => ({ ...one, current: placed.get(one.id)! }))
        expect(balanceByGrade(settled, echelons, other)).toEqual(placed)
      }),
    )
  })

  test('moves no more people than the shares demand', () => {
    const people: PoolMember[] = Array.from({ length: 10 }, (_, i) => ({
      id: `p${i}`,
      grade: 'staff',
      birthOn: null,
      current: i < 7 ? 0 : 1,
    }))
    const placed = balanceByGrade(people, 2, 1)
    expect(people.filter((one) => placed.get(one.id) !== one.current)).toHaveLength(2)
  })

  test('draws differently with another seed', () => {
    const people: PoolMember[] = Array.from({ length: 30 }, (_, i) => ({
      ...{ id: `p${i}`, grade: 'staff', birthOn: null, current: null },
    }))
    expect(balanceByGrade(people, 2, 1)).not.toEqual(balanceByGrade(people, 2, 2))
  })

  test('149 cadres in two echelons: 15 chiefs, 26 deputies, 108 staff', () => {
    const group = (grade: string, size: number): PoolMember[] =>
      Array.from({ length: size }, (_, i) => ({ id: `${grade}${i}`, grade, birthOn: null, current: null }))
    const people = [...group('chief', 15), ...group('deputy', 26), ...group('staff', 108)]
    const placed = balanceByGrade(people, 2, 7)
    const of = (grade: string) =>
      sizes(
        people.filter((one) => one.grade === grade).map((one) => placed.get(one.id)!),
        2,
      )
    expect([of('chief'), of('deputy'), of('staff')]).toEqual([
      [8, 7],
      [13, 13],
      [54, 54],
    ])
  })
})

describe('age bands', () => {
  const bands = [{ to: 35 }, { from: 36, to: 50 }, { from: 51 }]

  test('hold both of their ends', () => {
    expect(bandOf(bands, '1990-05-05', '2026-05-04')).toBe(0)
    expect(bandOf(bands, '1990-05-04', '2026-05-04')).toBe(1)
    expect(bandOf(bands, '1975-05-05', '2026-05-04')).toBe(1)
    expect(bandOf(bands, '1975-05-04', '2026-05-04')).toBe(2)
    expect(bandOf(bands, null, '2026-05-04')).toBeUndefined()
    expect(bandOf([{ from: 18, to: 20 }], '1990-01-01', '2026-05-04')).toBeUndefined()
  })

  test('that share an age are found', () => {
    expect(overlappingBands(bands)).toEqual([])
    expect(overlappingBands([{ to: 36 }, { from: 51 }, { from: 36, to: 51 }])).toEqual([
      [0, 2],
      [1, 2],
    ])
  })
})
