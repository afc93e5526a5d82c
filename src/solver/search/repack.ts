import { shuffle } from '../random.ts'
import type { Board } from './board.ts'

/** Open slots looked at for one person. */
const MOST_SLOTS = 300
const MOST_PASSES = 40
/** One open slot in so many is passed over, so that the same person is not packed in the same way each time. */
const PASS_OVER = 5
/** Worth below this is justice and wishes, which do not matter while seats are open. */
const LITTLE = 1e8

/**
 * Packs the duties of one person anew, so that more of them fit between the rests: everything is given up, then open
 * slots are taken, earliest end first, which gives the most duties where rest is what limits. The caller judges the
 * result and takes it back if need be.
 */
export class Repacker {
  readonly #board: Board
  readonly #slotsOfClass = new Map<number, number[]>()
  readonly #classesOf = new Map<number, number[]>()

  constructor(board: Board) {
    this.#board = board
    const { model } = board.plan
    for (let slot = 0; slot < model.slots.length; slot++) {
      if (model.slots[slot]!.need === 'optional' || board.blockOf(slot).slots.length > 1) continue
      const fitClass = board.state.fits.classOf(slot)
      const slots = this.#slotsOfClass.get(fitClass)
      if (slots) slots.push(slot)
      else this.#slotsOfClass.set(fitClass, [slot])
    }
  }

  repack(person: number): void {
    const { state, plan, random } = this.#board
    for (const duty of [...state.timelines[person]!]) {
      if (duty.slot < 0 || this.#board.blockOf(duty.slot).slots.length > 1) continue
      this.#board.lift(person, this.#board.blockOf(duty.slot))
    }
    const open = this.#classes(person)
      .flatMap((fitClass) => this.#slotsOfClass.get(fitClass)!)
      .filter((slot) => state.open(slot) > 0 && state.fits.allows(person, slot))
    const looked = shuffle(open, random).slice(0, MOST_SLOTS)
    looked.sort((a, b) => plan.model.duties[a]!.end - plan.model.duties[b]!.end)
    let free = Number.NEGATIVE_INFINITY
    for (const slot of looked) {
      const duty = plan.model.duties[slot]!
      if (duty.start < free || random.below(PASS_OVER) === 0) continue
      if (this.#board.place(person, this.#board.blockOf(slot))) free = duty.end
    }
  }

  /** People who could take open seats are packed anew, again and again, while more seats get filled. */
  fill(isOver: () => boolean): void {
    const { state } = this.#board
    for (let pass = 0, idle = 0; pass < MOST_PASSES && idle < 3; pass++, idle++) {
      const people = this.#wanted()
      if (people.length === 0) return
      for (const person of people) {
        if (isOver()) return
        const mark = state.mark()
        this.#board.begin()
        this.repack(person)
        const worth = this.#board.worth()
        if (worth < -LITTLE) idle = 0
        if (worth <= LITTLE) state.keep()
        else state.undo(mark)
      }
    }
  }

  /** People on the lists of open slots, in random order. */
  #wanted(): number[] {
    const { state, random } = this.#board
    const wanted = new Set<number>()
    for (const [, slots] of this.#slotsOfClass) {
      if (slots.some((slot) => state.open(slot) > 0))
        for (const person of state.fits.peopleFor(slots[0]!)) wanted.add(person)
    }
    return shuffle([...wanted], random)
  }

  #classes(person: number): number[] {
    const known = this.#classesOf.get(person)
    if (known) return known
    const { fits } = this.#board.state
    const classes = [...this.#slotsOfClass].filter(([, slots]) => fits.mayFit(person, slots[0]!)).map(([key]) => key)
    this.#classesOf.set(person, classes)
    return classes
  }
}
