import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  divideByGrid,
  divideByLoad,
  fairQuotas,
  type Hand,
  type Piece,
  sendToGrids,
} from '../../../src/modules/campaigns/campaigns.division.rules.ts'

/** Steps from one unit to another through the tree. */
function distance(a: string, b: string): number {
  const [left, right] = [a.split('/').filter(Boolean), b.split('/').filter(Boolean)]
  const parting = left.findIndex((id, i) => id !== right[i])
  const common = parting < 0 ? left.length : parting
  return left.length + right.length - 2 * common
}

const hand = (volunteerId: string, path: string, more: Partial<Hand> = {}): Hand => ({
  volunteerId,
  path,
  share: 1,
  load: 0,
  ...more,
})
const piece = (id: string, path: string): Piece => ({ id, path })
const counts = (given: Map<string, string>) => {
  const result = new Map<string, number>()
  for (const one of given.values()) result.set(one, (result.get(one) ?? 0) + 1)
  return result
}
const spanOf = (numbers: number[]) => Math.max(...numbers) - Math.min(...numbers)

const paths = fc.constantFrom('/c/', '/c/a/', '/c/b/', '/c/a/1/', '/c/a/2/', '/c/b/3/', '/c/b/4/')
const town = fc.record({
  pieces: fc.array(paths, { maxLength: 40 }).map((list) => list.map((path, i) => piece(`i${i}`, path))),
  hands: fc
    .array(fc.tuple(paths, fc.nat(6)), { minLength: 1, maxLength: 9 })
    .map((list) => list.map(([path, load], i) => hand(`v${i}`, path, { load }))),
})

describe('fair quotas', () => {
  test('those who have less in hand get more, in proportion to their share', () => {
    const quotas = fairQuotas([hand('a', '/c/', { load: 4 }), hand('b', '/c/'), hand('c', '/c/', { share: 0.5 })], 6)
    expect([...quotas]).toEqual([
      ['a', 0],
      ['b', 4],
      ['c', 2],
    ])
  })

  test('nobody goes over the limit, and the rest stays', () => {
    const { given, left } = divideByLoad(
      Array.from({ length: 10 }, (_, i) => piece(`i${i}`, '/c/')),
      [hand('a', '/c/', { load: 2 }), hand('b', '/c/')],
      4,
    )
    expect([...counts(given)].sort()).toEqual([
      ['a', 2],
      ['b', 4],
    ])
    expect(left).toHaveLength(4)
  })
})

describe('dividing by load', () => {
  test('every item is given once and loads end within one of each other where they can', () => {
    fc.assert(
      fc.property(town, ({ pieces, hands }) => {
        const { given, left } = divideByLoad(pieces, hands)
        expect([given.size, left]).toEqual([pieces.length, []])
        const got = counts(given)
        const ends = hands.map((one) => ({
          end: one.load + (got.get(one.volunteerId) ?? 0),
          got: got.get(one.volunteerId) ?? 0,
        }))
        const receivers = ends.filter((one) => one.got > 0).map((one) => one.end)
        const least = Math.min(...ends.map((one) => one.end))
        for (const end of receivers) expect(end - least).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('it is deterministic whatever the order of the lists', () => {
    fc.assert(
      fc.property(town, ({ pieces, hands }) => {
        const [one, other] = [divideByLoad(pieces, hands), divideByLoad(pieces.toReversed(), hands.toReversed())]
        expect([...one.given].sort()).toEqual([...other.given].sort())
      }),
    )
  })

  test('no exchange of two items would bring them nearer', () => {
    fc.assert(
      fc.property(town, ({ pieces, hands }) => {
        const { given } = divideByLoad(pieces, hands)
        const pathOf = new Map(hands.map((one) => [one.volunteerId, one.path]))
        const far = (item: Piece, volunteerId: string) => distance(item.path, pathOf.get(volunteerId)!)
        for (const a of pieces) {
          for (const b of pieces) {
            const [x, y] = [given.get(a.id)!, given.get(b.id)!]
            expect(far(a, y) + far(b, x)).toBeGreaterThanOrEqual(far(a, x) + far(b, y))
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('dividing by grid', () => {
  // Scenario E: 391 people over 74 grids; people live unevenly, and the grids are of different size.
  const grids = Array.from({ length: 74 }, (_, i) => `/d/s${i % 6}/g${String(i).padStart(2, '0')}/`)
  const people = Array.from({ length: 391 }, (_, i) =>
    hand(`v${String(i).padStart(3, '0')}`, i % 5 === 0 ? `/d/s${i % 6}/` : grids[(i * i) % 74]!),
  )
  const doors = grids.flatMap((path, i) => Array.from({ length: 6 + (i % 9) }, (_, n) => piece(`${path}${n}`, path)))

  test('every grid is covered, no team is out of proportion, and people stay near', () => {
    const sent = sendToGrids(
      grids.map((path) => ({ path, weight: doors.filter((door) => door.path === path).length })),
      people,
    )
    expect(sent.size).toBe(391)
    const teams = counts(sent)
    expect(teams.size).toBe(74)
    const burden = grids.map((path) => doors.filter((door) => door.path === path).length / teams.get(path)!)
    expect(Math.max(...burden)).toBeLessThanOrEqual(3)
    const steps = people.map((one) => distance(one.path, sent.get(one.volunteerId)!))
    expect(steps.filter((step) => step === 0).length).toBeGreaterThan(150)
    expect(steps.filter((step) => step <= 2).length).toBeGreaterThan(330)
  })

  test('everybody works in one grid only, and within a grid the doors are even', () => {
    const { given, left } = divideByGrid(doors, people)
    expect([given.size, left.length]).toEqual([doors.length, 0])
    const pathOf = new Map(doors.map((door) => [door.id, door.path]))
    const byPerson = Map.groupBy(given, ([, volunteerId]) => volunteerId)
    for (const items of byPerson.values()) expect(new Set(items.map(([id]) => pathOf.get(id))).size).toBe(1)
    for (const path of grids) {
      const here = new Map([...given].filter(([id]) => pathOf.get(id) === path))
      expect(spanOf([...counts(here).values()])).toBeLessThanOrEqual(1)
    }
  })

  test('with fewer people than grids every door is still given', () => {
    const { given } = divideByGrid(doors, people.slice(0, 20))
    expect(given.size).toBe(doors.length)
    expect(spanOf([...counts(given).values()])).toBeLessThanOrEqual(1)
  })
})
