import { ProblemError, unknownSubject } from '../../platform/http/problem.ts'

export const certificateProblems = {
  certificateUnknown: (id: string) => unknownSubject('certificate', id),
  volunteerUnknown: (id: string) => unknownSubject('volunteer', id),
  issuedAlready: () => new ProblemError(409, 'certificate-issued', 'This certificate is no draft any more.'),
  revokedAlready: () => new ProblemError(409, 'certificate-revoked', 'This certificate has been revoked already.'),
}
