import type { Block, Board } from './board.ts'

/** So many of the least loaded people are tried in full. */
const TRIED = 8
/** Of longer lists so many people are looked at for one seat, from where the last look ended. */
const LOOKED_AT = 1500

const NEED_ORDER = { mandatory: 0, desired: 1, optional: 2 }

/** Fills open blocks one after the other, hardest to staff first, each with the person who costs least. */
export function construct(board: Board, shouldStop: () => boolean): void {
  const seeker = new Seeker(board)
  for (const block of fillOrder(board)) {
    while (board.isOpen(block)) {
      if (shouldStop() || !seeker.fill(block)) break
    }
  }
}

/** Mandatory before desired, then priority, then few candidates for each seat, then time. */
export function fillOrder(board: Board): Block[] {
  const { model } = board.plan
  const demand = new Map<number, number>()
  model.slots.forEach((_slot, i) => {
    const key = board.state.fits.classOf(i)
    demand.set(key, (demand.get(key) ?? 0) + model.seats[i]!)
  })
  const ranked = board.blocks
    .filter((block) => model.slots[block.slots[0]!]!.need !== 'optional')
    .map((block) => {
      const slots = block.slots.map((slot) => model.slots[slot]!)
      return {
        block,
        need: Math.min(...slots.map((slot) => NEED_ORDER[slot.need])),
        priority: Math.max(...slots.map((slot) => slot.priority ?? 1)),
        size: block.slots.length,
        plenty: board.peopleFor(block).length / demand.get(board.state.fits.classOf(block.slots[0]!))!,
        start: model.duties[block.slots[0]!]!.start,
        id: slots[0]!.id,
      }
    })
  ranked.sort(
    (a, b) =>
      a.need - b.need ||
      b.priority - a.priority ||
      b.size - a.size ||
      a.plenty - b.plenty ||
      a.start - b.start ||
      (a.id < b.id ? -1 : 1),
  )
  return ranked.map((entry) => entry.block)
}

class Seeker {
  readonly #board: Board
  readonly #cursor = new Map<Int32Array, number>()

  constructor(board: Board) {
    this.#board = board
  }

  /** Puts the cheapest of the least loaded feasible people into the block. */
  fill(block: Block): boolean {
    const { state } = this.#board
    let chosen = -1
    let least = Number.POSITIVE_INFINITY
    for (const person of this.#shortList(block)) {
      const mark = state.mark()
      this.#board.begin()
      if (!this.#board.place(person, block)) continue
      const worth = this.#board.worth()
      state.undo(mark)
      if (worth < least) {
        least = worth
        chosen = person
      }
    }
    if (chosen < 0 || least >= 0) return false
    this.#board.place(chosen, block)
    state.keep()
    return true
  }

  /** Feasible people, least loaded for their share first. */
  #shortList(block: Block): number[] {
    const { state, plan } = this.#board
    const list = this.#board.peopleFor(block)
    const from = this.#cursor.get(list) ?? 0
    const count = Math.min(list.length, LOOKED_AT)
    const found: { person: number; load: number }[] = []
    for (let k = 0; k < count; k++) {
      const person = list[(from + k) % list.length]!
      const load = plannedLoad(state.timelines[person]!, plan.model.people[person]!)
      if (found.length === TRIED && load >= found[TRIED - 1]!.load) continue
      if (!block.slots.every((slot) => state.open(slot) <= 0 || state.canTake(person, slot))) continue
      let at = found.length
      while (at > 0 && found[at - 1]!.load > load) at--
      found.splice(at, 0, { person, load })
      if (found.length > TRIED) found.pop()
    }
    if (list.length > LOOKED_AT) this.#cursor.set(list, (from + count) % list.length)
    return found.map((entry) => entry.person)
  }
}

function plannedLoad(
  timeline: readonly { minutes: number; slot: number }[],
  person: { share?: number; carriedIn?: { minutes?: number } },
): number {
  let minutes = person.carriedIn?.minutes ?? 0
  for (const duty of timeline) if (duty.slot >= 0) minutes += duty.minutes
  return minutes / Math.max(0.01, person.share ?? 1)
}
