import { type CompiledPair, concernsPair, type Plan } from './checks.ts'
import { PeopleKinds } from './people-kinds.ts'
import type { ReportPair } from './rules/rule.ts'
import type { RuleInstance } from './types.ts'

let seen = 0
const tally: ReportPair = (amount) => {
  seen += amount
}

function amountOf(check: CompiledPair, person: number, slot: number): number {
  if (!concernsPair(check, person, slot)) return 0
  seen = 0
  check.pair.visit(person, slot, tally)
  return seen
}

/** Slots with the same requirement. */
interface RequirementClass {
  /** Kinds of people who pass, at least at some time. */
  kinds: Set<number>
  people: Int32Array
  /** Can a soft rule about person and slot say anything about one of them? */
  isWished: boolean
}

/**
 * Who passes the hard rules that look at one person and one slot only. Slots with the same requirement share one list of
 * people, and what people alike may take is kept once: memory grows with the pairs of requirement and person that fit.
 */
export class Fits {
  readonly #plan: Plan
  readonly #byRequirement: CompiledPair[]
  readonly #bySlot: CompiledPair[]
  readonly #soft: CompiledPair[]
  readonly #hard: CompiledPair[]
  /** Whether any per-slot rule can speak about the person at all. */
  readonly #delicate: Uint8Array
  /** Whether any soft rule about person and slot can speak about the person. */
  readonly #wishing: Uint8Array
  readonly #kinds: PeopleKinds
  readonly #classes: RequirementClass[] = []
  readonly #classOfSlot: Int32Array

  constructor(plan: Plan) {
    this.#plan = plan
    this.#hard = plan.pairs.filter((check) => check.isHard)
    this.#byRequirement = this.#hard.filter((check) => check.byRequirement)
    this.#bySlot = this.#hard.filter((check) => !check.byRequirement)
    this.#soft = plan.pairs.filter((check) => !check.isHard)
    this.#delicate = peopleOf(plan, this.#bySlot)
    this.#wishing = peopleOf(plan, this.#soft)
    this.#kinds = new PeopleKinds(plan, this.#byRequirement)
    this.#classOfSlot = this.#groupSlots()
  }

  /** Number of the requirement class of a slot: slots of one class have the same list. */
  classOf(slot: number): number {
    return this.#classOfSlot[slot]!
  }

  /** People who may fit slots of this kind; ask `allows` about the single slot. */
  peopleFor(slot: number): Int32Array {
    return this.#classes[this.#classOfSlot[slot]!]!.people
  }

  /** Is the person on the list of the slot? */
  mayFit(person: number, slot: number): boolean {
    return this.#classes[this.#classOfSlot[slot]!]!.kinds.has(this.#kinds.of[person]!)
  }

  allows(person: number, slot: number): boolean {
    const kind = this.#kinds.of[person]!
    if (!this.#classes[this.#classOfSlot[slot]!]!.kinds.has(kind)) return false
    if (this.#kinds.isBounded[kind] && this.#byRequirement.some((check) => amountOf(check, person, slot) > 0))
      return false
    return this.#delicate[person] === 0 || this.#bySlot.every((check) => amountOf(check, person, slot) === 0)
  }

  /** Can a soft rule about person and slot say anything about people on the list of this slot? */
  hasSoft(slot: number): boolean {
    return this.#classes[this.#classOfSlot[slot]!]!.isWished
  }

  /** What the soft rules about this pair cost, their levels thrown together. */
  softCost(person: number, slot: number): number {
    let cost = 0
    if (this.#wishing[person] === 0) return cost
    for (const check of this.#soft) cost += amountOf(check, person, slot) * check.weight
    return cost
  }

  /** The requirement rules a person fails. */
  misfit(person: number, slot: number): RuleInstance[] {
    return this.#byRequirement.filter((check) => amountOf(check, person, slot) > 0).map((check) => check.rule)
  }

  /** Adds what this pair costs, hard and soft, to `totals`; `skip` names hard rules overridden for it. */
  addCosts(person: number, slot: number, totals: Float64Array, skip: ReadonlySet<string> | undefined): void {
    if (!this.allows(person, slot)) {
      for (const check of this.#hard) {
        if (!skip?.has(check.rule.id)) totals[check.level]! += amountOf(check, person, slot)
      }
    }
    if (this.#wishing[person] === 0) return
    for (const check of this.#soft) totals[check.level]! += amountOf(check, person, slot) * check.weight
  }

  #groupSlots(): Int32Array {
    const classes = new Map<string, number>()
    return Int32Array.from(this.#plan.model.slots, (slot, i) => {
      const key = JSON.stringify(slot.requirement ?? {})
      const known = classes.get(key)
      if (known !== undefined) return known
      classes.set(key, classes.size)
      this.#addClass(i)
      return classes.size - 1
    })
  }

  /** One person of each kind is asked for all. */
  #addClass(slot: number): void {
    const kinds = new Set<number>()
    const people: number[] = []
    for (const kind of this.#kinds.toAsk(this.#plan.model.slots[slot]!.requirement)) {
      if (this.#kinds.checks.some((check) => amountOf(check, kind, slot) > 0)) continue
      kinds.add(kind)
      for (const person of this.#kinds.people[kind]!) people.push(person)
    }
    const isWished = people.some((person) => this.#wishing[person] === 1)
    this.#classes.push({ kinds, people: Int32Array.from(people).sort(), isWished })
  }
}

/** People about whom one of these checks can say anything. */
const peopleOf = (plan: Plan, checks: CompiledPair[]): Uint8Array =>
  Uint8Array.from(plan.model.people, (_person, i) =>
    checks.some((check) => (!check.people || check.people[i] === 1) && (check.pair.concerns?.(i) ?? true)) ? 1 : 0,
  )
