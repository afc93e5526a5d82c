import { HARD } from '../score.ts'
import type { Board } from './board.ts'
import { choicesOf, fillBest, movableIn } from './exhaust.ts'

/** So many seats are filled anew together, as long as there are not more than so many ways to do it. */
const MOST_SEATS = 3
const MOST_WAYS = 20_000
/** The same, where hard rules are never broken more on the way. */
const MOST_STRICT_WAYS = 80_000

interface Seat {
  slot: number
  /** -1: open. */
  person: number
}

/**
 * Tries every change of one seat, of two and of three, hard rules in exchange for hard rules included, until none makes
 * the roster better: what moves by chance may have overlooked. Only rosters so small that this takes an instant.
 */
export function polish(board: Board, isOver: () => boolean): void {
  if (!isSmall(board)) return
  const choices = choicesOf(board)
  for (let count = 1; count <= MOST_SEATS && !isOver(); ) {
    const seats = seatsOf(board)
    const ways = waysToFill(seats, choices, count)
    if (ways > MOST_STRICT_WAYS) return
    const mostHard = ways > MOST_WAYS ? board.state.totals[HARD]! : Number.POSITIVE_INFINITY
    count = improveBy(board, seats, choices, count, { mostHard, isOver }) ? 1 : count + 1
  }
}

/** Is the roster small enough to be polished? */
export function isSmall({ state, plan }: Board): boolean {
  const { slots, seats } = plan.model
  const ways = slots.reduce((sum, _slot, slot) => sum + seats[slot]! * (state.fits.peopleFor(slot).length + 1), 0)
  return ways <= MOST_WAYS
}

function seatsOf(board: Board): Seat[] {
  return board.plan.model.slots.flatMap((_slot, slot) => {
    const open = Math.max(0, board.state.open(slot))
    return [...movableIn(board, slot), ...new Array<number>(open).fill(-1)].map((person) => ({ slot, person }))
  })
}

/** Number of rosters that differ in `count` seats at most: the elementary symmetric sum of the choices of each seat. */
function waysToFill(seats: readonly Seat[], choices: readonly number[][], count: number): number {
  const sums = new Float64Array(count + 1)
  sums[0] = 1
  for (const { slot } of seats) {
    for (let k = count; k > 0; k--) sums[k]! += sums[k - 1]! * (choices[slot]!.length + 1)
  }
  return sums[count]!
}

function improveBy(
  board: Board,
  seats: readonly Seat[],
  choices: readonly number[][],
  count: number,
  { mostHard, isOver }: { mostHard: number; isOver: () => boolean },
): boolean {
  const { state } = board
  for (const emptied of combinations(seats, count)) {
    if (isOver()) return false
    const mark = state.mark()
    const before = Float64Array.from(state.totals)
    for (const { person, slot } of emptied) if (person >= 0) state.unassign(person, slot)
    const slots = emptied.map(({ slot }) => slot)
    if (fillBest(board, slots, choices, before, mostHard)) {
      state.keep()
      return true
    }
    state.undo(mark)
  }
  return false
}

/** Every choice of so many of the items, in their order. */
function* combinations<T>(items: readonly T[], count: number, from = 0): Generator<T[]> {
  if (count === 0) {
    yield []
    return
  }
  for (let i = from; i + count <= items.length; i++) {
    for (const rest of combinations(items, count - 1, i + 1)) yield [items[i]!, ...rest]
  }
}
