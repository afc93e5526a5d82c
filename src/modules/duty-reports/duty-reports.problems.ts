import { invalid, ProblemError, unknownSubject } from '../../platform/http/problem.ts'
import type { ContentFault } from './report-check.ts'

export const reportProblems = {
  obligationUnknown: (id: string) => unknownSubject('report-obligation', id),
  reportUnknown: (id: string) => unknownSubject('report', id),
  receiptUnknown: (id: string) => unknownSubject('report-receipt', id),
  /** The report does not keep to the schema of its obligation. */
  contentWrong: (faults: ContentFault[]) =>
    invalid(faults.map(({ pointer, code, detail }) => ({ pointer: `/body/content${pointer}`, code, detail }))),
  notFiled: () => new ProblemError(409, 'report-not-filed', 'Nothing was filed yet, so there is nothing to pass on.'),
}

/** Constraint names of this module's tables, in words. */
export const dutyReportsConstraints = {
  report_filings_number: () =>
    new ProblemError(409, 'report-filed-meanwhile', 'Somebody filed this report in this moment. Maybe read it again.'),
}
