import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

const conflict = (code: string, detail: string) => new ProblemError(409, code, detail)

export const standingProblems = {
  planUnknown: (id: string) => unknownSubject('visit-plan', id),
  caseUnknown: (id: string) => unknownSubject('case', id),
  dutyUnknown: (id: string) => unknownSubject('standing-duty', id),
  visitUnknown: (id: string) => unknownSubject('visit', id),
  planEnded: () => conflict('visit-plan-ended', 'This visit plan has ended.'),
  caseClosed: () => conflict('case-closed', 'This case is closed.'),
  notLive: (state: string) => conflict('standing-duty-over', `This standing duty is ${state}.`),
  notNow: () => conflict('visit-not-now', 'A visit is reported on its day or the day after.'),
}

/** Constraint names of this module's tables, in words. */
export const standingConstraints = {
  visit_plans_name_in_unit: () => conflict('visit-plan-name-taken', 'Another visit plan of the unit has this name.'),
  cases_reference_in_unit: () => conflict('case-reference-taken', 'Another case of the unit has this reference.'),
  standing_duties_one_per_site: () => conflict('site-kept', 'Somebody keeps this site already. Maybe replace them.'),
  standing_duties_one_per_role: () => conflict('role-held', 'Somebody has this role already. Maybe replace them.'),
}
