import { compilePlan, type Plan } from '../checks.ts'
import type { Fits } from '../fits.ts'
import { restAfter } from '../rules/minimum-rest.ts'
import type { RuleName } from '../rules/params.ts'
import type { InstanceOf } from '../rules/rule.ts'
import { RosterState } from '../state.ts'
import type { Problem } from '../types.ts'

/**
 * What is known for certain to bind everybody: proofs about what people can serve at most stand on these rules alone.
 * Leaving rules out, or their travel and least amounts, keeps such a proof true.
 */
export interface Alone {
  /** An empty roster under the plain rules but those about days in a row. */
  state: RosterState
  /** Does everybody have to be done with one duty before the next one starts? */
  isOneAtATime: boolean
  /** Most days of duty in a row; infinite without such a rule. */
  longestRun: number
  /** Minutes that must lie between a duty of so many nominal minutes and the next; -Infinity when duties may overlap. */
  gapAfter(minutes: number): number
}

/** Hard rules of one name that hold for all people and duties. */
const plainRules = <N extends RuleName>(problem: Problem, name: N): InstanceOf<N>[] =>
  problem.rules.filter(
    (rule): rule is InstanceOf<N> => rule.rule === name && rule.strength === 'hard' && rule.scope === undefined,
  )

export function aloneUnder(plan: Plan, fits: Fits): Alone {
  const { problem } = plan.model
  const overlaps = plainRules(problem, 'no-overlap').map((rule) => ({ ...rule, params: {} }))
  const isOneAtATime = overlaps.length > 0
  const rests = plainRules(problem, 'minimum-rest').filter(
    ({ params }) => isOneAtATime && !params.after && !params.before,
  )
  const limits = plainRules(problem, 'load-limit').flatMap((rule) => {
    const { measure, window, max } = rule.params
    return max !== undefined && (measure === 'minutes' || measure === 'shifts')
      ? [{ ...rule, params: { measure, window, max } }]
      : []
  })
  const { persons } = compilePlan({ ...problem, rules: [...overlaps, ...rests, ...limits] })
  return {
    state: new RosterState({ ...plan, persons, pairs: [], slots: [], balances: [] }, fits),
    isOneAtATime,
    longestRun: Math.min(
      ...plainRules(problem, 'consecutive-days').map(({ params }) => params.max ?? Number.POSITIVE_INFINITY),
    ),
    gapAfter(minutes) {
      if (!isOneAtATime) return Number.NEGATIVE_INFINITY
      return Math.max(0, ...rests.map(({ params }) => restAfter(params)({ minutes })))
    },
  }
}

/** Who serves against the plain rules, by pins, the freeze or an override: no proof may rest on what they can do. */
export interface Excused {
  people: Set<number>
  /** Number of seats of each slot that they hold in this way. */
  seats: Map<number, number>
}

export function excusedFrom(plan: Plan, state: RosterState, alone: Alone): Excused {
  const { model } = plan
  const { pins = [], published = [] } = model.problem
  const standing = new Map<number, Map<number, boolean>>()
  const isOverridden = (assignment: { overrides?: string[] }) => (assignment.overrides?.length ?? 0) > 0
  const overridden = [...published, ...state.assignments()].filter(isOverridden)
  const fixed = [...pins, ...published.filter((a) => a.frozen), ...overridden]
  for (const assignment of fixed) {
    const [person, slot] = [model.personIndex.get(assignment.personId)!, model.slotIndex.get(assignment.slotId)!]
    const own = standing.get(person) ?? new Map<number, boolean>()
    own.set(slot, isOverridden(assignment) || own.get(slot) === true)
    standing.set(person, own)
  }
  const excused: Excused = { people: new Set(), seats: new Map() }
  for (const [person, own] of standing) {
    if (keepsRules(alone, person, own)) continue
    excused.people.add(person)
    for (const slot of own.keys()) excused.seats.set(slot, (excused.seats.get(slot) ?? 0) + 1)
  }
  return excused
}

function keepsRules({ state, longestRun }: Alone, person: number, own: ReadonlyMap<number, boolean>): boolean {
  const mark = state.mark()
  const isKept = [...own].every(([slot, isOverridden]) => {
    if (isOverridden || !state.canTake(person, slot)) return false
    state.assign(person, slot)
    return true
  })
  const days = [...new Set(state.timelines[person]!.map((duty) => duty.day))]
  state.undo(mark)
  return isKept && days.every((day) => !isRunFrom(day, new Set(days), longestRun + 1))
}

/** Is there duty on all of so many days from this one on? */
function isRunFrom(day: number, days: ReadonlySet<number>, length: number): boolean {
  if (length > days.size) return false
  for (let k = 0; k < length; k++) if (!days.has(day + k)) return false
  return true
}
