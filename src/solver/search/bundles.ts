import type { RuleInstance } from '../types.ts'
import { type Board, loadOf } from './board.ts'

type Pairing = Extract<RuleInstance, { rule: 'pairing' }>

/**
 * People who serve together: whole crews, and those whom a hard rule pairs. Single moves cannot bring them in, so they
 * are moved as one.
 */
export class Bundles {
  readonly #board: Board
  readonly #members: number[][]
  /** Shifts with at least as many seats as the smallest bundle has people. */
  readonly #shifts: number[]

  constructor(board: Board) {
    this.#board = board
    const { model } = board.plan
    const indexes = (ids: string[]) => ids.map((id) => model.personIndex.get(id) ?? -1).filter((person) => person >= 0)
    const hard = model.problem.rules.filter((rule) => rule.strength === 'hard')
    const asked = model.problem.rules.some((rule) => rule.rule === 'crew-whole')
    const crews = asked ? (model.problem.crews ?? []) : []
    const pairs = hard.filter((rule): rule is Pairing => rule.rule === 'pairing' && rule.params.mode === 'together')
    this.#members = [
      ...crews.map((crew) => indexes(crew.personIds)),
      ...pairs.map((rule) => indexes(rule.params.personIds)),
    ].filter((members) => members.length > 1)
    const smallest = Math.min(...this.#members.map((members) => members.length))
    this.#shifts = model.slotsOfShift.flatMap((slots, shift) =>
      slots.reduce((seats, slot) => seats + model.seats[slot]!, 0) >= smallest ? [shift] : [],
    )
  }

  get exist(): boolean {
    return this.#members.length > 0 && this.#shifts.length > 0
  }

  /** Fills shifts with whole bundles, least loaded first, wherever that makes the roster better. */
  construct(): void {
    if (!this.exist) return
    const order = [...this.#members]
    const load = (members: number[]) =>
      members.reduce((sum, person) => sum + loadOf(this.#board, person), 0) / members.length
    for (const shift of this.#shifts) {
      order.sort((a, b) => load(a) - load(b))
      for (const members of order) if (this.#tryPlace(members, shift)) break
    }
  }

  /** A move: a shift gives up its bundle, another one takes its place. False when nothing came of it. */
  propose(): boolean {
    const { random, state } = this.#board
    const shift = this.#shifts[random.below(this.#shifts.length)]!
    const members = this.#members[random.below(this.#members.length)]!
    const slots = this.#board.plan.model.slotsOfShift[shift]!
    for (const slot of slots) {
      for (const person of [...state.holders(slot)])
        if (!this.#board.lift(person, this.#board.blockOf(slot))) return false
    }
    return this.#place(members, shift)
  }

  #tryPlace(members: number[], shift: number): boolean {
    const { state } = this.#board
    const mark = state.mark()
    this.#board.begin()
    if (this.#place(members, shift) && this.#board.worth() < 0) {
      state.keep()
      return true
    }
    state.undo(mark)
    return false
  }

  /** Everybody of the bundle into an open seat of the shift, those with fewest possible seats first. */
  #place(members: number[], shift: number): boolean {
    const { state } = this.#board
    const slots = this.#board.plan.model.slotsOfShift[shift]!
    const choices = members
      .map((person) => ({ person, slots: slots.filter((slot) => state.canTake(person, slot)) }))
      .sort((a, b) => a.slots.length - b.slots.length)
    for (const { person, slots: possible } of choices) {
      const slot = possible.find((candidate) => state.open(candidate) > 0)
      if (slot === undefined) return false
      state.assign(person, slot)
    }
    return true
  }
}
