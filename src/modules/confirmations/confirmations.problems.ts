import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const confirmationsProblems = {
  assignmentUnknown: (id: string) => unknownSubject('assignment', id),
  rosterUnknown: (id: string) => unknownSubject('roster', id),
  cannotAnswer: (choice: 'confirm' | 'decline', state: string) =>
    new ProblemError(409, 'assignment-not-answerable', `An assignment that is ${state} cannot be ${choice}ed.`, {
      extra: { state },
    }),
  requestUnknown: (id: string) => unknownSubject('confirmation-request', id),
  volunteerUnknown: (id: string) => unknownSubject('volunteer', id),
  consentUnknown: (id: string) => unknownSubject('standing-consent', id),
  nothingToAsk: () => new ProblemError(409, 'nothing-to-ask', 'Nothing of this request waits for an answer any more.'),
  doNotContact: () =>
    new ProblemError(409, 'do-not-contact', 'This person does not want messages, so nothing can be sent.'),
  seatTaken: () =>
    new ProblemError(409, 'seat-taken', 'Somebody else has this seat by now, so the decline cannot be taken back.'),
}
