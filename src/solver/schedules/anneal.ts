import type { Random } from '../random.ts'
import type { Table } from './exchange.ts'
import { cellOf, type Grid, OFF } from './grid.ts'
import { LineSums } from './line-sums.ts'
import { addedCover } from './roster.ts'

/** Longest block of days two people trade, or one person moves. */
const LONGEST_BLOCK = 10
/** How far one person's days change places. */
const FARTHEST = 28
/** Parts of the tries: other type on one day, one person's blocks change places; the rest is trade between two. */
const CHANGES = 0.35
const MOVES = 0.3
/** So many tries share one temperature. */
const TRIES = 20_000

/**
 * Simulated annealing over whole lines: every step keeps each line inside its contract, so only costs are at stake.
 * Kirkpatrick, Gelatt, Vecchi (1983), Optimization by Simulated Annealing.
 */
export class Annealer {
  readonly #grid: Grid
  readonly #lines: Int8Array
  readonly #counts: Int32Array
  readonly #random: Random
  readonly #sums: LineSums
  readonly #usable: number[][]
  #people: readonly number[] = []
  /** Steps of the try under way, for taking it back: places in `lines`, types before. */
  readonly #places = new Int32Array(2 * LONGEST_BLOCK)
  readonly #before = new Int8Array(2 * LONGEST_BLOCK)
  #steps = 0
  #gain = 0
  /** Trades leave all counts as they are. */
  #isTrade = false
  /** A try may cost this much. */
  #limit = 0

  /** Works on the table in place; other threads may work on the lines of other people at the same time. */
  constructor(grid: Grid, { lines, counts }: Table, random: Random) {
    this.#grid = grid
    this.#lines = lines
    this.#counts = counts
    this.#random = random
    this.#sums = new LineSums(grid, lines)
    this.#usable = grid.contracts.map((_, person) => usableTypes(grid, person))
  }

  /** From now on only the lines of these people are changed, and nobody else may change them. */
  take(people: readonly number[]): void {
    this.#people = people
    this.#sums.add(people)
  }

  /** A batch of tries at one temperature, in units of cost. */
  run(temperature: number): void {
    for (let i = 0; i < TRIES; i++) {
      this.#limit = -temperature * Math.log(1 - this.#random.next())
      const draw = this.#random.next()
      const person = this.#people[this.#random.below(this.#people.length)]!
      if (draw < CHANGES) this.#change(person)
      else if (draw < CHANGES + MOVES) this.#move(person)
      else this.#trade(person)
    }
  }

  /** Another type, or none, on one day. */
  #change(person: number): void {
    const { days } = this.#grid
    const day = this.#random.below(days)
    const old = this.#lines[person * days + day]!
    const usable = this.#usable[person]!
    const draw = this.#random.below(old === OFF ? usable.length : usable.length + 1)
    const type = usable[draw] ?? OFF
    if (type === old) return
    if (!this.#isAllowed(person, day, type)) return
    if (this.#coverOf(day, old, type) + this.#wishOf(person, day, old, type) > this.#limit) return
    this.#begin(false)
    this.#put(person, day, type)
    const isSameShape = old !== OFF && type !== OFF
    this.#settle(
      this.#fits(person, day, day + 1) &&
        this.#sums.isWithin(person) &&
        (isSameShape || this.#sums.hasGoodStretches(person, day, day + 1)),
    )
  }

  /** Two blocks of one person's days change places. */
  #move(person: number): void {
    const { days } = this.#grid
    const length = 1 + Math.min(this.#random.below(LONGEST_BLOCK), this.#random.below(LONGEST_BLOCK))
    const first = this.#random.below(days)
    const second = first + length + this.#random.below(FARTHEST)
    if (second + length > days) return
    this.#begin(false)
    const isKept =
      this.#exchange(person, first, second, length) &&
      this.#isWorthIt() &&
      this.#keeps(person, first, first + length) &&
      this.#keeps(person, second, second + length)
    this.#settle(isKept)
  }

  /** Two people trade a block of days. */
  #trade(person: number): void {
    const { days } = this.#grid
    const other = this.#people[this.#random.below(this.#people.length)]!
    if (other === person) return
    const length = 1 + this.#random.below(LONGEST_BLOCK)
    const from = this.#random.below(days)
    const to = Math.min(days, from + length)
    this.#begin(true)
    const isKept =
      this.#swap(person, other, from, to) &&
      this.#isWorthIt() &&
      this.#keeps(person, from, to) &&
      this.#keeps(other, from, to)
    this.#settle(isKept)
  }

  /** Puts the two blocks in each other's place; false as soon as somebody is not allowed what comes. */
  #exchange(person: number, first: number, second: number, length: number): boolean {
    const base = person * this.#grid.days
    for (let i = 0; i < length; i++) {
      const a = this.#lines[base + first + i]!
      const b = this.#lines[base + second + i]!
      if (a === b) continue
      if (!this.#isAllowed(person, first + i, b) || !this.#isAllowed(person, second + i, a)) return false
      this.#put(person, first + i, b)
      this.#put(person, second + i, a)
    }
    return true
  }

  /** Gives each of the two the other's days; false as soon as somebody is not allowed what comes. */
  #swap(person: number, other: number, from: number, to: number): boolean {
    const { days } = this.#grid
    for (let day = from; day < to; day++) {
      const a = this.#lines[person * days + day]!
      const b = this.#lines[other * days + day]!
      if (a === b) continue
      if (!this.#isAllowed(person, day, b) || !this.#isAllowed(other, day, a)) return false
      this.#put(person, day, b)
      this.#put(other, day, a)
    }
    return true
  }

  #isWorthIt(): boolean {
    return this.#steps > 0 && this.#gain <= this.#limit
  }

  /** Does the contract of a person hold whose days `[from, to)` were changed? */
  #keeps(person: number, from: number, to: number): boolean {
    return this.#sums.isWithin(person) && this.#fits(person, from, to) && this.#sums.hasGoodStretches(person, from, to)
  }

  #isAllowed(person: number, day: number, type: number): boolean {
    return type === OFF || this.#grid.allowed[cellOf(this.#grid, person, day, type)] === 1
  }

  /** No forbidden succession inside `[from, to)` or at its edges? */
  #fits(person: number, from: number, to: number): boolean {
    const { days, types, forbidden } = this.#grid
    const base = person * days
    let before = from > 0 ? this.#lines[base + from - 1]! : OFF
    const last = Math.min(days - 1, to)
    for (let day = from; day <= last; day++) {
      const type = this.#lines[base + day]!
      if (before !== OFF && type !== OFF && forbidden[before * types + type] === 1) return false
      before = type
    }
    return true
  }

  #wishOf(person: number, day: number, old: number, type: number): number {
    const grid = this.#grid
    const before = old === OFF ? 0 : grid.cost[cellOf(grid, person, day, old)]!
    return type === OFF ? -before : grid.cost[cellOf(grid, person, day, type)]! - before
  }

  #coverOf(day: number, old: number, type: number): number {
    const grid = this.#grid
    const base = day * grid.types
    let cost = 0
    if (old !== OFF) cost -= addedCover(grid, base + old, this.#counts[base + old]! - 1)
    if (type !== OFF) cost += addedCover(grid, base + type, this.#counts[base + type]!)
    return cost
  }

  #begin(isTrade: boolean): void {
    this.#steps = 0
    this.#gain = 0
    this.#isTrade = isTrade
  }

  /** Puts a type on a day for the time of the try; counts follow when it is kept. No try puts two types on one day. */
  #put(person: number, day: number, type: number): void {
    const place = person * this.#grid.days + day
    const old = this.#lines[place]!
    this.#gain += this.#wishOf(person, day, old, type)
    if (!this.#isTrade) this.#gain += this.#coverOf(day, old, type)
    this.#places[this.#steps] = place
    this.#before[this.#steps++] = old
    this.#sums.put(person, day, type)
  }

  /** Ends the try: keeps it, or takes it back. */
  #settle(isKept: boolean): void {
    const { days } = this.#grid
    for (let step = 0; step < this.#steps; step++) {
      const place = this.#places[step]!
      const person = Math.floor(place / days)
      const day = place - person * days
      const old = this.#before[step]!
      if (!isKept) this.#sums.put(person, day, old)
      else if (!this.#isTrade) this.#recount(day, old, this.#lines[place]!)
    }
  }

  /** In one indivisible step each: other threads count in the same table. */
  #recount(day: number, old: number, type: number): void {
    const base = day * this.#grid.types
    if (old !== OFF) Atomics.sub(this.#counts, base + old, 1)
    if (type !== OFF) Atomics.add(this.#counts, base + type, 1)
  }
}

function usableTypes(grid: Grid, person: number): number[] {
  const usable = new Set<number>()
  for (let day = 0; day < grid.days; day++) {
    for (let type = 0; type < grid.types; type++) {
      if (grid.allowed[cellOf(grid, person, day, type)] === 1) usable.add(type)
    }
  }
  for (const { types, max } of grid.contracts[person]!.counters) {
    if (max === 0) for (const type of usable) if (types[type] === 1) usable.delete(type)
  }
  return [...usable]
}
