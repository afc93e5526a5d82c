import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const organisationProblems = {
  unitUnknown: (id: string) => unknownSubject('unit', id),
  keyUnknown: (id: string) => unknownSubject('api-key', id),
  rootNeedsSystem: () =>
    new ProblemError(403, 'root-not-allowed', 'Only the admin command makes a new tree. Maybe name a parentId.'),
  lastAdminKey: () =>
    new ProblemError(409, 'last-admin-key', 'This is the last admin key of the tree; without it nobody could come in.'),
}

/** Constraint names of this module's tables, in words. */
export const organisationConstraints = {
  units_name_among_siblings: () =>
    new ProblemError(409, 'unit-name-taken', 'Another unit below the same parent has this name.'),
  units_code: () => new ProblemError(409, 'unit-code-taken', 'Another unit has this code.'),
}
