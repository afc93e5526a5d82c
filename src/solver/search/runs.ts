import type { Block, Board } from './board.ts'

/** Days a run of duties may be made longer to satisfy rules that forbid single days. */
const LONGEST_RUN = 7

/**
 * Fills a block together with slots of the days around it, all by one person: for hard rules that ask for several days
 * in a row, whole weekends or a wanted succession. True when the roster is better afterwards.
 */
export function fillByRun(board: Board, block: Block): boolean {
  const { state, random } = board
  const list = board.peopleFor(block)
  const start = list.length > 0 ? random.below(list.length) : 0
  for (let k = 0; k < Math.min(list.length, 40); k++) {
    const person = list[(start + k) % list.length]!
    const mark = state.mark()
    board.begin()
    for (const slot of block.slots) {
      if (state.open(slot) > 0 && !state.holds(person, slot) && state.fits.allows(person, slot))
        state.assign(person, slot)
    }
    for (const step of [1, -1]) extend(board, person, block, step)
    if (board.worth() < 0) {
      state.keep()
      return true
    }
    state.undo(mark)
  }
  return false
}

/** Adds open duties day by day as long as the roster gets no worse by it, or may get better with one day more. */
function extend(board: Board, person: number, block: Block, step: number): void {
  const { state, plan } = board
  const from = plan.model.duties[block.slots[0]!]!.day
  for (let length = 1; length <= LONGEST_RUN && board.worth() >= 0; length++) {
    const slot = openSlotOn(board, person, from + step * length)
    if (slot < 0) return
    state.assign(person, slot)
  }
}

function openSlotOn(board: Board, person: number, day: number): number {
  const { state, plan } = board
  const slots = plan.model.slotsOfDay.get(day) ?? []
  const start = slots.length > 0 ? board.random.below(slots.length) : 0
  for (let k = 0; k < slots.length; k++) {
    const slot = slots[(start + k) % slots.length]!
    if (state.open(slot) > 0 && !state.holds(person, slot) && state.fits.allows(person, slot)) return slot
  }
  return -1
}
