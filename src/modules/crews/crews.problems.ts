import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

const conflict = (code: string, detail: string) => new ProblemError(409, code, detail)

export const crewProblems = {
  crewUnknown: (id: string) => unknownSubject('crew', id),
  memberUnknown: (id: string) => unknownSubject('crew-member', id),
  inUse: () => conflict('crew-in-use', 'Posts or call-outs name this crew; it stays on record. Maybe give it a toOn.'),
}

/** Constraint names of this module's tables, in words. */
export const crewsConstraints = {
  crews_name_in_unit: () => conflict('crew-name-taken', 'Another crew of the unit has this name.'),
  crew_members_once_at_a_time: () =>
    conflict('already-member', 'Somebody named is in this crew on these days already.'),
}
