import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

const conflict = (code: string, detail: string) => () => new ProblemError(409, code, detail)

export const volunteerProblems = {
  volunteerUnknown: (id: string) => unknownSubject('volunteer', id),
  qualificationUnknown: (id: string) => unknownSubject('qualification', id),
  availabilityUnknown: (id: string) => unknownSubject('availability', id),
  absenceUnknown: (id: string) => unknownSubject('absence', id),
  unitUnknown: (id: string) => unknownSubject('unit', id),
}

/** Constraint names of this module's tables, in words. */
export const volunteersConstraints = {
  qualifications_code: conflict('qualification-code-taken', 'Another qualification has this code.'),
  volunteers_person_number: conflict('person-number-taken', 'Somebody else has this person number.'),
  volunteers_leave_after_joining: conflict('leaves-before-joining', 'The last day would come before the first.'),
  contact_points_once: conflict('contact-twice', 'The same contact is given twice.'),
  volunteer_qualifications_once: conflict('qualification-twice', 'The same qualification is given twice.'),
}
