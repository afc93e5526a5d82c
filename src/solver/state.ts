import { Cells, layOutCells, type Offsets } from './cells.ts'
import { type CompiledPerson, type CompiledSlots, concernsPerson, type Plan, seenBy } from './checks.ts'
import { waiverKey } from './evaluate.ts'
import { Fits } from './fits.ts'
import { type Duty, positionFor } from './model.ts'
import type { Holders, ReportPerson, ReportSlots } from './rules/rule.ts'
import { HARD, LEVEL_COUNT, LEVEL_WORTH, UNMET_DESIRED, UNMET_MANDATORY } from './score.ts'
import type { Assignment } from './types.ts'

let seen = 0
const tallyPerson: ReportPerson = (amount) => {
  seen += amount
}
const tallySlots: ReportSlots = (amount) => {
  seen += amount
}

/** For each slot the (check, group) pairs it is part of, flattened. */
function groupsBySlot(plan: Plan): Int32Array[] {
  const lists: number[][] = plan.model.slots.map(() => [])
  plan.slots.forEach((check, c) => {
    check.slots.groups.forEach((slots, group) => {
      for (const slot of new Set(slots)) lists[slot]!.push(c, group)
    })
  })
  return lists.map((list) => Int32Array.from(list))
}

/**
 * A roster whose score is kept up to date after each change: the fast twin of `evaluate`, compiled from the same rules.
 * Only the person, the slot groups and the justice sets touched by a change are looked at again. Every change can be
 * taken back: costs are restored from a journal, not computed again.
 */
export class RosterState {
  readonly plan: Plan
  readonly fits: Fits
  readonly timelines: Duty[][]
  /** Cost of each level, in the order of `LEVELS`. Live: copy what you keep. */
  readonly totals: Float64Array
  readonly #holders: number[][]
  readonly #holderView: Holders
  readonly #cells: Cells
  /** The numbers in `#cells`, for reading. */
  readonly #values: Float64Array
  readonly #offsets: Offsets
  readonly #groupsOfSlot: Int32Array[]
  readonly #hardPersons: CompiledPerson[]
  readonly #waivers = new Map<string, ReadonlySet<string>>()
  readonly #waivedPeople = new Set<number>()
  /** Changes made, as slot and person; negative person (-1 - person) for a removal. */
  readonly #journalMove: number[] = []
  readonly #scratch = new Float64Array(LEVEL_COUNT)

  constructor(plan: Plan, fits: Fits = new Fits(plan)) {
    this.plan = plan
    this.fits = fits
    this.timelines = plan.model.history.map((history) => [...history])
    this.#holders = plan.model.slots.map(() => [])
    this.#holderView = { of: (slot) => this.#holders[slot]! }
    this.#offsets = layOutCells(plan)
    this.#cells = new Cells(this.#offsets.size)
    this.#values = this.#cells.values
    this.totals = this.#values.subarray(0, LEVEL_COUNT)
    this.#groupsOfSlot = groupsBySlot(plan)
    this.#hardPersons = plan.persons.filter((check) => check.isHard)
    this.#computeAll()
  }

  holders(slot: number): readonly number[] {
    return this.#holders[slot]!
  }

  open(slot: number): number {
    return this.plan.model.seats[slot]! - this.#holders[slot]!.length
  }

  holds(person: number, slot: number): boolean {
    return this.#holders[slot]!.includes(person)
  }

  /** Would no hard rule about this person alone be broken more than it is? */
  canTake(person: number, slot: number): boolean {
    return this.fits.allows(person, slot) && this.hardChange(person, slot) <= 0
  }

  /** How much more (or less) the hard rules on the person's timeline would be broken. */
  hardChange(person: number, slot: number): number {
    const timeline = this.timelines[person]!
    const duty = this.plan.model.duties[slot]!
    const at = positionFor(timeline, duty)
    timeline.splice(at, 0, duty)
    let after = 0
    for (const check of this.#hardPersons) after += this.#personAmount(check, person)
    timeline.splice(at, 1)
    return after === 0 ? 0 : after - this.#values[this.#offsets.persons + person * LEVEL_COUNT + HARD]!
  }

  assign(person: number, slot: number): void {
    this.#journalMove.push(slot, person)
    this.#put(person, slot)
    this.#update(person, slot, 1)
  }

  unassign(person: number, slot: number): void {
    this.#journalMove.push(slot, -1 - person)
    this.#take(person, slot)
    this.#update(person, slot, -1)
  }

  /** Puts a standing assignment with its overrides; not part of any undo. */
  install(person: number, slot: number, assignment: Assignment): void {
    if (assignment.overrides && assignment.overrides.length > 0) {
      this.#waivers.set(waiverKey(person, slot), new Set(assignment.overrides))
      this.#waivedPeople.add(person)
    }
    this.assign(person, slot)
    this.keep()
  }

  /** Makes all changes since the last `keep` final. */
  keep(): void {
    this.#cells.keep()
    this.#journalMove.length = 0
  }

  /** A point to come back to with `undo`. */
  mark(): { cells: number; moves: number } {
    return { cells: this.#cells.mark(), moves: this.#journalMove.length }
  }

  undo(to: { cells: number; moves: number }): void {
    this.#cells.undo(to.cells)
    for (let i = this.#journalMove.length - 2; i >= to.moves; i -= 2) {
      const slot = this.#journalMove[i]!
      const person = this.#journalMove[i + 1]!
      if (person >= 0) this.#take(person, slot)
      else this.#put(-1 - person, slot)
    }
    this.#journalMove.length = to.moves
  }

  /** How much better (negative) or worse the roster is than `before`, levels weighed by their worth. */
  worthSince(before: Float64Array): number {
    let worth = 0
    for (let level = 0; level < LEVEL_COUNT; level++) {
      worth += (this.#values[level]! - before[level]!) * LEVEL_WORTH[level]!
    }
    return worth
  }

  assignments(): Assignment[] {
    const { slots, people } = this.plan.model
    return this.#holders.flatMap((holders, slot) =>
      [...holders]
        .sort((a, b) => a - b)
        .map((person) => {
          const overrides = this.#waivers.get(waiverKey(person, slot))
          return {
            slotId: slots[slot]!.id,
            personId: people[person]!.id,
            ...(overrides ? { overrides: [...overrides] } : {}),
          }
        }),
    )
  }

  #put(person: number, slot: number): void {
    const duty = this.plan.model.duties[slot]!
    const timeline = this.timelines[person]!
    timeline.splice(positionFor(timeline, duty), 0, duty)
    this.#holders[slot]!.push(person)
  }

  #take(person: number, slot: number): void {
    const timeline = this.timelines[person]!
    timeline.splice(timeline.indexOf(this.plan.model.duties[slot]!), 1)
    const holders = this.#holders[slot]!
    holders.splice(holders.indexOf(person), 1)
  }

  #update(person: number, slot: number, sign: 1 | -1): void {
    const { need, priority } = this.plan.model.slots[slot]!
    const before = this.plan.model.seats[slot]! - this.#holders[slot]!.length + sign
    const closes = sign === 1 ? before > 0 : before >= 0
    if (closes && need === 'mandatory') this.#cells.add(UNMET_MANDATORY, -sign * (priority ?? 1))
    if (closes && need === 'desired') this.#cells.add(UNMET_DESIRED, -sign * (priority ?? 1))
    this.#scratch.fill(0)
    const skip = this.#waivers.size > 0 ? this.#waivers.get(waiverKey(person, slot)) : undefined
    this.fits.addCosts(person, slot, this.#scratch, skip)
    for (let level = 0; level < LEVEL_COUNT; level++) this.#cells.add(level, sign * this.#scratch[level]!)
    this.#updatePerson(person)
    const groups = this.#groupsOfSlot[slot]!
    for (let i = 0; i < groups.length; i += 2) this.#updateGroup(groups[i]!, groups[i + 1]!)
  }

  #personAmount(check: CompiledPerson, person: number): number {
    if (!concernsPerson(check, person)) return 0
    const duties = seenBy(check, this.timelines[person]!)
    seen = 0
    if (check.isHard && this.#waivedPeople.has(person)) this.#visitWaived(check, person, duties)
    else check.person.visit(person, duties, tallyPerson)
    return seen
  }

  #visitWaived(check: CompiledPerson, person: number, duties: Duty[]): void {
    check.person.visit(person, duties, (amount, _observed, _limit, first, last) => {
      for (let i = Math.max(0, first); i <= last; i++) {
        if (this.#waivers.get(waiverKey(person, duties[i]!.slot))?.has(check.rule.id)) return
      }
      seen += amount
    })
  }

  #updatePerson(person: number): void {
    const costs = this.#scratch.fill(0)
    for (const check of this.plan.persons) costs[check.level]! += this.#personAmount(check, person) * check.weight
    const base = this.#offsets.persons + person * LEVEL_COUNT
    for (let level = 0; level < LEVEL_COUNT; level++) {
      this.#cells.add(level, costs[level]! - this.#values[base + level]!)
      this.#cells.set(base + level, costs[level]!)
    }
    for (let b = 0; b < this.plan.balances.length; b++) this.#updateBalance(b, person)
  }

  /** sums: of squared loads, of share times load, of loads. With S of squared shares: cost = ΣL² - 2TΣsL + T²S. */
  #updateBalance(index: number, person: number): void {
    const { balance, level, weight } = this.plan.balances[index]!
    const set = balance.setOf[person]!
    if (set < 0) return
    const { loads, sums, costs } = this.#offsets.balances[index]!
    const old = this.#values[loads + person]!
    const load = balance.carried[person]! + balance.load(this.timelines[person]!, person)
    if (load === old) return
    this.#cells.set(loads + person, load)
    const base = sums + set * 3
    this.#cells.set(base, this.#values[base]! + load * load - old * old)
    this.#cells.set(base + 1, this.#values[base + 1]! + balance.share[person]! * (load - old))
    this.#cells.set(base + 2, this.#values[base + 2]! + load - old)
    const cost = this.#balanceCost(index, set)
    this.#cells.add(level, (cost - this.#values[costs + set]!) * weight)
    this.#cells.set(costs + set, cost)
  }

  #balanceCost(index: number, set: number): number {
    const { balance } = this.plan.balances[index]!
    const base = this.#offsets.balances[index]!.sums + set * 3
    const [squares, weighed, total] = [this.#values[base]!, this.#values[base + 1]!, this.#values[base + 2]!]
    const cost = squares - 2 * total * weighed + total * total * this.#squaredShares[index]![set]!
    return cost / (balance.unit * balance.unit)
  }

  readonly #squaredShares: Float64Array[] = []

  #updateGroup(index: number, group: number): void {
    const check = this.plan.slots[index]!
    const cell = this.#offsets.groups[index]! + group
    const amount = this.#groupAmount(check, group)
    this.#cells.add(check.level, (amount - this.#values[cell]!) * check.weight)
    this.#cells.set(cell, amount)
  }

  #groupAmount(check: CompiledSlots, group: number): number {
    seen = 0
    if (!check.isHard || this.#waivers.size === 0) {
      check.slots.visit(group, this.#holderView, tallySlots)
      return seen
    }
    check.slots.visit(group, this.#holderView, (amount, _observed, _limit, slots, people) => {
      const waived = people.some((person) =>
        slots.some((slot) => this.#waivers.get(waiverKey(person, slot))?.has(check.rule.id)),
      )
      if (!waived) seen += amount
    })
    return seen
  }

  #computeAll(): void {
    const { model, balances } = this.plan
    model.slots.forEach((slot, i) => {
      const open = model.seats[i]! * (slot.priority ?? 1)
      if (slot.need === 'mandatory') this.#cells.add(UNMET_MANDATORY, open)
      if (slot.need === 'desired') this.#cells.add(UNMET_DESIRED, open)
    })
    for (const { balance } of balances) {
      const squared = new Float64Array(balance.setCount)
      balance.setOf.forEach((set, person) => {
        if (set >= 0) squared[set]! += balance.share[person]! ** 2
      })
      this.#squaredShares.push(squared)
    }
    for (let person = 0; person < model.people.length; person++) this.#updatePerson(person)
    this.plan.slots.forEach((check, c) => {
      for (let group = 0; group < check.slots.groups.length; group++) this.#updateGroup(c, group)
    })
    this.keep()
  }
}
