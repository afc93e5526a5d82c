import { type CompiledPerson, type CompiledSlots, compilePlan, concernsPair, failureFrom, type Plan } from './checks.ts'
import { type Layout, layOut, type ReportBreach, visitGroup, visitTimeline } from './evaluate.ts'
import { byTime, type Duty } from './model.ts'
import type { Holders } from './rules/rule.ts'
import type { Assignment, Candidate, Failure, Problem } from './types.ts'
import { checkAssignments } from './validate.ts'

/** A problem made ready for many questions. */
export interface Prepared {
  eligibility(personId: string, slotId: string, assignments: readonly Assignment[]): Failure[]
  candidates(slotId: string, assignments: readonly Assignment[], personIds?: readonly string[]): Candidate[]
}

type Seen = Parameters<ReportBreach>[2]

/** Sum and details of what a check finds. */
function collect(visit: (report: ReportBreach) => void): { sum: number; found: Seen[] } {
  let sum = 0
  const found: Seen[] = []
  visit((_check, amount, seen) => {
    sum += amount
    found.push(seen)
  })
  return { sum, found }
}

/** Asks who could take one slot of a roster. The people who hold it are thought away. */
export class SlotQuestion {
  readonly #plan: Plan
  readonly #layout: Layout
  readonly #slot: number
  readonly #duty: Duty
  readonly #hardPersons: CompiledPerson[]
  readonly #groups: { check: CompiledSlots; group: number }[]

  constructor(plan: Plan, layout: Layout, slot: number) {
    this.#plan = plan
    this.#layout = layout
    this.#slot = slot
    this.#duty = plan.model.duties[slot]!
    this.#hardPersons = plan.persons.filter((check) => check.isHard)
    this.#groups = plan.slots
      .filter((check) => check.isHard)
      .flatMap((check) =>
        check.slots.groups.flatMap((slots, group) => (slots.includes(slot) ? [{ check, group }] : [])),
      )
  }

  /** Every hard rule broken, or broken more, if this person took the slot. */
  failures(person: number): Failure[] {
    return [...this.#pairFailures(person), ...this.#timelineFailures(person), ...this.#groupFailures(person)]
  }

  #pairFailures(person: number): Failure[] {
    const failures: Failure[] = []
    for (const check of this.#plan.pairs) {
      if (!check.isHard || !concernsPair(check, person, this.#slot)) continue
      check.pair.visit(person, this.#slot, (_amount, observed, limit) => {
        failures.push(failureFrom(this.#plan, check, { observed, limit, people: [person], duties: [this.#duty] }))
      })
    }
    return failures
  }

  #timelineFailures(person: number): Failure[] {
    const before = this.#layout.timelines[person]!.filter((duty) => duty !== this.#duty)
    const after = [...before, this.#duty].sort(byTime)
    return this.#hardPersons.flatMap((check) => {
      const look = (timeline: Duty[]) =>
        collect((report) => visitTimeline(this.#layout, check, person, timeline, report))
      return this.#worse(check, look(after), () => look(before))
    })
  }

  #groupFailures(person: number): Failure[] {
    return this.#groups.flatMap(({ check, group }) => {
      const look = (inSlot: (people: number[]) => number[]) => {
        const holders: Holders = {
          of: (slot) => (slot === this.#slot ? inSlot(this.#layout.holders[slot]!) : this.#layout.holders[slot]!),
        }
        return collect((report) => visitGroup(this.#plan, this.#layout, check, group, holders, report))
      }
      const without = (people: number[]) =>
        this.#plan.model.seats[this.#slot] === 1 ? [] : people.filter((other) => other !== person)
      return this.#worse(
        check,
        look((people) => [...without(people), person]),
        () => look(without),
      )
    })
  }

  /** Failures of a check that finds more after than before; those about the slot itself where there are any. */
  #worse(
    check: CompiledPerson | CompiledSlots,
    after: { sum: number; found: Seen[] },
    before: () => { sum: number },
  ): Failure[] {
    if (after.sum === 0 || after.sum <= before().sum) return []
    const own = after.found.filter((seen) => seen.duties.includes(this.#duty))
    return (own.length > 0 ? own : after.found).map((seen) => failureFrom(this.#plan, check, seen))
  }
}

/** Compiles a problem once for many questions about it. Throws `TypeError` naming every unknown id. */
export function prepare(problem: Problem): Prepared {
  const plan = compilePlan(problem)
  const { model } = plan
  const indexOf = (index: Map<string, number>, what: string, id: string): number => {
    const found = index.get(id)
    if (found === undefined) throw new TypeError(`The roster problem has no ${what} ${id}.`)
    return found
  }
  const ask = (slotId: string, assignments: readonly Assignment[]) => {
    checkAssignments(problem, assignments)
    const slot = indexOf(model.slotIndex, 'slot', slotId)
    return new SlotQuestion(plan, layOut(plan, assignments), slot)
  }
  return {
    eligibility: (personId, slotId, assignments) =>
      ask(slotId, assignments).failures(indexOf(model.personIndex, 'person', personId)),
    candidates(slotId, assignments, personIds) {
      const question = ask(slotId, assignments)
      const asked = personIds ?? model.people.map((person) => person.id)
      return asked.map((personId) => ({
        personId,
        failures: question.failures(indexOf(model.personIndex, 'person', personId)),
      }))
    },
  }
}

/**
 * Every hard rule that would be broken, or broken more, if the person took the slot beside `assignments`
 * (empty: eligible). Whoever holds the slot now is thought away. Soft rules are not asked.
 */
export function eligibility(
  problem: Problem,
  personId: string,
  slotId: string,
  assignments: readonly Assignment[],
): Failure[] {
  return prepare(problem).eligibility(personId, slotId, assignments)
}

/** The same for everybody (or those named), in the order of `problem.people`. */
export function candidates(
  problem: Problem,
  slotId: string,
  assignments: readonly Assignment[],
  personIds?: readonly string[],
): Candidate[] {
  return prepare(problem).candidates(slotId, assignments, personIds)
}
