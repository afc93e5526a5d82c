import { type Block, type Board, loadOf } from './board.ts'

const MOST_PASSES = 6
/** Least loaded people asked directly for one duty, and attempts to reach one of them through a third person. */
const ASKED = 60
const DETOURS = 40

/**
 * Evens out loads: duties of the most loaded people go to the least loaded who can take them, directly or by way of a
 * third person who hands on another duty. Only what makes the roster better is done.
 */
export function balance(board: Board, isOver: () => boolean): void {
  const blocks = board.blocks.filter((block) => board.peopleFor(block).length > 0)
  if (board.plan.balances.length === 0 || blocks.length === 0) return
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const orders = new Map<Int32Array, LoadOrder>()
    let changes = 0
    for (const person of busiestFirst(board)) {
      if (isOver()) return
      for (const duty of [...board.state.timelines[person]!]) {
        if (duty.slot < 0) continue
        const block = board.blockOf(duty.slot)
        const others = lighter(board, person, block, leastLoadedFirst(board, block, orders))
        if (hand(board, person, block, others) || handByDetour(board, person, block, others, blocks)) changes++
      }
    }
    if (changes === 0) return
  }
}

function busiestFirst(board: Board): number[] {
  const { timelines } = board.state
  const busy = timelines.flatMap((timeline, person) => (timeline.some((duty) => duty.slot >= 0) ? [person] : []))
  const load = new Map(busy.map((person) => [person, loadOf(board, person)]))
  return busy.sort((a, b) => load.get(b)! - load.get(a)!)
}

/** People by load, and their loads, at the start of a pass. */
interface LoadOrder {
  people: Int32Array
  loads: Float64Array
}

function leastLoadedFirst(board: Board, block: Block, orders: Map<Int32Array, LoadOrder>): LoadOrder {
  const list = board.peopleFor(block)
  const known = orders.get(list)
  if (known) return known
  const load = new Map([...list].map((person) => [person, loadOf(board, person)]))
  const people = Int32Array.from(list).sort((a, b) => load.get(a)! - load.get(b)!)
  const order = { people, loads: Float64Array.from(people, (person) => load.get(person)!) }
  orders.set(list, order)
  return order
}

/** People who would still carry less than the person does now if they had the block besides. */
function lighter(board: Board, person: number, block: Block, { people, loads }: LoadOrder): number[] {
  const { duties } = board.plan.model
  const weight = block.slots.reduce((sum, slot) => sum + duties[slot]!.minutes, 0)
  const limit = loadOf(board, person) - weight
  const found: number[] = []
  for (let i = 0; i < people.length && loads[i]! < limit && found.length < ASKED; i++) {
    if (loadOf(board, people[i]!) < limit) found.push(people[i]!)
  }
  return found
}

function hand(board: Board, person: number, block: Block, others: number[]): boolean {
  const { state } = board
  for (const other of others) {
    if (!block.slots.every((slot) => state.canTake(other, slot))) continue
    const mark = state.mark()
    board.begin()
    if (board.lift(person, block) && board.place(other, block) && board.worth() < -1e-9) {
      state.keep()
      return true
    }
    state.undo(mark)
  }
  return false
}

function handByDetour(board: Board, person: number, block: Block, others: number[], blocks: Block[]): boolean {
  const { state, random } = board
  const [other] = others
  if (other === undefined) return false
  for (let tries = 0; tries < DETOURS; tries++) {
    const between = blocks[random.below(blocks.length)]!
    const [third] = state.holders(between.slots[0]!)
    if (third === undefined || third === person || third === other || between === block) continue
    if (!state.fits.allows(other, between.slots[0]!) || !state.fits.allows(third, block.slots[0]!)) continue
    const mark = state.mark()
    board.begin()
    const done =
      board.lift(third, between) &&
      board.lift(person, block) &&
      board.place(other, between) &&
      board.place(third, block)
    if (done && board.worth() < -1e-9) {
      state.keep()
      return true
    }
    state.undo(mark)
  }
  return false
}
