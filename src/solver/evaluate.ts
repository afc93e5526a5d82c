import type { Assignment, Evaluation, Problem } from './types.ts'

/** Score and every breach of a roster, by full evaluation of each rule. */
export function evaluate(_problem: Problem, _assignments: Assignment[]): Evaluation {
  throw new Error('not built yet')
}
