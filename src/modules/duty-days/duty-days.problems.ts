import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const dutyDaysProblems = {
  inspectionUnknown: (id: string) => unknownSubject('inspection', id),
  findingUnknown: (id: string) => unknownSubject('inspection-finding', id),
  findingSettled: () => new ProblemError(409, 'finding-settled', 'This finding was settled before.'),
}
