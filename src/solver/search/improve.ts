import { compareTotals, HARD } from '../score.ts'
import { type Block, type Board, loadOf } from './board.ts'
import type { Bundles } from './bundles.ts'
import { fillByChain } from './chains.ts'
import type { Repacker } from './repack.ts'
import { recreate, ruinAndRecreate } from './ruin.ts'
import { fillByRun } from './runs.ts'

/** Temperatures, in the worth of one wish: where the search ends, and the part of a usual rise where it begins. */
const COLDEST = 0.2
const HEAT = 0.3
const HEAT_OF_SMALL = 1
const LEAST_HEAT = 3
const TOURNAMENT = 4
/** So many blocks are a small roster. */
const SMALL = 200
/** So many blocks are so few that a roster is soon made anew. */
const TINY = 40
/** One in so many visits to an open block tries an ejection chain. */
const CHAIN_EVERY = 64
/** Rises above this touch cover or calm and say nothing about temperature. */
const CALM_WORTH = 1e8

/** A roster remembered: pairs of slot and person. */
export type Snapshot = Int32Array

export interface Best {
  totals: Float64Array
  snapshot: Snapshot
}

export function snapshotOf(board: Board): Snapshot {
  const pairs: number[] = []
  for (let slot = 0; slot < board.plan.model.slots.length; slot++) {
    for (const person of board.state.holders(slot)) pairs.push(slot, person)
  }
  return Int32Array.from(pairs)
}

/** Puts a remembered roster back. */
export function restore(board: Board, snapshot: Snapshot): void {
  const { state } = board
  const wanted = new Set<number>()
  const people = board.plan.model.people.length
  for (let i = 0; i < snapshot.length; i += 2) wanted.add(snapshot[i]! * people + snapshot[i + 1]!)
  for (let slot = 0; slot < board.plan.model.slots.length; slot++) {
    for (const person of [...state.holders(slot)]) {
      if (!wanted.delete(slot * people + person)) state.unassign(person, slot)
    }
  }
  for (const key of [...wanted].sort((a, b) => a - b)) state.assign(key % people, Math.floor(key / people))
  state.keep()
}

/**
 * Simulated annealing on the roster: give a duty to somebody else, swap two duties, fill an open seat, also through an
 * ejection chain. Hard rules are never broken more than they are. Call `step` as often as the budget allows.
 */
export class Improver {
  readonly #board: Board
  readonly #assigned: Block[]
  readonly #bundles: Bundles
  readonly #repacker: Repacker
  readonly best: Best
  /** The roster on the board is the best one and not yet copied. */
  #bestIsHere = false
  #temperature = 0
  readonly #hottest: number
  readonly #coldest: number
  /** Ruining is dear; it pays most on small rosters, where single moves soon find nothing more. */
  readonly #ruinEvery: number
  readonly #cycles: number
  #cycle = 0

  constructor(board: Board, bundles: Bundles, repacker: Repacker) {
    this.#board = board
    this.#bundles = bundles
    this.#repacker = repacker
    this.#assigned = board.blocks.filter((block) => this.#board.peopleFor(block).length > 0)
    this.best = { totals: Float64Array.from(board.state.totals), snapshot: snapshotOf(board) }
    this.#ruinEvery = Math.max(8, Math.min(128, this.#assigned.length >> 2))
    this.#cycles = this.#assigned.length <= SMALL ? 4 : 1
    const rises = this.#usualRises()
    const heat = this.#assigned.length <= SMALL ? HEAT_OF_SMALL : HEAT
    this.#hottest = Math.max(LEAST_HEAT, (rises[rises.length >> 1] ?? 0) * heat)
    const least = rises[Math.floor(rises.length / 20)] ?? 0
    this.#coldest = this.#assigned.length <= SMALL ? Math.max(COLDEST, least / 10) : COLDEST
  }

  get hasMoves(): boolean {
    return this.#assigned.length > 0
  }

  /** One move tried. `done` (0 to 1) sets the temperature. */
  step(done: number): void {
    const way = Math.min(done, 1 - 1e-9) * this.#cycles
    if (Math.floor(way) > this.#cycle) this.#reheat(Math.floor(way))
    this.#temperature = this.#hottest * (this.#coldest / this.#hottest) ** (way - Math.floor(way))
    const block = this.#pick()
    if (this.#board.isOpen(block) && this.#board.random.below(CHAIN_EVERY) === 0) {
      this.#fillOpen(block)
      return
    }
    const { state } = this.#board
    const mark = state.mark()
    this.#board.begin()
    const worth = this.#propose(block) ? this.#board.worth() : Number.POSITIVE_INFINITY
    if (!this.#accepts(worth)) state.undo(mark)
    else if (worth > 0 && this.#bestIsHere) {
      state.undo(mark)
      this.#copyBest()
    } else {
      state.keep()
      if (worth < 0) this.#noteBest()
    }
  }

  /** Every second time tiny rosters start from nothing: heat alone leads back to the same place too often. */
  #reheat(cycle: number): void {
    this.#cycle = cycle
    if (this.#assigned.length > TINY || cycle % 2 === 0) return
    this.#copyBest()
    recreate(this.#board, this.#assigned)
    this.#board.state.keep()
    this.#noteBest()
  }

  /** Leaves the best roster on the board. */
  finish(): Best {
    this.#noteBest()
    this.#copyBest()
    restore(this.#board, this.best.snapshot)
    return this.best
  }

  #fillOpen(block: Block): void {
    this.#copyBest()
    if (fillByChain(this.#board, block) || fillByRun(this.#board, block)) this.#noteBest()
  }

  /** A block at random; of linked slots now and then a single one. */
  #pick(): Block {
    const { random } = this.#board
    const block = this.#assigned[random.below(this.#assigned.length)]!
    if (block.slots.length === 1 || random.below(8) > 0) return block
    return { slots: [block.slots[random.below(block.slots.length)]!] }
  }

  #propose(block: Block): boolean {
    const { random, state } = this.#board
    const kind = random.below(128)
    if (kind < 16 && this.#bundles.exist) return this.#bundles.propose()
    if (random.below(this.#ruinEvery) === 0) return ruinAndRecreate(this.#board, block, this.#assigned)
    const holders = state.holders(block.slots[random.below(block.slots.length)]!)
    if (holders.length === 0 || (kind < 8 && this.#board.isOpen(block))) {
      const person = this.#somebodyFor(block)
      if (person >= 0 && kind % 4 === 0) {
        this.#repacker.repack(person)
        return true
      }
      return person >= 0 && (this.#board.place(person, block, kind < 64) || this.#relocate(person, block))
    }
    const person = holders[random.below(holders.length)]!
    if (kind < 8) return this.#board.lift(person, block)
    return kind < 68 ? this.#give(person, block) : this.#swap(person, block)
  }

  /** The person comes over from another duty, which is open then: open seats wander until somebody is free for one. */
  #relocate(person: number, block: Block): boolean {
    const { random, state, plan } = this.#board
    const timeline = state.timelines[person]!
    if (timeline.length === 0 || !this.#allowed(person, block)) return false
    const { start } = plan.model.duties[block.slots[0]!]!
    const near = [...timeline]
      .filter((duty) => duty.slot >= 0)
      .sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start))
    const duty = near[Math.min(near.length - 1, random.below(2))]
    return (
      duty !== undefined && this.#board.lift(person, this.#board.blockOf(duty.slot)) && this.#board.place(person, block)
    )
  }

  #give(person: number, block: Block): boolean {
    const other = this.#somebodyFor(block)
    if (other < 0 || other === person) return false
    return this.#board.lift(person, block) && this.#board.place(other, block, block.slots.length > 1)
  }

  #swap(person: number, block: Block): boolean {
    const { random, state } = this.#board
    const against = this.#assigned[random.below(this.#assigned.length)]!
    if (against === block) return false
    const holders = state.holders(against.slots[0]!)
    if (holders.length === 0) return false
    const other = holders[random.below(holders.length)]!
    if (other === person || !this.#allowed(other, block) || !this.#allowed(person, against)) return false
    const board = this.#board
    const hard = state.totals[HARD]!
    if (!board.lift(person, block) || !board.lift(other, against)) return false
    return board.place(other, block) && board.place(person, against) && state.totals[HARD]! <= hard
  }

  #allowed(person: number, block: Block): boolean {
    return block.slots.every((slot) => this.#board.state.fits.allows(person, slot))
  }

  /** Somebody at random, or of a few the least loaded, or the one whom the block costs least. */
  #somebodyFor(block: Block): number {
    const { random, state } = this.#board
    const list = this.#board.peopleFor(block)
    if (list.length === 0) return -1
    let chosen = list[random.below(list.length)]!
    const kind = random.below(state.fits.hasSoft(block.slots[0]!) ? 3 : 2)
    if (kind === 0) return chosen
    const costOf = (person: number) =>
      kind === 1 ? loadOf(this.#board, person) : state.fits.softCost(person, block.slots[0]!)
    for (let i = 1; i < TOURNAMENT; i++) {
      const other = list[random.below(list.length)]!
      if (costOf(other) < costOf(chosen)) chosen = other
    }
    return chosen
  }

  #accepts(worth: number): boolean {
    return worth <= 0 || this.#board.random.next() < Math.exp(-worth / this.#temperature)
  }

  #copyBest(): void {
    if (!this.#bestIsHere) return
    this.best.snapshot = snapshotOf(this.#board)
    this.#bestIsHere = false
  }

  #noteBest(): void {
    const { totals } = this.#board.state
    if (compareTotals(totals, this.best.totals) >= 0) return
    this.best.totals.set(totals)
    this.#bestIsHere = true
  }

  /** Rises of random moves below the levels of cover and calm, least first. */
  #usualRises(): number[] {
    const { state } = this.#board
    const rises: number[] = []
    if (this.#assigned.length === 0) return rises
    for (let i = 0; i < 300; i++) {
      const block = this.#assigned[this.#board.random.below(this.#assigned.length)]!
      const mark = state.mark()
      this.#board.begin()
      if (this.#propose(block)) {
        const worth = this.#board.worth()
        if (worth > 0 && worth < CALM_WORTH) rises.push(worth)
      }
      state.undo(mark)
    }
    return rises.sort((a, b) => a - b)
  }
}
