import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { Fault } from './handovers.rules.ts'

export const handoversProblems = {
  unknown: (id: string) => unknownSubject('handover', id),
  matterUnknown: (id: string) => unknownSubject('handover-matter', id),
  refused: ({ code, detail }: Fault) => new ProblemError(409, code, detail),
  signed: () => new ProblemError(409, 'signed-already', 'What the outgoing crew has signed is not changed any more.'),
  matterClosed: () => new ProblemError(409, 'already-closed', 'This matter is closed already.'),
}

/** Constraint names of this module's tables, in words. */
export const handoversConstraints = {
  handovers_complete_is_signed_twice: () =>
    new ProblemError(409, 'signed-already', 'Somebody has signed just now. Maybe read it again.'),
}
