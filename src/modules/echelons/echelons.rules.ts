import { createRandom, shuffle } from '../../solver/random.ts'
import { ageOn } from '../../time/age.ts'
import type { LocalDate } from '../../time/zones.ts'

/** Somebody to be put into an echelon; `current` is the index of the one they are in. */
export interface PoolMember {
  id: string
  grade: string | null
  birthOn: LocalDate | null
  current: number | null
}

export interface AgeBand {
  from?: number | undefined
  to?: number | undefined
}

/**
 * Splits people into `count` echelons (by index) so that every echelon has an equal share of each grade and of all,
 * give or take one. Who can stay stays; who has to move, and where newcomers go, is drawn with the seed. The order in
 * which people are given does not matter, and splitting the result again moves nobody.
 */
export function balanceByGrade(people: PoolMember[], count: number, seed: number): Map<string, number> {
  const placed = new Map<string, number>()
  const byGrade = Map.groupBy(
    [...people].sort((a, b) => compare(a.id, b.id)),
    (one) => one.grade ?? '',
  )
  const random = createRandom(seed)
  let next = 0
  for (const grade of [...byGrade.keys()].sort(compare)) {
    const group = byGrade.get(grade)!
    const extra = group.length % count
    // Whoever gets one more of this grade comes last in line for the next grade: that keeps the totals even.
    const free = Array.from({ length: count }, () => Math.floor(group.length / count))
    for (let i = 0; i < extra; i++) free[(next + i) % count]! += 1
    next = (next + extra) % count

    const drawn = shuffle([...group], random)
    for (const { id, current } of drawn) {
      if (current === null || !free[current]) continue
      free[current]! -= 1
      placed.set(id, current)
    }
    const seats = free.flatMap((left, index) => Array.from({ length: left }, () => index))
    const moving = drawn.filter(({ id }) => !placed.has(id))
    moving.forEach(({ id }, i) => {
      placed.set(id, seats[i]!)
    })
  }
  return placed
}

/** Index of the first band that holds the age on a day; undefined when no band does or the birth date is not known. */
export function bandOf(bands: AgeBand[], birthOn: LocalDate | null, on: LocalDate): number | undefined {
  if (birthOn === null) return undefined
  const age = ageOn(birthOn, on)
  const index = bands.findIndex(({ from = 0, to = Number.POSITIVE_INFINITY }) => from <= age && age <= to)
  return index < 0 ? undefined : index
}

/** Pairs of bands, by index, that share an age. */
export const overlappingBands = (bands: AgeBand[]): [number, number][] =>
  bands.flatMap((a, i) =>
    bands.slice(i + 1).flatMap((b, j): [number, number][] => {
      const from = Math.max(a.from ?? 0, b.from ?? 0)
      const to = Math.min(a.to ?? Number.POSITIVE_INFINITY, b.to ?? Number.POSITIVE_INFINITY)
      return from <= to ? [[i, i + 1 + j]] : []
    }),
  )

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
