import type { Plan } from '../checks.ts'
import type { Layout } from '../evaluate.ts'
import { justiceLines } from '../justice.ts'
import type { RosterState } from '../state.ts'
import type { Assignment, Solution } from '../types.ts'
import { changesTo } from './changes.ts'
import { findConflicts } from './conflicts.ts'
import { openSlots } from './reasons.ts'
import { whyAssigned } from './why.ts'

type Explanation = Pick<Solution, 'reasons' | 'why' | 'conflicts' | 'justice' | 'changes'>

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
