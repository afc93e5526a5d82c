import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

const conflict = (code: string, detail: string) => new ProblemError(409, code, detail)

export const echelonProblems = {
  setUnknown: (id: string) => unknownSubject('echelon-set', id),
  echelonUnknown: (id: string) => unknownSubject('echelon', id),
  memberUnknown: (id: string) => unknownSubject('echelon-member', id),
  notRotating: (name: string) =>
    conflict('set-not-rotation', `${name} is not a rotation set, so nobody in it is on turn.`),
  inRotation: (names: string[]) =>
    conflict('echelon-in-rotation', `${names.join(', ')} has turns in a rotation pattern and stays.`),
  setInUse: () => conflict('echelon-set-in-use', 'Posts draw their people from this set.'),
}

/** Constraint names of this module's tables, and of those that point at them, in words. */
export const echelonsConstraints = {
  echelon_sets_name_in_unit: () => conflict('echelon-set-name-taken', 'Another set of the unit has this name.'),
  echelons_name_in_set: () => conflict('echelon-name-taken', 'Another echelon of the set has this name.'),
  echelon_members_one_echelon_at_a_time: () =>
    conflict('echelon-member-elsewhere', 'Within a set a person belongs to one echelon at a time.'),
  rotation_patterns_one_per_day: () =>
    conflict('pattern-day-taken', 'Another rotation pattern takes effect on the same day.'),
  echelon_members_echelon_id_echelons_id_fk: () =>
    conflict(
      'echelon-has-members',
      'Members by hand, or exclusions, are tied to this echelon. Maybe remove them first.',
    ),
  cover_requirements_echelon_set_id_echelon_sets_id_fk: echelonProblems.setInUse,
  offers_echelon_id_echelons_id_fk: () =>
    conflict('echelon-was-asked', 'Offers have gone out to this echelon, so it stays on record.'),
}
