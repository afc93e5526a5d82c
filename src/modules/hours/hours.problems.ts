import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const hoursProblems = {
  lineUnknown: (id: string) => unknownSubject('ledger-line', id),
  lineIsReversal: () =>
    new ProblemError(409, 'line-is-reversal', 'This line takes another one back; it cannot be corrected itself.'),
  alreadyCorrected: (by?: string) =>
    new ProblemError(
      409,
      'line-corrected-already',
      `This line has been taken back${by ? ` by ${by}` : ''}. Maybe correct the line that stands in its place.`,
    ),
  tooManyRows: (limit: number) =>
    new ProblemError(
      422,
      'too-many-rows',
      `A sheet holds ${limit} rows, and this would be more. Maybe take CSV or less.`,
    ),
}

/** Constraint names of this module's tables, in words. */
export const hoursConstraints = {
  ledger_reversed_once: () => hoursProblems.alreadyCorrected(),
}
