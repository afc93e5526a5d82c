import { type CompiledPair, concernsPair, type Plan } from './checks.ts'
import type { ReportPair } from './rules/rule.ts'
import type { RuleInstance } from './types.ts'

const NO = 0
const YES = 1
const DEPENDS = 2

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

/**
 * Who passes the hard rules that look at one person and one slot only. Slots with the same requirement share one list
 * of people, so memory grows with the number of different requirements, not with the number of slots.
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
  readonly #softClasses: boolean[] = []
  readonly #classOfSlot: Int32Array
  readonly #verdicts: Uint8Array[] = []
  readonly #lists: Int32Array[] = []

  constructor(plan: Plan) {
    this.#plan = plan
    this.#hard = plan.pairs.filter((check) => check.isHard)
    this.#byRequirement = this.#hard.filter((check) => check.byRequirement)
    this.#bySlot = this.#hard.filter((check) => !check.byRequirement)
    this.#soft = plan.pairs.filter((check) => !check.isHard)
    this.#delicate = peopleOf(plan, this.#bySlot)
    this.#wishing = peopleOf(plan, this.#soft)
    this.#classOfSlot = this.#groupSlots()
  }

  /** Number of the requirement class of a slot: slots of one class have the same list. */
  classOf(slot: number): number {
    return this.#classOfSlot[slot]!
  }

  /** People who may fit slots of this kind; ask `allows` about the single slot. */
  peopleFor(slot: number): Int32Array {
    return this.#lists[this.#classOfSlot[slot]!]!
  }

  /** Is the person on the list of the slot? */
  mayFit(person: number, slot: number): boolean {
    return this.#verdicts[this.#classOfSlot[slot]!]![person] !== NO
  }

  allows(person: number, slot: number): boolean {
    const verdict = this.#verdicts[this.#classOfSlot[slot]!]![person]!
    if (verdict === NO) return false
    if (verdict === DEPENDS && this.#byRequirement.some((check) => amountOf(check, person, slot) > 0)) return false
    return this.#delicate[person] === 0 || this.#bySlot.every((check) => amountOf(check, person, slot) === 0)
  }

  /** Can a soft rule about person and slot say anything about people on the list of this slot? */
  hasSoft(slot: number): boolean {
    return this.#softClasses[this.#classOfSlot[slot]!]!
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
    const kinds = kindsOfPeople(this.#plan, this.#byRequirement)
    return Int32Array.from(this.#plan.model.slots, (slot, i) => {
      const key = JSON.stringify(slot.requirement ?? {})
      const known = classes.get(key)
      if (known !== undefined) return known
      classes.set(key, classes.size)
      this.#addClass(i, kinds)
      return classes.size - 1
    })
  }

  /** One person of each kind is asked for all. */
  #addClass(slot: number, kinds: PeopleKinds): void {
    const verdictOfKind = kinds.example.map((person, kind) => {
      if (kinds.isBounded[kind]) return DEPENDS
      return this.#byRequirement.every((check) => amountOf(check, person, slot) === 0) ? YES : NO
    })
    const verdicts = new Uint8Array(kinds.kindOf.length)
    const list = new Int32Array(kinds.kindOf.length)
    let count = 0
    for (let person = 0; person < verdicts.length; person++) {
      const verdict = verdictOfKind[kinds.kindOf[person]!]!
      verdicts[person] = verdict
      if (verdict !== NO) list[count++] = person
    }
    this.#verdicts.push(verdicts)
    const people = list.slice(0, count)
    this.#lists.push(people)
    this.#softClasses.push(people.some((person) => this.#wishing[person] === 1))
  }
}

/** People about whom one of these checks can say anything. */
const peopleOf = (plan: Plan, checks: CompiledPair[]): Uint8Array =>
  Uint8Array.from(plan.model.people, (_person, i) =>
    checks.some((check) => (!check.people || check.people[i] === 1) && (check.pair.concerns?.(i) ?? true)) ? 1 : 0,
  )

/** People whom no requirement rule can tell apart. */
interface PeopleKinds {
  kindOf: Int32Array
  /** One person of each kind. */
  example: number[]
  /** Papers or memberships of this kind begin or end at some time. */
  isBounded: boolean[]
}

function kindsOfPeople(plan: Plan, checks: CompiledPair[]): PeopleKinds {
  const kinds = new Map<string, number>()
  const example: number[] = []
  const isBounded: boolean[] = []
  const scoped = checks.filter((check) => check.people)
  const kindOf = Int32Array.from(plan.model.people, (person, i) => {
    const { qualifications = [], clearances = [], groups = [], languages, grade, personClass, unitPath } = person
    const scopes = scoped.map((check) => check.people![i])
    const key = JSON.stringify([qualifications, clearances, groups, languages, grade, personClass, unitPath, scopes])
    const known = kinds.get(key)
    if (known !== undefined) return known
    kinds.set(key, kinds.size)
    example.push(i)
    isBounded.push([...qualifications, ...clearances, ...groups].some((held) => held.from != null || held.to != null))
    return kinds.size - 1
  })
  return { kindOf, example, isBounded }
}
