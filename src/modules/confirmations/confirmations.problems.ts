import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const confirmationsProblems = {
  assignmentUnknown: (id: string) => unknownSubject('assignment', id),
  rosterUnknown: (id: string) => unknownSubject('roster', id),
  cannotAnswer: (choice: 'confirm' | 'decline', state: string) =>
    new ProblemError(409, 'assignment-not-answerable', `An assignment that is ${state} cannot be ${choice}ed.`, {
      extra: { state },
    }),
  seatTaken: () =>
    new ProblemError(409, 'seat-taken', 'Somebody else has this seat by now, so the decline cannot be taken back.'),
}
