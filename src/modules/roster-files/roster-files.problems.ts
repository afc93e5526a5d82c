import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const rosterFileProblems = {
  rosterUnknown: (id: string) => unknownSubject('roster', id),
  shiftUnknown: (id: string) => unknownSubject('shift', id),
  versionUnknown: (id: string, number: number) =>
    new ProblemError(404, 'roster-version-unknown', `Roster ${id} has no version ${number} that you may see.`),
  noDraft: (state: string) =>
    new ProblemError(409, 'roster-no-draft', `The roster is ${state} and has no draft to print.`, { extra: { state } }),
}
