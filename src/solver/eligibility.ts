import type { Assignment, Candidate, Failure, Problem } from './types.ts'

/** A problem made ready for many questions. */
export interface Prepared {
  eligibility(personId: string, slotId: string, assignments: Assignment[]): Failure[]
  candidates(slotId: string, assignments: Assignment[], personIds?: string[]): Candidate[]
}

export function prepare(_problem: Problem): Prepared {
  throw new Error('not built yet')
}

/**
 * Every hard rule that would be broken, or broken more, if the person took the slot beside `assignments`
 * (empty: eligible). Whoever holds the slot now is thought away. Soft rules are not asked.
 */
export function eligibility(problem: Problem, personId: string, slotId: string, assignments: Assignment[]): Failure[] {
  return prepare(problem).eligibility(personId, slotId, assignments)
}

/** The same for everybody (or those named), in the order of `problem.people`. */
export function candidates(
  problem: Problem,
  slotId: string,
  assignments: Assignment[],
  personIds?: string[],
): Candidate[] {
  return prepare(problem).candidates(slotId, assignments, personIds)
}
