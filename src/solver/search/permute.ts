import type { Board } from './board.ts'

/** Slots of one time are exchanged among their holders up to this number: the work grows with its cube. */
const MOST_SLOTS = 300
const IMPOSSIBLE = 1e9

/**
 * Exchanges duties of the same hours among the people who hold them, so that what person and slot cost together
 * (distance, order of echelons) is least: an assignment problem for each time, solved to the optimum. Loads and rests
 * stay as they are. Left alone where something is published: there, staying put is worth more.
 */
export function permute(board: Board): void {
  const { model } = board.plan
  if ((model.problem.published ?? []).length > 0) return
  for (const seats of seatsByTime(board).values()) {
    if (seats.length > 1 && seats.length <= MOST_SLOTS) exchange(board, seats)
  }
}

interface Seat {
  slot: number
  person: number
}

function seatsByTime(board: Board): Map<string, Seat[]> {
  const { plan, state } = board
  const groups = new Map<string, Seat[]>()
  for (const block of board.blocks) {
    const [slot] = block.slots
    if (slot === undefined || block.slots.length > 1 || !state.fits.hasSoft(slot)) continue
    const { facts } = plan.model.duties[slot]!
    const { startsAt, endsAt, minutes, nightMinutes = 0, weekendMinutes = 0, holidayMinutes = 0 } = facts
    const key = [startsAt, endsAt, minutes, nightMinutes, weekendMinutes, holidayMinutes].join(' ')
    for (const person of state.holders(slot)) {
      if (board.isFixed(person, slot)) continue
      const group = groups.get(key)
      if (group) group.push({ slot, person })
      else groups.set(key, [{ slot, person }])
    }
  }
  return groups
}

function exchange(board: Board, seats: Seat[]): void {
  const { state } = board
  const { fits } = state
  const costs = seats.map(({ person }) =>
    Float64Array.from(seats, ({ slot }) => (fits.allows(person, slot) ? fits.softCost(person, slot) : IMPOSSIBLE)),
  )
  const target = leastCostAssignment(costs)
  const before = costs.reduce((sum, row, i) => sum + row[i]!, 0)
  const after = costs.reduce((sum, row, i) => sum + row[target[i]!]!, 0)
  if (after > before - 1e-9) return
  const mark = state.mark()
  board.begin()
  for (const { person, slot } of seats) board.lift(person, board.blockOf(slot))
  const isPlaced = seats.every(({ person }, i) => board.place(person, board.blockOf(seats[target[i]!]!.slot)))
  if (isPlaced && board.worth() < 0) state.keep()
  else state.undo(mark)
}

/**
 * For each row a column of its own, least sum of costs: shortest augmenting paths with row and column prices (the
 * Hungarian method as improved by Jonker and Volgenant, 1987). Costs are finite; the matrix is square.
 */
export function leastCostAssignment(costs: readonly Float64Array[]): Int32Array {
  const n = costs.length
  const rowPrice = new Float64Array(n + 1)
  const columnPrice = new Float64Array(n + 1)
  /** Row (from 1) matched to each column; column 0 is where a search starts. */
  const rowOf = new Int32Array(n + 1)
  const cameFrom = new Int32Array(n + 1)
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row
    const least = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY)
    const isDone = new Uint8Array(n + 1)
    let column = 0
    do {
      isDone[column] = 1
      const from = rowOf[column]!
      let [delta, next] = [Number.POSITIVE_INFINITY, 0]
      for (let j = 1; j <= n; j++) {
        if (isDone[j] === 1) continue
        const reduced = costs[from - 1]![j - 1]! - rowPrice[from]! - columnPrice[j]!
        if (reduced < least[j]!) {
          least[j] = reduced
          cameFrom[j] = column
        }
        if (least[j]! < delta) {
          delta = least[j]!
          next = j
        }
      }
      for (let j = 0; j <= n; j++) {
        if (isDone[j] === 1) {
          rowPrice[rowOf[j]!]! += delta
          columnPrice[j]! -= delta
        } else {
          least[j]! -= delta
        }
      }
      column = next
    } while (rowOf[column] !== 0)
    while (column !== 0) {
      rowOf[column] = rowOf[cameFrom[column]!]!
      column = cameFrom[column]!
    }
  }
  const columnOf = new Int32Array(n)
  for (let j = 1; j <= n; j++) columnOf[rowOf[j]! - 1] = j - 1
  return columnOf
}
