import { compareTotals } from '../score.ts'
import type { Board } from './board.ts'
import { type Best, restore, snapshotOf } from './improve.ts'

/** Rosters that are still tried one and all. */
const MOST_ROSTERS = 20_000

/**
 * Tries every roster of a tiny problem and leaves the best on the board. False, and nothing changed, when there are too
 * many. Nobody is put where a rule of person and slot forbids it; where hard rules must be broken, least is broken.
 */
export function exhaust(board: Board): boolean {
  const { state, plan } = board
  const { model } = plan
  const seats: number[] = []
  let rosters = 1
  for (let slot = 0; slot < model.slots.length; slot++) {
    const movable = state.holders(slot).filter((person) => !board.isFixed(person, slot)).length
    const free = state.open(slot) + movable
    for (let i = 0; i < free; i++) seats.push(slot)
    rosters *= (state.fits.peopleFor(slot).length + 1) ** free
    if (rosters > MOST_ROSTERS) return false
  }
  for (const block of board.blocks) board.clear(block)
  state.keep()
  const choices = model.slots.map((_slot, slot) =>
    [...state.fits.peopleFor(slot)].filter((person) => state.fits.allows(person, slot)),
  )
  const best: Best = { totals: Float64Array.from(state.totals), snapshot: snapshotOf(board) }
  const fill = (seat: number): void => {
    if (seat === seats.length) {
      if (compareTotals(state.totals, best.totals) >= 0) return
      best.totals.set(state.totals)
      best.snapshot = snapshotOf(board)
      return
    }
    fill(seat + 1)
    const slot = seats[seat]!
    for (const person of choices[slot]!) {
      if (state.holds(person, slot)) continue
      const mark = state.mark()
      state.assign(person, slot)
      fill(seat + 1)
      state.undo(mark)
    }
  }
  fill(0)
  restore(board, best.snapshot)
  return true
}
