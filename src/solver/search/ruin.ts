import { shuffle } from '../random.ts'
import { type Block, type Board, loadOf } from './board.ts'

const MOST_BLOCKS = 10
const TRIED = 4
/** One candidate in so many is overlooked: greed alone would always end in the same place. */
const BLINK = 5

/**
 * Empties a few blocks that have to do with each other and fills them again, cheapest person first. The caller judges
 * the result and takes it back if need be.
 */
export function ruinAndRecreate(board: Board, seed: Block, blocks: readonly Block[]): boolean {
  recreate(board, [...relatedBlocks(board, seed, blocks)])
  return true
}

/** Empties blocks and fills them again in random order. */
export function recreate(board: Board, blocks: readonly Block[]): void {
  for (const block of blocks) board.clear(block)
  for (const block of shuffle([...blocks], board.random)) refill(board, block)
}

/** The block itself, duties of its people, and others at random. */
function relatedBlocks(board: Board, seed: Block, blocks: readonly Block[]): Set<Block> {
  const { state, random } = board
  const chosen = new Set([seed])
  const size = 2 + random.below(MOST_BLOCKS - 1)
  for (const person of seed.slots.flatMap((slot) => state.holders(slot))) {
    for (const duty of state.timelines[person]!) {
      if (duty.slot >= 0 && chosen.size < size && random.below(2) === 0) chosen.add(board.blockOf(duty.slot))
    }
  }
  for (let tries = 0; chosen.size < size && tries < MOST_BLOCKS; tries++) {
    chosen.add(blocks[random.below(blocks.length)]!)
  }
  return chosen
}

function refill(board: Board, block: Block): void {
  const { state } = board
  while (board.isOpen(block)) {
    let chosen = -1
    let least = 0
    for (const person of tryOrder(board, block)) {
      if (board.random.below(BLINK) === 0) continue
      const mark = state.mark()
      board.hold()
      if (!board.place(person, block, true)) continue
      const worth = board.heldWorth()
      state.undo(mark)
      if (worth < least) {
        least = worth
        chosen = person
      }
    }
    if (chosen < 0) return
    board.place(chosen, block, true)
  }
}

/** A few people at random who could take a slot of the block, less loaded ones more often. */
function tryOrder(board: Board, block: Block): number[] {
  const { state, random } = board
  const list = board.peopleFor(block)
  const found: number[] = []
  const looks = Math.min(list.length, TRIED * 8)
  const start = list.length > 0 ? random.below(list.length) : 0
  for (let k = 0; k < looks && found.length < TRIED * 2; k++) {
    const person = list[(start + k) % list.length]!
    if (block.slots.some((slot) => state.open(slot) > 0 && state.canTake(person, slot))) found.push(person)
  }
  return found.sort((a, b) => loadOf(board, a) - loadOf(board, b)).slice(0, TRIED)
}
