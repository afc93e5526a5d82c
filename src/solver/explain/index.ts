import { compilePlan, type Plan } from '../checks.ts'
import { type Layout, layOut } from '../evaluate.ts'
import { justiceLines } from '../justice.ts'
import { RosterState } from '../state.ts'
import type { Assignment, Problem, Solution } from '../types.ts'
import { checkAssignments } from '../validate.ts'
import { changesTo } from './changes.ts'
import { findConflicts } from './conflicts.ts'
import { openSlots } from './reasons.ts'
import { whyAssigned } from './why.ts'

export type Explanation = Pick<Solution, 'reasons' | 'why' | 'conflicts' | 'justice' | 'changes'>

/** What the roster says about itself. `state` holds the same roster as `layout`. */
export function explainSolution(
  plan: Plan,
  assignments: readonly Assignment[],
  layout: Layout,
  state: RosterState,
  inFull: boolean,
): Explanation {
  const changes = changesTo(plan.model.problem, assignments)
  if (!inFull) return { reasons: [], why: [], conflicts: [], justice: [], changes }
  const justice = justiceLines(plan, layout.timelines)
  return {
    reasons: openSlots(plan, layout, state),
    why: whyAssigned(plan, layout, state, justice),
    conflicts: findConflicts(plan, state),
    justice,
    changes,
  }
}

/**
 * The same for any roster, made by the engine or by hand: why seats are open, why people are where they are, which cover
 * is impossible, who carries what, what differs from the published roster. Throws `TypeError` naming every unknown id.
 */
export function explain(problem: Problem, assignments: readonly Assignment[]): Explanation {
  checkAssignments(problem, assignments)
  const plan = compilePlan(problem)
  const state = new RosterState(plan)
  for (const assignment of assignments) {
    const { personId, slotId } = assignment
    state.install(plan.model.personIndex.get(personId)!, plan.model.slotIndex.get(slotId)!, assignment)
  }
  return explainSolution(plan, assignments, layOut(plan, assignments), state, true)
}
