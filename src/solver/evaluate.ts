import {
  type Check,
  type CompiledPair,
  type CompiledPerson,
  type CompiledSlots,
  compilePlan,
  concernsPair,
  concernsPerson,
  failureFrom,
  type Plan,
  seenBy,
} from './checks.ts'
import { balanceCosts, exceedsOneDuty } from './justice.ts'
import { byTime, type Duty } from './model.ts'
import type { Holders } from './rules/rule.ts'
import { LEVEL_COUNT, LEVELS, scoreFrom, UNMET_DESIRED, UNMET_MANDATORY } from './score.ts'
import type { Assignment, Breach, Evaluation, Problem } from './types.ts'
import { checkAssignments } from './validate.ts'

/** A whole roster, laid out for full evaluation. */
export interface Layout {
  timelines: Duty[][]
  holders: number[][]
  /** Rule ids overridden, by `waiverKey`. */
  waivers: Map<string, ReadonlySet<string>>
}

export const waiverKey = (person: number, slot: number): string => `${person} ${slot}`

export function layOut(plan: Plan, assignments: readonly Assignment[]): Layout {
  const { model } = plan
  const timelines = model.history.map((history) => [...history])
  const holders: number[][] = model.slots.map(() => [])
  const waivers = new Map<string, ReadonlySet<string>>()
  for (const { personId, slotId, overrides } of assignments) {
    const person = model.personIndex.get(personId)!
    const slot = model.slotIndex.get(slotId)!
    timelines[person]!.push(model.duties[slot]!)
    holders[slot]!.push(person)
    if (overrides && overrides.length > 0) waivers.set(waiverKey(person, slot), new Set(overrides))
  }
  for (const timeline of timelines) timeline.sort(byTime)
  return { timelines, holders, waivers }
}

export type ReportBreach = (
  check: Check,
  amount: number,
  seen: { observed: number | string; limit: number | string; people: number[]; duties: Duty[] },
) => void

const isWaived = (layout: Layout, check: Check, people: readonly number[], duties: readonly Duty[]): boolean =>
  check.isHard &&
  layout.waivers.size > 0 &&
  people.some((person) =>
    duties.some((duty) => duty.slot >= 0 && layout.waivers.get(waiverKey(person, duty.slot))?.has(check.rule.id)),
  )

function visitPair(plan: Plan, layout: Layout, check: CompiledPair, report: ReportBreach): void {
  layout.holders.forEach((people, slot) => {
    const duties = [plan.model.duties[slot]!]
    for (const person of people) {
      if (!concernsPair(check, person, slot)) continue
      check.pair.visit(person, slot, (amount, observed, limit) => {
        if (!isWaived(layout, check, [person], duties))
          report(check, amount, { observed, limit, people: [person], duties })
      })
    }
  })
}

/** Every finding of one check on one timeline. */
export function visitTimeline(
  layout: Layout,
  check: CompiledPerson,
  person: number,
  timeline: Duty[],
  report: ReportBreach,
): void {
  if (!concernsPerson(check, person)) return
  const seen = seenBy(check, timeline)
  check.person.visit(person, seen, (amount, observed, limit, first, last, missing) => {
    const blamed = first < 0 && last < 0 ? [] : seen.slice(Math.max(0, first), (last < 0 ? first : last) + 1)
    const duties = missing ? [missing] : blamed
    if (!isWaived(layout, check, [person], duties)) report(check, amount, { observed, limit, people: [person], duties })
  })
}

/** Every finding of one check on one of its groups of slots. */
export function visitGroup(
  plan: Plan,
  layout: Layout,
  check: CompiledSlots,
  group: number,
  holders: Holders,
  report: ReportBreach,
): void {
  check.slots.visit(group, holders, (amount, observed, limit, slots, people) => {
    const duties = slots.map((slot) => plan.model.duties[slot]!)
    if (!isWaived(layout, check, people, duties)) report(check, amount, { observed, limit, people, duties })
  })
}

/** Calls back for every finding of every rule except justice, which is a matter of degree. */
export function visitBreaches(plan: Plan, layout: Layout, report: ReportBreach): void {
  for (const check of plan.pairs) visitPair(plan, layout, check, report)
  for (const check of plan.persons) {
    layout.timelines.forEach((timeline, person) => {
      visitTimeline(layout, check, person, timeline, report)
    })
  }
  const holders: Holders = { of: (slot) => layout.holders[slot]! }
  for (const check of plan.slots) {
    for (let group = 0; group < check.slots.groups.length; group++) {
      visitGroup(plan, layout, check, group, holders, report)
    }
  }
}

/** Weight of the seats left open, at their levels. */
export function addUnmet(plan: Plan, holders: readonly (readonly number[])[], totals: Float64Array): void {
  plan.model.slots.forEach((slot, i) => {
    const open = Math.max(0, plan.model.seats[i]! - holders[i]!.length) * (slot.priority ?? 1)
    if (slot.need === 'mandatory') totals[UNMET_MANDATORY]! += open
    if (slot.need === 'desired') totals[UNMET_DESIRED]! += open
  })
}

export function totalsOf(plan: Plan, layout: Layout): Float64Array {
  const totals = new Float64Array(LEVEL_COUNT)
  addUnmet(plan, layout.holders, totals)
  visitBreaches(plan, layout, (check, amount) => {
    totals[check.level]! += amount * check.weight
  })
  for (const check of plan.balances) {
    for (const cost of balanceCosts(check.balance, layout.timelines)) totals[check.level]! += cost * check.weight
  }
  return totals
}

export function evaluateLayout(plan: Plan, layout: Layout): Evaluation {
  const breaches: Breach[] = []
  visitBreaches(plan, layout, (check, amount, seen) => {
    breaches.push({
      ...failureFrom(plan, check, seen),
      personIds: seen.people.map((person) => plan.model.people[person]!.id),
      cost: amount * check.weight,
      level: LEVELS[check.level]!,
    })
  })
  breaches.push(...exceedsOneDuty(plan, layout.timelines))
  return { score: scoreFrom(totalsOf(plan, layout)), breaches }
}

/**
 * Score and every breach of a roster, by full evaluation of each rule. Justice is in the score in full; as a breach
 * only where somebody carries more than one duty above the fair share.
 * Throws `TypeError` naming every unknown id.
 */
export function evaluate(problem: Problem, assignments: readonly Assignment[]): Evaluation {
  checkAssignments(problem, assignments)
  const plan = compilePlan(problem)
  return evaluateLayout(plan, layOut(plan, assignments))
}
