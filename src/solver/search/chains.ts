import { shuffle } from '../random.ts'
import type { Block, Board } from './board.ts'

const DEPTH = 3
const BREADTH = [60, 12, 6]

/**
 * Fills a block through an ejection chain: somebody who would fit gives up a duty that stands in the way, that duty goes
 * to another person, who may give up one in turn. True when the roster is better afterwards; else nothing is changed.
 */
export function fillByChain(board: Board, block: Block): boolean {
  const mark = board.state.mark()
  board.begin()
  if (seat(board, block, DEPTH, new Set()) && board.worth() < -1e-9) {
    board.state.keep()
    return true
  }
  board.state.undo(mark)
  return false
}

function seat(board: Board, block: Block, depth: number, moved: Set<Block>): boolean {
  const people = sample(board, block, BREADTH[DEPTH - depth] ?? 6)
  for (const person of people) if (board.place(person, block)) return true
  if (depth <= 1) return false
  moved.add(block)
  for (const person of people) {
    if (seatByEjection(board, block, person, depth, moved)) return true
  }
  moved.delete(block)
  return false
}

function seatByEjection(board: Board, block: Block, person: number, depth: number, moved: Set<Block>): boolean {
  const { state } = board
  const timeline = state.timelines[person]!
  const own = new Set(timeline.filter((duty) => duty.slot >= 0).map((duty) => board.blockOf(duty.slot)))
  for (const other of own) {
    if (moved.has(other)) continue
    const mark = state.mark()
    if (board.lift(person, other) && board.place(person, block) && seat(board, other, depth - 1, moved)) return true
    state.undo(mark)
  }
  return false
}

/** People who fit the block by themselves, a random few. */
function sample(board: Board, block: Block, count: number): number[] {
  const { state, random } = board
  const list = board.peopleFor(block)
  const fitting: number[] = []
  const start = list.length > 0 ? random.below(list.length) : 0
  for (let k = 0; k < list.length && fitting.length < count; k++) {
    const person = list[(start + k) % list.length]!
    const fits = block.slots.every((slot) => !state.holds(person, slot) && state.fits.allows(person, slot))
    if (fits) fitting.push(person)
  }
  return shuffle(fitting, random)
}

/**
 * Puts a person back where the published roster has them. Whoever stands there now takes over what the person gives up
 * for it, or else that is filled by a chain. True when the roster is better afterwards; else nothing is changed.
 */
export function restorePublished(board: Board, person: number, slot: number): boolean {
  const { state } = board
  const own = state.timelines[person]!.filter((duty) => duty.slot >= 0).map((duty) => board.blockOf(duty.slot))
  board.begin()
  for (const given of [undefined, ...new Set(own)]) {
    const mark = state.mark()
    if (exchange(board, person, board.blockOf(slot), given) && board.worth() < -1e-9) {
      state.keep()
      return true
    }
    state.undo(mark)
  }
  return false
}

function exchange(board: Board, person: number, block: Block, given: Block | undefined): boolean {
  if (given === block) return false
  const evicted = new Set(block.slots.flatMap((slot) => (board.state.open(slot) > 0 ? [] : board.state.holders(slot))))
  for (const other of evicted) if (!board.lift(other, block)) return false
  if (given && !board.lift(person, given)) return false
  if (!board.place(person, block)) return false
  if (!given) return true
  for (const other of evicted) if (board.isOpen(given) && board.place(other, given)) return true
  return seat(board, given, DEPTH, new Set([block]))
}
