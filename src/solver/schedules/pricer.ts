import { cellOf, type Grid } from './grid.ts'
import { type Kinds, makeKinds } from './kinds.ts'
import { LineProgram } from './line-program.ts'
import { countDays, type LineTask } from './line-task.ts'
import type { DayCosts } from './stretches.ts'

const NONE = Number.POSITIVE_INFINITY
/** Counters are counted exactly while the table keeps below so many steps; beyond that they are priced. */
const MOST_WORK = 1_500_000
/** Tries with growing prices until a line keeps all counters that are not counted exactly. */
const PRICE_TRIES = 12
const FIRST_PRICE = 4
const FORBIDDING_PRICE = 1e5

interface Desk {
  usable: Uint8Array
  tracked: number[]
  /** Price of one day of each counter. */
  prices: Float64Array
  programs: Map<string, { kinds: Kinds; program: LineProgram }>
}

/** What is known about the cheapest line of one person at given prices. */
export interface Priced {
  /** Cost of the line found, wishes and prices together; infinite when the person has no line at all. */
  cost: number
  /** No line of the person costs less. */
  bound: number
}

/** Finds cheapest lines of single people at prices for cells (`day * types + type`). */
export class Pricer {
  readonly #grid: Grid
  readonly #desks: (Desk | undefined)[]
  readonly #scratch: Int8Array
  /** Steps done so far by all programmes. */
  steps = 0
  readonly #shared = new Map<string, { kinds: Kinds; program: LineProgram }>()

  constructor(grid: Grid) {
    this.#grid = grid
    this.#desks = new Array<Desk | undefined>(grid.people)
    this.#scratch = new Int8Array(grid.days)
  }

  /** Writes the best line found into `line[task.from..task.to)`, which holds the days that stay. */
  best(task: LineTask, prices: Float64Array, line: Int8Array): Priced {
    const desk = this.#desk(task.person)
    const { counters } = this.#grid.contracts[task.person]!
    if (task.counts.some((left) => left < 0)) return { cost: NONE, bound: NONE }
    const scratch = this.#scratch
    scratch.set(line)
    let step = FIRST_PRICE
    const found: Priced = { cost: NONE, bound: Number.NEGATIVE_INFINITY }
    for (let tries = 0; tries < PRICE_TRIES; tries++) {
      const tracked = desk.tracked
      const value = this.#solve(task, desk, prices, scratch)
      if (value === NONE) return tries === 0 ? { cost: NONE, bound: NONE } : found
      const used = counters.map((counter) => countDays(scratch, counter.types, task.from, task.to))
      const over = used.map((count, i) => count - task.counts[i]!)
      const priced = over.map((_, i) => (tracked.includes(i) ? 0 : desk.prices[i]!))
      const bound = priced.reduce((sum, price, i) => sum - price * task.counts[i]!, value)
      found.bound = Math.max(found.bound, bound)
      if (over.every((excess) => excess <= 0)) {
        const cost = priced.reduce((sum, price, i) => sum - price * used[i]!, value)
        if (cost < found.cost) {
          found.cost = cost
          line.set(scratch.subarray(task.from, task.to), task.from)
        }
        this.#relax(desk, over, priced)
        return found
      }
      if (!this.#track(task, desk, over)) {
        over.forEach((excess, i) => {
          if (excess > 0 && !tracked.includes(i)) {
            desk.prices[i] = tries > PRICE_TRIES - 4 ? FORBIDDING_PRICE : desk.prices[i]! + step
          }
        })
        step *= 1.7
      }
    }
    return found
  }

  /** What is not short costs less next time, and is not counted. */
  #relax(desk: Desk, over: number[], priced: number[]): void {
    desk.tracked = desk.tracked.filter((i) => over[i]! === 0)
    for (let i = 0; i < over.length; i++) {
      if (priced[i]! > 0 && over[i]! < 0) desk.prices[i] = priced[i]! >= FORBIDDING_PRICE ? 0 : priced[i]! * 0.7
    }
  }

  /** Takes exceeded counters among those counted exactly, while the table stays small; false when none fits. */
  #track(task: LineTask, desk: Desk, over: number[]): boolean {
    const worst = over.map((_, i) => i).filter((i) => over[i]! > 0 && !desk.tracked.includes(i))
    worst.sort((a, b) => task.counts[a]! - task.counts[b]! || a - b)
    let done = false
    for (const i of worst) {
      if (this.#work(task, [...desk.tracked, i]) > MOST_WORK) continue
      desk.tracked = [...desk.tracked, i].sort((a, b) => a - b)
      done = true
    }
    return done
  }

  /** Rough number of steps of the table with these counters in it. */
  #work(task: LineTask, tracked: number[]): number {
    const { maxRun } = this.#grid.contracts[task.person]!
    const span = task.to - task.from
    const weekends = Math.min(task.maxWeekends, span / 7 + 1) + 1
    const band = Math.min(task.maxUnits - task.minUnits + 4, 60) * 1.5
    const mixes = tracked.reduce((product, i) => product * (task.counts[i]! + 1), 1)
    const tallies = tracked.reduce((product, i) => product * (1 + Math.min(2, task.counts[i]!)), Math.min(maxRun, span))
    return span * weekends * band * mixes * tallies
  }

  #desk(person: number): Desk {
    const known = this.#desks[person]
    if (known) return known
    const { counters } = this.#grid.contracts[person]!
    const usable = this.#usableTypes(person)
    const made: Desk = { usable, tracked: [], prices: new Float64Array(counters.length), programs: new Map() }
    this.#desks[person] = made
    return made
  }

  #usableTypes(person: number): Uint8Array {
    const { days, types, allowed, contracts } = this.#grid
    const usable = new Uint8Array(types)
    for (let day = 0; day < days; day++) {
      for (let type = 0; type < types; type++) {
        if (allowed[cellOf(this.#grid, person, day, type)] === 1) usable[type] = 1
      }
    }
    for (const counter of contracts[person]!.counters) {
      if (counter.max === 0) counter.types.forEach((isIn, type) => void (isIn && (usable[type] = 0)))
    }
    return usable
  }

  #program(task: LineTask, desk: Desk): { kinds: Kinds; program: LineProgram } {
    const grid = this.#grid
    const contract = grid.contracts[task.person]!
    const unitsMatter = contract.minUnits > 0 || contract.maxUnits !== NONE
    const key = desk.tracked.join()
    const own = desk.programs.get(key)
    if (own) return own
    const tracked = desk.tracked.map((i) => contract.counters[i]!)
    const sharedKey = [
      contract.maxRun,
      unitsMatter,
      desk.usable.join(''),
      ...tracked.map((counter) => `${counter.types.join('')} ${counter.max}`),
    ].join(';')
    const known = this.#shared.get(sharedKey)
    const kinds = known?.kinds ?? makeKinds(grid, contract, desk.usable, tracked, unitsMatter)
    const made = known ?? { kinds, program: new LineProgram(kinds, grid.weekendOf) }
    this.#shared.set(sharedKey, made)
    desk.programs.set(key, made)
    return made
  }

  #solve(task: LineTask, desk: Desk, prices: Float64Array, line: Int8Array): number {
    const { kinds, program } = this.#program(task, desk)
    const contract = this.#grid.contracts[task.person]!
    const costs = this.#dayCosts(task, desk, kinds, prices, line)
    const bounds = {
      minUnits: task.minUnits,
      maxUnits: task.maxUnits,
      minRun: contract.minRun,
      minOff: contract.minOff,
      maxWeekends: task.maxWeekends,
      counts: desk.tracked.map((i) => task.counts[i]!),
      readyAt: task.readyAt,
      workAt: task.workAt,
      days: this.#grid.days,
    }
    const before = program.steps
    const cost = program.solve(costs, bounds, line)
    this.steps += program.steps - before + costs.kindCost.length
    return cost
  }

  #dayCosts(task: LineTask, desk: Desk, kinds: Kinds, prices: Float64Array, line: Int8Array): DayCosts {
    const { days, types } = this.#grid
    const { from, to, free, freeEnd } = task
    const extra = this.#extraOfTypes(task.person, desk)
    const kindCost = new Float64Array(days * kinds.count).fill(NONE, from * kinds.count, to * kinds.count)
    const kindType = new Int8Array(days * kinds.count)
    const offAllowed = new Uint8Array(days)
    for (let day = from; day < to; day++) {
      const isFree = day >= free && day < freeEnd
      offAllowed[day] = isFree || line[day]! < 0 ? 1 : 0
      for (let type = 0; type < types; type++) {
        const kind = kinds.kindOf[type]!
        if (kind < 0 || (!isFree && line[day] !== type)) continue
        const cell = cellOf(this.#grid, task.person, day, type)
        if (this.#grid.allowed[cell] === 0) continue
        const cost = this.#grid.cost[cell]! + prices[day * types + type]! + extra[type]!
        const place = day * kinds.count + kind
        if (cost >= kindCost[place]!) continue
        kindCost[place] = cost
        kindType[place] = type
      }
    }
    return { from, to, kindCost, kindType, offAllowed }
  }

  #extraOfTypes(person: number, desk: Desk): Float64Array {
    const extra = new Float64Array(this.#grid.types)
    this.#grid.contracts[person]!.counters.forEach((counter, i) => {
      const price = desk.prices[i]!
      if (price === 0 || desk.tracked.includes(i)) return
      for (let type = 0; type < extra.length; type++) extra[type]! += counter.types[type]! * price
    })
    return extra
  }
}
