import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { Failure } from '../../solver/types.ts'

export const gapFillingProblems = {
  gapUnknown: (id: string) => unknownSubject('gap', id),
  slotUnknown: (id: string) => unknownSubject('slot', id),
  noSearch: () =>
    new ProblemError(
      409,
      'cascade-not-running',
      'Nobody is searched for at this moment. Maybe start the search again.',
    ),
  notOpen: (state: string) =>
    new ProblemError(409, 'gap-not-open', `This gap is ${state}; there is no seat to fill.`, { extra: { state } }),
  searchRuns: () =>
    new ProblemError(409, 'cascade-running', 'The reserve is being asked for this gap already. Maybe fill it by hand.'),
  notEligible: (failures: Failure[]) =>
    new ProblemError(
      409,
      'not-eligible',
      failures.length === 0
        ? 'This person cannot be rostered here.'
        : `Rules stand against it: ${failures.map((failure) => failure.rule).join(', ')}. Maybe override by name, with a reason.`,
      { extra: { failures } },
    ),
}

/** Constraint names of this module's tables, in words. */
export const gapFillingConstraints = {
  cascades_one_open_per_gap: gapFillingProblems.searchRuns,
}
