import { cellOf, type Grid } from './grid.ts'
import { type Kinds, makeKinds } from './kinds.ts'
import { LineProgram } from './line-program.ts'
import { countDays, type LineTask } from './line-task.ts'
import type { DayCosts } from './stretches.ts'

const NONE = Number.POSITIVE_INFINITY
/** Counters are counted exactly while the table keeps below so many steps; beyond that they are priced. */
const MOST_WORK = 20_000_000
/** Tries to keep all counters by prices alone before any is counted exactly. */
const RELAXED_TRIES = 3
const FIRST_PRICE = 4
const PRICE_GROWTH = 1.7
const SMALL_PRICE = 0.25
/** Fixed effort of one run of a programme, in its steps. */
const RUN_STEPS = 15_000
const NOTHING = 1e-7

/** What a line is looked for. */
export interface Aim {
  /** Any line below the cutoff will do. */
  isAny?: boolean
  /** Only lines that cost less are looked for; where there are none, this is the bound. */
  cutoff?: number
  /** Do without exact counting: there may be a line although none is found. */
  isRough?: boolean
}

interface Found extends Priced {
  cutoff: number
  /** Counters exceeded in the first try. */
  exceeded: number[]
}

interface Desk {
  usable: Uint8Array
  /** Price of one day of each counter, from the last time. */
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
  readonly #mostWork: number
  /** Steps done so far by all programmes. */
  steps = 0
  readonly #shared = new Map<string, { kinds: Kinds; program: LineProgram }>()

  /** `mostWork`: size of table up to which counters are counted exactly. */
  constructor(grid: Grid, { mostWork = MOST_WORK } = {}) {
    this.#grid = grid
    this.#mostWork = mostWork
    this.#desks = new Array<Desk | undefined>(grid.people)
    this.#scratch = new Int8Array(grid.days)
  }

  /** Writes the best line found into `line[task.from..task.to)`, which holds the days that stay. */
  best(task: LineTask, prices: Float64Array, line: Int8Array, aim: Aim = {}): Priced {
    if (task.counts.some((left) => left < 0)) return { cost: NONE, bound: NONE }
    const desk = this.#desk(task.person)
    this.#scratch.set(line)
    const found: Found = { cost: NONE, bound: Number.NEGATIVE_INFINITY, exceeded: [], cutoff: aim.cutoff ?? NONE }
    const isDone = this.#tryPrices(task, desk, prices, line, found)
    if (!isDone && !aim.isRough && !(aim.isAny && found.cost < NONE) && !this.#count(task, desk, prices, line, found)) {
      this.#confine(task, desk, prices, line, found)
    }
    return { cost: found.cost, bound: found.bound }
  }

  /** Relaxed tries at counter prices that follow what is exceeded. True when no more need be done. */
  #tryPrices(task: LineTask, desk: Desk, prices: Float64Array, line: Int8Array, found: Found): boolean {
    let step = FIRST_PRICE
    for (let tries = 0; tries < RELAXED_TRIES; tries++) {
      const over = this.#look(task, desk, prices, line, found, [], desk.prices)
      if (!over || found.cost - found.bound < NOTHING) return true
      over.forEach((excess, i) => {
        if (excess > 0) {
          desk.prices[i]! += step * Math.min(excess, 3)
          if (tries === 0) found.exceeded.push(i)
        } else if (excess < 0) {
          desk.prices[i] = desk.prices[i]! < SMALL_PRICE ? 0 : desk.prices[i]! / 2
        }
      })
      step *= PRICE_GROWTH
    }
    return false
  }

  /** Counts what was exceeded exactly. False when that is too much work. */
  #count(task: LineTask, desk: Desk, prices: Float64Array, line: Int8Array, found: Found): boolean {
    const tracked = [...found.exceeded]
    const free = new Float64Array(desk.prices.length)
    for (;;) {
      tracked.sort((a, b) => a - b)
      if (this.#work(task, tracked) > this.#mostWork) return false
      const over = this.#look(task, desk, prices, line, found, tracked, free)
      const more = over?.flatMap((excess, i) => (excess > 0 ? [i] : [])) ?? []
      if (more.length === 0) return true
      tracked.push(...more)
    }
  }

  /** Confines what is exceeded to the best of the days used, until all counters are kept: a line, if not the best. */
  #confine(task: LineTask, desk: Desk, prices: Float64Array, line: Int8Array, found: Found): void {
    const { types, contracts } = this.#grid
    const { counters } = contracts[task.person]!
    const confined = prices.slice()
    for (let tries = 0; tries <= counters.length && found.cost === NONE; tries++) {
      const over = this.#look(task, desk, confined, line, found, [], desk.prices, false)
      if (!over) return
      over.forEach((excess, i) => {
        if (excess <= 0) return
        const isUsed = (day: number) => this.#scratch[day]! >= 0 && counters[i]!.types[this.#scratch[day]!] === 1
        const priceOn = (day: number) => prices[day * types + this.#scratch[day]!]!
        const free = Array.from({ length: task.freeEnd - task.free }, (_, k) => task.free + k)
        const used = free.filter(isUsed).sort((a, b) => priceOn(a) - priceOn(b) || a - b)
        const kept = new Set(used.slice(0, Math.max(0, used.length - excess)))
        for (const day of free) {
          if (kept.has(day)) continue
          for (let type = 0; type < types; type++)
            if (counters[i]!.types[type] === 1) confined[day * types + type] = NONE
        }
      })
    }
  }

  /** One run of the programme: notes its bound, and its line if that keeps all counters. Gives the excess of each.
   * `isOpen`: nothing is confined, so the value is a bound. */
  #look(
    task: LineTask,
    desk: Desk,
    prices: Float64Array,
    line: Int8Array,
    found: Found,
    tracked: number[],
    counterPrices: Float64Array,
    isOpen = true,
  ): number[] | undefined {
    const { counters } = this.#grid.contracts[task.person]!
    const scratch = this.#scratch
    let allowance = 0
    counterPrices.forEach((price, i) => {
      if (!tracked.includes(i)) allowance += price * task.counts[i]!
    })
    const value = this.#solve(task, desk, prices, scratch, tracked, counterPrices, found.cutoff + allowance)
    if (value === NONE) {
      if (isOpen) found.bound = found.cutoff
      return undefined
    }
    const used = counters.map((counter) => countDays(scratch, counter.types, task.from, task.to))
    const over = used.map((count, i) => count - task.counts[i]!)
    let cost = value
    counterPrices.forEach((price, i) => {
      if (!tracked.includes(i)) cost -= price * used[i]!
    })
    if (isOpen) found.bound = Math.max(found.bound, value - allowance)
    if (cost < Math.min(found.cost, found.cutoff) && over.every((excess) => excess <= 0)) {
      found.cost = cost
      line.set(scratch.subarray(task.from, task.to), task.from)
    }
    return over
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
    const made: Desk = { usable, prices: new Float64Array(counters.length), programs: new Map() }
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
      if (counter.max > 0) continue
      for (let type = 0; type < types; type++) if (counter.types[type] === 1) usable[type] = 0
    }
    return usable
  }

  #program(task: LineTask, desk: Desk, counted: number[]): { kinds: Kinds; program: LineProgram } {
    const grid = this.#grid
    const contract = grid.contracts[task.person]!
    const unitsMatter = contract.minUnits > 0 || contract.maxUnits !== NONE
    const key = counted.join()
    const own = desk.programs.get(key)
    if (own) return own
    const tracked = counted.map((i) => contract.counters[i]!)
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

  #solve(
    task: LineTask,
    desk: Desk,
    prices: Float64Array,
    line: Int8Array,
    tracked: number[],
    counterPrices: Float64Array,
    cutoff: number,
  ): number {
    const { kinds, program } = this.#program(task, desk, tracked)
    const extra = this.#extraOfTypes(task.person, tracked, counterPrices)
    const contract = this.#grid.contracts[task.person]!
    const costs = this.#dayCosts(task, kinds, prices, extra, line)
    const bounds = {
      minUnits: task.minUnits,
      maxUnits: task.maxUnits,
      minRun: contract.minRun,
      minOff: contract.minOff,
      maxWeekends: task.maxWeekends,
      counts: tracked.map((i) => task.counts[i]!),
      readyAt: task.readyAt,
      workAt: task.workAt,
      days: this.#grid.days,
    }
    const before = program.steps
    const cost = program.solve(costs, bounds, line, cutoff)
    this.steps += program.steps - before + costs.kindCost.length + RUN_STEPS
    return cost
  }

  #dayCosts(task: LineTask, kinds: Kinds, prices: Float64Array, extra: Float64Array, line: Int8Array): DayCosts {
    const { days, types } = this.#grid
    const { from, to, free, freeEnd } = task
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

  #extraOfTypes(person: number, tracked: number[], counterPrices: Float64Array): Float64Array {
    const extra = new Float64Array(this.#grid.types)
    this.#grid.contracts[person]!.counters.forEach((counter, i) => {
      const price = counterPrices[i]!
      if (price === 0 || tracked.includes(i)) return
      for (let type = 0; type < extra.length; type++) extra[type]! += counter.types[type]! * price
    })
    return extra
  }
}
