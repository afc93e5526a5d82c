import type { CertificateRow } from './certificates.repository.ts'
import { codeText, hoursText, numberText } from './certificates.rules.ts'

export const certificateView = (row: CertificateRow) => ({
  id: row.id,
  number: numberText(row.year, row.serial),
  checkCode: codeText(row.checkCode),
  verifyUrl: row.facts.verifyUrl,
  kind: row.kind,
  state: row.revokedAt ? ('revoked' as const) : ('valid' as const),
  volunteerId: row.volunteerId,
  unitId: row.unitId,
  lang: row.lang,
  from: row.fromOn,
  to: row.toOn,
  name: row.facts.name,
  personNumber: row.facts.personNumber,
  issuer: row.facts.issuer,
  minutes: row.facts.minutes,
  hours: hoursText(row.facts.minutes),
  duties: row.facts.duties,
  posts: row.facts.posts,
  issuedAt: row.issuedAt.toISOString(),
  issuedBy: row.issuedBy,
  revokedAt: row.revokedAt?.toISOString() ?? null,
  revokedReason: row.revokedReason,
})
