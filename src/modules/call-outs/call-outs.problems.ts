import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const callOutProblems = {
  callOutUnknown: (id: string) => unknownSubject('call-out', id),
  notOpen: (state: string) => new ProblemError(409, 'call-out-not-open', `This call-out is ${state}.`),
  tooMany: () =>
    new ProblemError(409, 'call-out-too-large', 'A call-out has at most 500 people. Maybe begin another one.'),
}
