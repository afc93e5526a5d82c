import { cellOf, type Grid, OFF } from './grid.ts'

/** A roster on the grid: one line for each person, with counts and cost kept as lines are changed. */
export class Roster {
  readonly grid: Grid
  /** `person * days + day`: type or `OFF`. */
  readonly lines: Int8Array
  /** `day * types + type`: people assigned. */
  readonly counts: Int32Array
  cost: number

  constructor(grid: Grid) {
    this.grid = grid
    this.lines = new Int8Array(grid.people * grid.days).fill(OFF)
    this.counts = new Int32Array(grid.days * grid.types)
    this.cost = grid.baseCost
    for (let cell = 0; cell < this.counts.length; cell++) this.cost += coverCost(grid, cell, 0)
  }

  lineOf(person: number): Int8Array {
    return this.lines.subarray(person * this.grid.days, (person + 1) * this.grid.days)
  }

  /** Puts `line[from..to)` in place of the person's days. */
  setLine(person: number, line: ArrayLike<number>, from = 0, to = this.grid.days): void {
    const own = this.lineOf(person)
    for (let day = from; day < to; day++) {
      if (own[day] === line[day]) continue
      this.#count(person, day, own[day]!, -1)
      own[day] = line[day]!
      this.#count(person, day, own[day]!, 1)
    }
  }

  #count(person: number, day: number, type: number, step: 1 | -1): void {
    if (type === OFF) return
    const cell = day * this.grid.types + type
    const count = this.counts[cell]!
    this.cost += coverCost(this.grid, cell, count + step) - coverCost(this.grid, cell, count)
    this.cost += step * this.grid.cost[cellOf(this.grid, person, day, type)]!
    this.counts[cell] = count + step
  }
}

export function coverCost(grid: Grid, cell: number, count: number): number {
  const missing = grid.required[cell]! - count
  return missing > 0 ? missing * grid.under[cell]! : -missing * grid.over[cell]!
}

/** What one person more in a cell would add to the cost of cover. */
export const addedCover = (grid: Grid, cell: number, count: number): number =>
  count < grid.required[cell]! ? -grid.under[cell]! : grid.over[cell]!

/** Cost of the wishes of one line. */
export function lineCost(grid: Grid, person: number, line: Int8Array): number {
  let cost = 0
  for (let day = 0; day < grid.days; day++) {
    const type = line[day]!
    if (type !== OFF) cost += grid.cost[cellOf(grid, person, day, type)]!
  }
  return cost
}
