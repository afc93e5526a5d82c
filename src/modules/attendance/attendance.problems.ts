import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { Fault } from './attendance.rules.ts'

export const attendanceProblems = {
  assignmentUnknown: (id: string) => unknownSubject('assignment', id),
  /** The duty is in no state for it. */
  refused: ({ code, detail }: Fault) => new ProblemError(409, code, detail),
  notBegun: (startsAt: Date) =>
    new ProblemError(409, 'duty-not-begun', `Nobody is missing before the duty begins, at ${startsAt.toISOString()}.`),
  notExpected: (state: string) =>
    new ProblemError(409, 'not-on-duty', `Only a confirmed duty can become a no-show; this one is ${state}.`),
}

/** Constraint names of this module's tables, in words. */
export const attendanceConstraints = {
  attendances_one_per_assignment: () =>
    new ProblemError(409, 'already-checked-in', 'Somebody has checked in for this duty just now.'),
}
