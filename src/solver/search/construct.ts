import { LEVEL_COUNT, WISHES } from '../score.ts'
import { type Block, type Board, loadOf } from './board.ts'
import { LoadQueue } from './load-queue.ts'

/** So many of the least loaded people are tried in full. */
const TRIED = 8
/** Where person and slot have a cost of their own, so many of the least loaded are compared by it. */
const LOOKED_AT = 64

const NEED_ORDER = { mandatory: 0, desired: 1, optional: 2 }

/** Fills open blocks one after the other, hardest to staff first, each with the person who costs least. */
export function construct(board: Board, shouldStop: () => boolean): void {
  const seeker = new Seeker(board)
  for (const block of fillOrder(board)) {
    while (board.isOpen(block)) {
      if (shouldStop() || !(seeker.fill(block) || (block.slots.length > 1 && seeker.fill(block, true)))) break
    }
  }
}

/** Mandatory before desired, then priority, then few candidates, then time. */
export function fillOrder(board: Board): Block[] {
  const { model } = board.plan
  const ranked = board.blocks
    .filter((block) => model.slots[block.slots[0]!]!.need !== 'optional')
    .map((block) => {
      const slots = block.slots.map((slot) => model.slots[slot]!)
      return {
        block,
        need: Math.min(...slots.map((slot) => NEED_ORDER[slot.need])),
        priority: Math.max(...slots.map((slot) => slot.priority ?? 1)),
        size: block.slots.length,
        people: board.peopleFor(block).length,
        start: model.duties[block.slots[0]!]!.start,
        id: slots[0]!.id,
      }
    })
  ranked.sort(
    (a, b) =>
      a.need - b.need ||
      b.priority - a.priority ||
      b.size - a.size ||
      a.people - b.people ||
      a.start - b.start ||
      (a.id < b.id ? -1 : 1),
  )
  return ranked.map((entry) => entry.block)
}

class Seeker {
  readonly #board: Board
  readonly #queues = new Map<Int32Array, LoadQueue>()

  constructor(board: Board) {
    this.#board = board
  }

  /** Puts the cheapest of the least loaded feasible people into the block, into part of it when that is all one can take. */
  fill(block: Block, partial = false): boolean {
    const { state } = this.#board
    let chosen = -1
    let least = Number.POSITIVE_INFINITY
    for (const person of this.#shortList(block, partial)) {
      const mark = state.mark()
      this.#board.begin()
      if (!this.#board.place(person, block, partial)) continue
      const worth = this.#board.worth()
      state.undo(mark)
      if (worth < least) {
        least = worth
        chosen = person
      }
    }
    if (chosen < 0 || least >= 0) return false
    this.#board.place(chosen, block, partial)
    state.keep()
    return true
  }

  /** Feasible people, least loaded for their share first, then those whom the slot costs least. */
  #shortList(block: Block, partial: boolean): number[] {
    const { state } = this.#board
    const hasSoft = state.fits.hasSoft(block.slots[0]!)
    const found: { person: number; load: number; cost: number }[] = []
    this.#queueFor(block).visit((person) => {
      const open = block.slots.filter((slot) => state.open(slot) > 0)
      const takes = (slot: number) => state.canTake(person, slot)
      if (partial ? open.some(takes) : open.every(takes)) {
        const cost = hasSoft ? state.fits.softCost(person, block.slots[0]!) : 0
        found.push({ person, load: loadOf(this.#board, person), cost })
      }
      return found.length < (hasSoft ? LOOKED_AT : TRIED)
    })
    if (hasSoft) found.sort((a, b) => a.load - b.load || a.cost - b.cost)
    return found.slice(0, TRIED).map((entry) => entry.person)
  }

  #queueFor(block: Block): LoadQueue {
    const list = this.#board.peopleFor(block)
    const known = this.#queues.get(list)
    if (known) return known
    const queue = new LoadQueue(list, this.#keyFor(block.slots[0]!), this.#board.random)
    this.#queues.set(list, queue)
    return queue
  }

  /** Load first; what this kind of slot costs the person anyway (tier, distance) decides between equals. */
  #keyFor(slot: number): (person: number) => number {
    const { fits } = this.#board.state
    const costs = new Float64Array(LEVEL_COUNT)
    return (person) => {
      costs.fill(0)
      fits.addCosts(person, slot, costs, undefined)
      return loadOf(this.#board, person) + Math.min(costs[WISHES]!, 1e5) * 1e-6
    }
  }
}
