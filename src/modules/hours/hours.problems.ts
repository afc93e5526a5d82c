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
  correctionUnknown: (id: string) => unknownSubject('ledger-correction', id),
  correctionWaits: () =>
    new ProblemError(409, 'correction-waits', 'A correction of this line waits for a decision already.'),
  correctionDecided: (state: string) =>
    new ProblemError(409, 'correction-decided', `This correction has been ${state} already.`),
  secondPersonNeeded: () =>
    new ProblemError(
      409,
      'second-person-needed',
      'Who asks for a correction does not decide on it. Maybe ask somebody else.',
    ),
  periodUnknown: (id: string) => unknownSubject('hours-period', id),
  periodClosed: (id?: string) =>
    new ProblemError(409, 'period-closed', 'This period has been closed already. Maybe close it again with `:close`.', {
      ...(id ? { extra: { periodId: id } } : {}),
    }),
  periodOverlaps: () =>
    new ProblemError(409, 'period-overlaps', 'Some of these days belong to another closed period of the unit.'),
  nothingVerified: (lines: number) =>
    new ProblemError(
      409,
      'nothing-verified',
      `Nobody vouches for any of its lines yet (${lines}). Verify the presences first: POST /v1/attendances:bulk-verify.`,
    ),
  nothingToClose: (version: number) =>
    new ProblemError(409, 'nothing-to-close', `Nothing that somebody vouches for has come since version ${version}.`),
  versionUnknown: (version: number) =>
    new ProblemError(404, 'period-version-unknown', `The period has no version ${version}.`),
  exportUnknown: (id: string) => unknownSubject('hours-export', id),
  columnSetUnknown: (name: string) => unknownSubject('column-set', name),
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
  ledger_corrections_one_open: () => hoursProblems.correctionWaits(),
  hours_periods_once: () => hoursProblems.periodClosed(),
  hours_periods_apart: () => hoursProblems.periodOverlaps(),
}
