import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { Fault } from './attendance.rules.ts'
import type { CorrectionFault } from './corrections.rules.ts'

export const attendanceProblems = {
  assignmentUnknown: (id: string) => unknownSubject('assignment', id),
  postUnknown: (id: string) => unknownSubject('post', id),
  doorUnknown: (id: string) => unknownSubject('check-in-door', id),
  correctionUnknown: (id: string) => unknownSubject('attendance-correction', id),
  /** The duty is in no state for it. */
  refused: ({ code, detail }: Fault) => new ProblemError(409, code, detail),
  notBegun: (startsAt: Date) =>
    new ProblemError(409, 'duty-not-begun', `Nobody is missing before the duty begins, at ${startsAt.toISOString()}.`),
  notExpected: (state: string) =>
    new ProblemError(409, 'not-on-duty', `Only a confirmed duty can become a no-show; this one is ${state}.`),
  nothingToVerify: (state: string) =>
    new ProblemError(409, 'not-over', `A presence is vouched for when it is over; this duty is ${state}.`),
  enteredItself: () =>
    new ProblemError(
      409,
      'second-person-needed',
      'Whoever enters a presence so late does not vouch for it. Maybe ask somebody else.',
    ),
  secondPersonNeeded: () =>
    new ProblemError(409, 'second-person-needed', 'Whoever asks for a correction does not decide on it.'),
  notYours: () => new ProblemError(409, 'not-yours', 'Only whoever asked for a correction takes it back.'),
  alreadyDecided: () => new ProblemError(409, 'already-decided', 'This correction is not open any more.'),
  /** What spoke for it when it was asked for is no longer so. */
  noLongerFits: (faults: CorrectionFault[]) =>
    new ProblemError(409, 'no-longer-fits', faults.map((fault) => fault.detail).join(' '), {
      errors: faults.map(({ field, code, detail }) => ({ pointer: `/proposed/${field}`, code, detail })),
    }),
  qrOnly: () => new ProblemError(409, 'not-printed', 'Only a QR code is printed; a display is opened on a screen.'),
  doorClosed: () => new ProblemError(409, 'door-revoked', 'This way in was revoked. Maybe make a new one.'),
}

/** Constraint names of this module's tables, in words. */
export const attendanceConstraints = {
  attendances_one_per_assignment: () =>
    new ProblemError(409, 'already-checked-in', 'Somebody has checked in for this duty just now.'),
  attendances_second_person: () => attendanceProblems.enteredItself(),
  attendance_corrections_one_open: () =>
    new ProblemError(409, 'correction-open', 'A correction of this duty waits for review already.'),
  attendance_corrections_second_person: () => attendanceProblems.secondPersonNeeded(),
  segments_apart: () => new ProblemError(409, 'segments-overlap', 'The parts of a presence do not overlap.'),
}
