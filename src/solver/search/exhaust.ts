import { compareTotals, HARD } from '../score.ts'
import type { Board } from './board.ts'

/** Rosters that are still tried one and all. */
const MOST_ROSTERS = 20_000

/** For each slot the people who may be put there: those whom no rule of person and slot forbids, and who holds it now. */
export function choicesOf(board: Board): number[][] {
  const { state, plan } = board
  return plan.model.slots.map((_slot, slot) => {
    const allowed = [...state.fits.peopleFor(slot)].filter((person) => state.fits.allows(person, slot))
    return [...new Set([...allowed, ...movableIn(board, slot)])]
  })
}

/** Holders of a slot who are not fixed there. */
export const movableIn = (board: Board, slot: number): number[] =>
  board.state.holders(slot).filter((person) => !board.isFixed(person, slot))

/**
 * Fills open seats (named by their slots) in every way. The best way, if the roster gets better than `totals` by it, stays
 * on the board; else the seats stay open and the answer is false. Hard rules may be broken,
 * on the way by no more than `mostHard`; least broken is best.
 */
export function fillBest(
  { state }: Board,
  seats: readonly number[],
  choices: readonly number[][],
  totals: Float64Array,
  mostHard = Number.POSITIVE_INFINITY,
): boolean {
  const least = Float64Array.from(totals)
  const chosen = new Int32Array(seats.length).fill(-1)
  let best: Int32Array | undefined
  const fill = (seat: number): void => {
    if (seat === seats.length) {
      if (compareTotals(state.totals, least) >= 0) return
      least.set(state.totals)
      best = chosen.slice()
      return
    }
    fill(seat + 1)
    const slot = seats[seat]!
    for (const person of choices[slot]!) {
      if (state.holds(person, slot)) continue
      const mark = state.mark()
      state.assign(person, slot)
      chosen[seat] = person
      if (state.totals[HARD]! <= mostHard) fill(seat + 1)
      state.undo(mark)
    }
    chosen[seat] = -1
  }
  fill(0)
  best?.forEach((person, seat) => {
    if (person >= 0) state.assign(person, seats[seat]!)
  })
  return best !== undefined
}

/** Tries every roster of a tiny problem and leaves the best on the board. False, and nothing changed, when there are too many. */
export function exhaust(board: Board): boolean {
  const { state, plan } = board
  const seats: number[] = []
  let rosters = 1
  for (let slot = 0; slot < plan.model.slots.length; slot++) {
    const free = state.open(slot) + movableIn(board, slot).length
    for (let i = 0; i < free; i++) seats.push(slot)
    rosters *= (state.fits.peopleFor(slot).length + 1) ** free
    if (rosters > MOST_ROSTERS) return false
  }
  const choices = choicesOf(board)
  for (const block of board.blocks) board.clear(block)
  state.keep()
  fillBest(board, seats, choices, state.totals)
  state.keep()
  return true
}
