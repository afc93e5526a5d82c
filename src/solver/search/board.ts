import type { Plan } from '../checks.ts'
import type { Random } from '../random.ts'
import { HARD, LEVEL_COUNT } from '../score.ts'
import { RosterState } from '../state.ts'
import type { Assignment } from '../types.ts'

/** What is moved as one: a single slot, or all slots of a link. */
export interface Block {
  slots: number[]
}

/** The roster under search and what the moves need to know about it. */
export class Board {
  readonly plan: Plan
  readonly state: RosterState
  readonly random: Random
  /** Every block once; slots with many seats have one block that is filled again and again. */
  readonly blocks: Block[]
  readonly blockOfSlot: Int32Array
  /** Minutes each carried in beyond the fair share, where a rule of justice counts minutes. */
  readonly carried: Float64Array | undefined
  /** Assignments the search must not touch. */
  readonly #fixed = new Set<number>()
  readonly #before = new Float64Array(LEVEL_COUNT)
  readonly #held = new Float64Array(LEVEL_COUNT)

  constructor(plan: Plan, random: Random) {
    this.plan = plan
    this.random = random
    this.state = new RosterState(plan)
    this.blocks = blocksOf(plan)
    this.blockOfSlot = new Int32Array(plan.model.slots.length)
    this.blocks.forEach((block, b) => {
      for (const slot of block.slots) this.blockOfSlot[slot] = b
    })
    this.carried = plan.balances.find(
      ({ rule }) => rule.rule === 'fair-share' && rule.params.measure === 'minutes',
    )?.balance.carried
    this.#installStanding()
  }

  isFixed(person: number, slot: number): boolean {
    return this.#fixed.has(person * this.plan.model.slots.length + slot)
  }

  blockOf(slot: number): Block {
    return this.blocks[this.blockOfSlot[slot]!]!
  }

  isOpen(block: Block): boolean {
    return block.slots.some((slot) => this.state.open(slot) > 0)
  }

  /** People to try for a block: those of the slot with the fewest. */
  peopleFor(block: Block): Int32Array {
    let best = this.state.fits.peopleFor(block.slots[0]!)
    for (const slot of block.slots) {
      const list = this.state.fits.peopleFor(slot)
      if (list.length < best.length) best = list
    }
    return best
  }

  /**
   * Puts the person into every open slot of the block (into those possible, when it is `partial`). False, and nothing
   * changed, when a hard rule forbids it.
   */
  place(person: number, block: Block, partial = false): boolean {
    const mark = this.state.mark()
    const hard = this.state.totals[HARD]!
    let placed = 0
    for (const slot of block.slots) {
      if (this.state.open(slot) <= 0) continue
      if (this.#placeOne(person, slot, hard)) placed++
      else if (!partial) {
        this.state.undo(mark)
        return false
      }
    }
    return placed > 0
  }

  #placeOne(person: number, slot: number, hard: number): boolean {
    if (this.state.holds(person, slot) || !this.state.canTake(person, slot)) return false
    const mark = this.state.mark()
    this.state.assign(person, slot)
    if (this.state.totals[HARD]! <= hard) return true
    this.state.undo(mark)
    return false
  }

  /** Takes the person out of the block, except where fixed. */
  lift(person: number, block: Block): boolean {
    if (block.slots.some((slot) => this.isFixed(person, slot))) return false
    for (const slot of block.slots) if (this.state.holds(person, slot)) this.state.unassign(person, slot)
    return true
  }

  /** Takes everybody out of the block, except where fixed. */
  clear(block: Block): void {
    const people = new Set(block.slots.flatMap((slot) => [...this.state.holders(slot)]))
    for (const person of people) this.lift(person, block)
  }

  /** Published assignments that the roster on the board does not hold. */
  missing(): { person: number; slot: number }[] {
    const { model } = this.plan
    return (model.problem.published ?? [])
      .map((a) => ({ person: model.personIndex.get(a.personId)!, slot: model.slotIndex.get(a.slotId)! }))
      .filter(({ person, slot }) => !this.state.holds(person, slot) && this.state.fits.allows(person, slot))
  }

  /** Remembers the totals that `worth` compares with. */
  begin(): void {
    this.#before.set(this.state.totals)
  }

  worth(): number {
    return this.state.worthSince(this.#before)
  }

  /** The same, one level deeper: for choices inside a move. */
  hold(): void {
    this.#held.set(this.state.totals)
  }

  heldWorth(): number {
    return this.state.worthSince(this.#held)
  }

  /** Pins and frozen assignments first, then what is published, as far as it still holds. */
  #installStanding(): void {
    const { problem } = this.plan.model
    const published = problem.published ?? []
    for (const assignment of [...(problem.pins ?? []), ...published.filter((a) => a.frozen)]) {
      this.#install(assignment, true)
    }
    for (const confirmed of [true, false]) {
      for (const assignment of published) {
        if (assignment.confirmed === confirmed && this.#mayStand(assignment)) this.#install(assignment, false)
      }
    }
    this.#installCrews(published)
  }

  /** Whoever may not serve without their crew stands with it or not at all. */
  #installCrews(published: readonly Assignment[]): void {
    const { model } = this.plan
    const left = published
      .map((a) => ({ person: model.personIndex.get(a.personId)!, slot: model.slotIndex.get(a.slotId)! }))
      .filter(({ person, slot }) => !this.state.holds(person, slot))
    const leftOf = Map.groupBy(left, ({ person }) => person)
    for (const { personIds } of model.problem.crews ?? []) {
      const own = personIds.flatMap((id) => leftOf.get(model.personIndex.get(id)!) ?? [])
      for (const together of Map.groupBy(own, ({ slot }) => model.shiftOfSlot[slot]!).values()) {
        const mark = this.state.mark()
        const hard = this.state.totals[HARD]!
        for (const { person, slot } of together) if (this.state.open(slot) > 0) this.state.assign(person, slot)
        if (this.state.totals[HARD]! > hard) this.state.undo(mark)
        else this.state.keep()
      }
    }
  }

  /** Does no rule of person and slot forbid it, unless that was overridden? */
  #mayStand({ personId, slotId, overrides }: Assignment): boolean {
    const { personIndex, slotIndex } = this.plan.model
    if (overrides && overrides.length > 0) return true
    return this.state.fits.allows(personIndex.get(personId)!, slotIndex.get(slotId)!)
  }

  #install(assignment: Assignment, isFixed: boolean): void {
    const { model } = this.plan
    const person = model.personIndex.get(assignment.personId)!
    const slot = model.slotIndex.get(assignment.slotId)!
    const key = person * model.slots.length + slot
    if (this.state.open(slot) <= 0 || this.state.holds(person, slot)) {
      if (isFixed && this.state.holds(person, slot)) this.#fixed.add(key)
      return
    }
    const hard = this.state.totals[HARD]!
    this.state.install(person, slot, assignment)
    if (isFixed) this.#fixed.add(key)
    else if (this.state.totals[HARD]! > hard) {
      this.state.unassign(person, slot)
      this.state.keep()
    }
  }
}

function blocksOf(plan: Plan): Block[] {
  const { model } = plan
  const linked = new Set<number>()
  const blocks: Block[] = []
  for (const link of model.problem.links ?? []) {
    const slots = link.slotIds.map((id) => model.slotIndex.get(id)!).filter((slot) => !linked.has(slot))
    for (const slot of slots) linked.add(slot)
    if (slots.length > 0) blocks.push({ slots })
  }
  for (let slot = 0; slot < model.slots.length; slot++) if (!linked.has(slot)) blocks.push({ slots: [slot] })
  return blocks
}

/** Planned minutes of a person, and those carried in beyond the fair share, in relation to the share they should carry. */
export function loadOf({ plan, state, carried }: Board, person: number): number {
  const { share } = plan.model.people[person]!
  let minutes = carried?.[person] ?? 0
  for (const duty of state.timelines[person]!) if (duty.slot >= 0) minutes += duty.minutes
  return minutes / Math.max(0.01, share ?? 1)
}
