import { type Contract, type Grid, OFF } from './grid.ts'
import { countWeekends } from './weekends.ts'

/** One person's days to be planned anew: `[free, freeEnd)` inside the days looked at, `[from, to)`; the rest stays. */
export interface LineTask {
  person: number
  from: number
  to: number
  free: number
  freeEnd: number
  minUnits: number
  maxUnits: number
  maxWeekends: number
  /** Days left for each counter of the contract. */
  counts: number[]
  readyAt: number
  workAt: number
}

/** The whole period of a person. */
export function wholeTask(grid: Grid, person: number): LineTask {
  const contract = grid.contracts[person]!
  return {
    person,
    from: 0,
    to: grid.days,
    free: 0,
    freeEnd: grid.days,
    minUnits: contract.minUnits,
    maxUnits: contract.maxUnits,
    maxWeekends: contract.maxWeekends,
    counts: contract.counters.map((counter) => counter.max),
    readyAt: 0,
    workAt: Number.POSITIVE_INFINITY,
  }
}

/** Days [free, freeEnd) of a person whose other days stay as in `line`. Whole runs that reach in are looked at. */
export function windowTask(grid: Grid, person: number, line: Int8Array, free: number, freeEnd: number): LineTask {
  const contract = grid.contracts[person]!
  let from = free
  while (from > 0 && line[from - 1] !== OFF) from--
  let to = freeEnd
  while (to < grid.days && line[to] !== OFF) to++
  const task: LineTask = { ...wholeTask(grid, person), from, to, free, freeEnd, ...offAround(contract, line, from, to) }
  for (const [start, end] of [
    [0, from],
    [to, grid.days],
  ] as const) {
    spend(grid, contract, task, line, start, end)
  }
  return task
}

/** The days off on both sides must be long enough together with those planned. */
function offAround(contract: Contract, line: Int8Array, from: number, to: number): { readyAt: number; workAt: number } {
  let before = from - 1
  while (before >= 0 && line[before] === OFF) before--
  let after = to
  while (after < line.length && line[after] === OFF) after++
  return {
    readyAt: before < 0 ? from : Math.max(from, before + 1 + contract.minOff),
    workAt: after === line.length ? Number.POSITIVE_INFINITY : after,
  }
}

function spend(grid: Grid, contract: Contract, task: LineTask, line: Int8Array, start: number, end: number): void {
  const { units, weekends } = sumLine(grid, line, start, end)
  task.minUnits -= units
  task.maxUnits -= units
  task.maxWeekends -= weekends
  task.counts = task.counts.map((left, i) => left - countDays(line, contract.counters[i]!.types, start, end))
}

export function sumLine(grid: Grid, line: Int8Array, start: number, end: number): { units: number; weekends: number } {
  const worked = new Int32Array(grid.days).fill(-1)
  let units = 0
  for (let day = start; day < end; day++) {
    const type = line[day]!
    if (type === OFF) continue
    units += grid.units[type]!
    worked[day] = grid.weekendOf[day]!
  }
  return { units, weekends: countWeekends(worked, start, end) }
}

export function countDays(line: Int8Array, types: Uint8Array, start: number, end: number): number {
  let count = 0
  for (let day = start; day < end; day++) if (line[day] !== OFF && types[line[day]!] === 1) count++
  return count
}
