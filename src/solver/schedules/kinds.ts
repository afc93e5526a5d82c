import type { Contract, Grid } from './grid.ts'

/** Sums of a stretch of work: days, units, days per tracked counter. */
export interface Tally {
  length: number
  units: number
  counts: number[]
}

/**
 * The types one person can take, in kinds: types that no rule tells apart. On each day only the cheapest type of a
 * kind matters. With them go all tallies a stretch of work can have, by number.
 */
export interface Kinds {
  count: number
  kindOf: Int8Array
  /** Kinds with the same forbidden successors are one class. */
  classes: number
  classOf: Int32Array
  /** For each kind, the classes it may follow. */
  follows: Int32Array[]
  /** Tally 0 is the empty one; lengths ascend. */
  tallies: Tally[]
  /** Tallies of length n are `firstOfLength[n]` up to `firstOfLength[n + 1]`. */
  firstOfLength: number[]
  /** `tally * count + kind`: the tally one such day later, -1 where a counter would be exceeded. */
  after: Int32Array
}

const keyOfTypes = (grid: Grid, type: number, tracked: Contract['counters'], unitsMatter: boolean): string => {
  const row = grid.forbidden.subarray(type * grid.types, (type + 1) * grid.types).join('')
  const column = Array.from({ length: grid.types }, (_, first) => grid.forbidden[first * grid.types + type]).join('')
  const counted = tracked.map((counter) => counter.types[type]).join('')
  return [unitsMatter ? grid.units[type] : 0, row, column, counted].join(' ')
}

/** `tracked`: the counters of the person that are counted exactly; `usable`: types the person can ever take. */
export function makeKinds(
  grid: Grid,
  contract: Contract,
  usable: Uint8Array,
  tracked: Contract['counters'],
  unitsMatter: boolean,
): Kinds {
  const kindOf = new Int8Array(grid.types).fill(-1)
  const leaders: number[] = []
  const known = new Map<string, number>()
  for (let type = 0; type < grid.types; type++) {
    if (usable[type] === 0) continue
    const key = keyOfTypes(grid, type, tracked, unitsMatter)
    const kind = known.get(key) ?? known.size
    if (kind === known.size) leaders.push(type)
    known.set(key, kind)
    kindOf[type] = kind
  }
  return {
    count: leaders.length,
    kindOf,
    ...makeClasses(grid, leaders),
    ...makeTallies(
      leaders.map((type) => ({
        units: unitsMatter ? grid.units[type]! : 0,
        counts: tracked.map((counter) => counter.types[type]!),
      })),
      Math.min(contract.maxRun, grid.days),
      tracked.map((counter) => counter.max),
    ),
  }
}

function makeClasses(grid: Grid, leaders: number[]): Pick<Kinds, 'classes' | 'classOf' | 'follows'> {
  const forbids = (a: number, b: number) => grid.forbidden[leaders[a]! * grid.types + leaders[b]!]!
  const rows = new Map<string, number>()
  const members: number[] = []
  const classOf = Int32Array.from(leaders, (_type, kind) => {
    const key = leaders.map((_other, next) => forbids(kind, next)).join('')
    const known = rows.get(key)
    if (known !== undefined) return known
    rows.set(key, rows.size)
    members.push(kind)
    return rows.size - 1
  })
  const follows = leaders.map((_type, kind) =>
    Int32Array.from(members.keys()).filter((group) => forbids(members[group]!, kind) === 0),
  )
  return { classes: members.length, classOf, follows }
}

function makeTallies(
  steps: { units: number; counts: number[] }[],
  longest: number,
  limits: number[],
): Pick<Kinds, 'tallies' | 'firstOfLength' | 'after'> {
  const tallies: Tally[] = [{ length: 0, units: 0, counts: limits.map(() => 0) }]
  const firstOfLength = [0, 1]
  const after: number[] = []
  for (let length = 1; length <= longest; length++) {
    const known = new Map<string, number>()
    for (let from = firstOfLength[length - 1]!; from < firstOfLength[length]!; from++) {
      const tally = tallies[from]!
      for (const step of steps) {
        const counts = tally.counts.map((count, i) => count + step.counts[i]!)
        if (counts.some((count, i) => count > limits[i]!)) {
          after.push(-1)
          continue
        }
        const next = { length, units: tally.units + step.units, counts }
        const key = `${next.units} ${counts}`
        if (!known.has(key)) {
          known.set(key, tallies.length)
          tallies.push(next)
        }
        after.push(known.get(key)!)
      }
    }
    firstOfLength.push(tallies.length)
  }
  return { tallies, firstOfLength, after: Int32Array.from(after) }
}
