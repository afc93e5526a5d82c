import { cellOf, OFF } from './grid.ts'
import { type LineTask, windowTask } from './line-task.ts'
import { Master, type MasterSolution } from './master.ts'
import { Offers } from './offers.ts'
import type { Rework, Tools } from './rework.ts'
import { coverCost, type Roster } from './roster.ts'

export type Verdict = 'solved' | 'hopeless' | 'cut short'

/** How much of the best prices known goes into the prices lines are looked for with: calms the prices down. */
const SMOOTHING = 0.5
/** Rough looks go on while they find a line for at least this part of the people. */
const ROUGH_YIELD = 0.6
const NOTHING = 1e-6
/** Steps of the pricer that take as long as one row of one pivot, as measured. */
const PIVOT_STEPS = 100

/** The linear relaxation of a rework, solved by generating lines, with a bound that holds at any time. */
export class Relaxation {
  readonly rework: Rework
  readonly offers: Offers
  readonly #tools: Tools
  readonly #tasks: LineTask[]
  readonly #starts: Int8Array[]
  /** Row of each cell of the grid in the master, -1 where more people only cost. */
  readonly #rowOf: Int32Array
  readonly #cells: number[] = []
  readonly #master: Master
  /** Cost of all that stays, with nobody added. */
  #base: number
  readonly #fixed: (Int8Array | undefined)[]
  #fixedCount = 0
  readonly #pricerSteps: number
  readonly #prices: Float64Array
  #calmPrices: Float64Array | undefined
  #isRough = true
  bound = Number.NEGATIVE_INFINITY
  solution: MasterSolution | undefined

  constructor(tools: Tools, roster: Roster, rework: Rework) {
    const { grid } = tools
    this.rework = rework
    this.#tools = tools
    this.#pricerSteps = tools.pricer.steps
    this.#tasks = rework.people.map((person) =>
      windowTask(grid, person, roster.lineOf(person), rework.free, rework.freeEnd),
    )
    this.#starts = rework.people.map((person) => roster.lineOf(person).slice())
    this.offers = new Offers(rework.people.length)
    this.#fixed = rework.people.map(() => undefined)
    this.#prices = new Float64Array(grid.days * grid.types)
    this.#rowOf = new Int32Array(grid.days * grid.types).fill(-1)
    const staying = this.#countStaying(roster)
    this.#base = roster.cost
    this.#rowsFrom(roster, staying)
    this.#master = new Master(
      tools.highs,
      this.#cells.map((cell) => ({
        required: grid.required[cell]! - staying[cell]!,
        under: grid.under[cell]!,
        over: grid.over[cell]!,
      })),
      rework.people.length,
    )
    this.#starts.forEach((line, member) => void this.offer(member, line))
    if (this.#isOfWholeLines) this.#offerPool()
  }

  get #isOfWholeLines(): boolean {
    return this.rework.free === 0 && this.rework.freeEnd === this.#tools.grid.days
  }

  #offerPool(): void {
    this.rework.people.forEach((person, member) => {
      for (const line of this.#tools.pool.of(person)) this.offer(member, line)
    })
  }

  /** Keeps the lines that are cheap at the prices now, for later reworks. */
  keepLines(): void {
    const prices = this.solution?.rowPrices
    if (!this.#isOfWholeLines || !prices) return
    this.rework.people.forEach(
      (person, member) => void this.#tools.pool.keep(person, this.offers.ranked(member, prices)),
    )
  }

  /** Objective of the master, all that stays included. */
  get objective(): number {
    return this.#base + this.solution!.objective
  }

  /** How far the bound may lie below the objective, as a part of it. */
  get gap(): number {
    if (!this.solution) return Number.POSITIVE_INFINITY
    return (this.objective - this.bound) / Math.max(1, Math.abs(this.objective))
  }

  #countStaying(roster: Roster): Int32Array {
    const { types } = roster.grid
    const { free, freeEnd } = this.rework
    const staying = roster.counts.slice()
    for (const line of this.#starts) {
      for (let day = free; day < freeEnd; day++) if (line[day] !== OFF) staying[day * types + line[day]!]!--
    }
    return staying
  }

  /** Makes rows for the cells that still want people, and takes what the rework can change out of the base cost. */
  #rowsFrom(roster: Roster, staying: Int32Array): void {
    const { grid } = roster
    const { people, free, freeEnd } = this.rework
    for (let cell = free * grid.types; cell < freeEnd * grid.types; cell++) {
      this.#base -= coverCost(grid, cell, roster.counts[cell]!)
      if (grid.required[cell]! > staying[cell]!) {
        this.#rowOf[cell] = this.#cells.length
        this.#cells.push(cell)
      } else {
        this.#base += coverCost(grid, cell, staying[cell]!)
      }
    }
    people.forEach((person, member) => {
      this.#base -= this.#wishes(person, this.#starts[member]!)
    })
  }

  #wishes(person: number, line: Int8Array): number {
    const { grid } = this.#tools
    let cost = 0
    for (let day = this.rework.free; day < this.rework.freeEnd; day++) {
      if (line[day] !== OFF) cost += grid.cost[cellOf(grid, person, day, line[day]!)]!
    }
    return cost
  }

  /** Offers a line (over all days; only the free ones count) to the master. */
  offer(member: number, line: Int8Array): void {
    const { grid } = this.#tools
    const { free, freeEnd, people } = this.rework
    let cost = this.#wishes(people[member]!, line)
    const rows: number[] = []
    for (let day = free; day < freeEnd; day++) {
      if (line[day] === OFF) continue
      const cell = day * grid.types + line[day]!
      if (this.#rowOf[cell]! < 0) cost += grid.over[cell]!
      else rows.push(this.#rowOf[cell]!)
    }
    this.#master.add(member, cost, rows)
    this.offers.add({ member, days: line.slice(free, freeEnd), cost, rows })
  }

  /** Generates lines until none helps, until no roster of at most `cutoff` can be, or for so many rounds. */
  solve(cutoff: number, rounds: number): Verdict {
    if (!this.#solveMaster()) return 'cut short'
    for (let round = 0; round < rounds; round++) {
      if (this.#tools.isOver()) return 'cut short'
      const { added, bound } = this.#priceOut(cutoff)
      if (bound > cutoff + NOTHING) return 'hopeless'
      if (added === 0) return 'solved'
      if (!this.#solveMaster()) return 'cut short'
    }
    return 'cut short'
  }

  #solveMaster(): boolean {
    const solution = this.#master.solve(this.#tools.secondsLeft())
    this.solution = solution ?? this.solution
    return solution !== undefined
  }

  /** In steps of the pricer. */
  get effort(): number {
    return this.#tools.pricer.steps - this.#pricerSteps + this.#master.steps * PIVOT_STEPS
  }

  #priceOut(cutoff: number): { added: number; bound: number } {
    const { rowPrices } = this.solution!
    const calm = this.#calmPrices
    if (calm) {
      const mixed = calm.map((price, i) => SMOOTHING * price + (1 - SMOOTHING) * rowPrices[i]!)
      const found = this.#priceWith(mixed, this.#isRough)
      const open = this.rework.people.length - this.#fixedCount
      if (found.added < open * ROUGH_YIELD) this.#isRough = false
      if (found.added > 0 || found.bound > cutoff + NOTHING) return found
    }
    return this.#priceWith(rowPrices, false)
  }

  /** Looks for a better line of everybody at these prices; the sum of what is found is a bound. */
  #priceWith(rowPrices: Float64Array, isRough: boolean): { added: number; bound: number } {
    this.#setPrices(rowPrices)
    let bound = this.#base
    rowPrices.forEach((price, row) => {
      bound += price * this.#master.required(row)
    })
    let added = 0
    this.#tasks.forEach((task, member) => {
      const fixed = this.#fixed[member]
      if (fixed) {
        bound += this.#costAt(member, fixed, rowPrices)
        return
      }
      const line = this.#starts[member]!.slice()
      const outside = this.#outside(task, member)
      const cutoff = this.offers.cheapest(member, rowPrices) + outside - NOTHING
      const priced = this.#tools.pricer.best(task, this.#prices, line, { isAny: true, cutoff, isRough })
      bound += Math.min(priced.bound, cutoff + NOTHING) - outside
      if (priced.cost === Number.POSITIVE_INFINITY) return
      const { rowPrices: exact, ownPrices } = this.solution!
      if (this.#costAt(member, line, exact) - ownPrices[member]! > -NOTHING) return
      this.offer(member, line)
      added++
    })
    if (this.#fixedCount === 0 && bound > this.bound) {
      this.bound = bound
      this.#calmPrices = rowPrices.slice()
    }
    return { added, bound }
  }

  #setPrices(rowPrices: Float64Array): void {
    const { grid } = this.#tools
    const { free, freeEnd } = this.rework
    for (let cell = free * grid.types; cell < freeEnd * grid.types; cell++) {
      const row = this.#rowOf[cell]!
      this.#prices[cell] = row < 0 ? grid.over[cell]! : -rowPrices[row]!
    }
  }

  /** What the pricer counts for days that stay because they belong to a run that reaches into the window. */
  #outside(task: LineTask, member: number): number {
    const { grid } = this.#tools
    const line = this.#starts[member]!
    let cost = 0
    for (let day = task.from; day < task.to; day++) {
      if ((day >= task.free && day < task.freeEnd) || line[day] === OFF) continue
      const cell = day * grid.types + line[day]!
      cost += grid.cost[cellOf(grid, task.person, day, line[day]!)]! + this.#prices[cell]!
    }
    return cost
  }

  /** Cost of the free days of a line when cover is paid for at these prices. */
  #costAt(member: number, line: Int8Array, rowPrices: Float64Array): number {
    const { grid } = this.#tools
    const { free, freeEnd, people } = this.rework
    let cost = this.#wishes(people[member]!, line)
    for (let day = free; day < freeEnd; day++) {
      if (line[day] === OFF) continue
      const cell = day * grid.types + line[day]!
      const row = this.#rowOf[cell]!
      cost += row < 0 ? grid.over[cell]! : -rowPrices[row]!
    }
    return cost
  }

  /** Gives a person one of the lines for good. */
  fix(number: number): void {
    const { member, days } = this.offers.lines[number]!
    const line = this.#starts[member]!.slice()
    line.set(days, this.rework.free)
    this.#fixed[member] = line
    this.#fixedCount++
    this.#master.fix(
      number,
      this.offers.of(member).filter((other) => other !== number),
    )
  }

  isFixed(member: number): boolean {
    return this.#fixed[member] !== undefined
  }

  /** The line each person is fixed to, over all days; undefined while somebody is not. */
  get fixedLines(): Int8Array[] | undefined {
    if (this.#fixedCount < this.#fixed.length) return undefined
    return this.#fixed.map((line) => line!)
  }

  dispose(): void {
    this.#master.dispose()
  }
}
