import { discreetName } from '../../time/words.ts'
import { localDay } from '../../time/zones.ts'
import type { CertificateRow } from './certificates.repository.ts'
import { codeText, hoursText, numberText, stateOf } from './certificates.rules.ts'

export const certificateView = (row: CertificateRow, now: Date) => ({
  id: row.id,
  number: numberText(row.year, row.serial),
  checkCode: codeText(row.checkCode),
  verifyUrl: row.facts.verifyUrl,
  kind: row.kind,
  state: stateOf(row, localDay(now, row.facts.zone)),
  noticeEndsOn: row.noticeEndsOn,
  volunteerId: row.volunteerId,
  unitId: row.unitId,
  lang: row.lang,
  from: row.fromOn,
  to: row.toOn,
  name: row.facts.name,
  personNumber: row.facts.personNumber,
  document: row.facts.document ?? null,
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

/** As much as a public notice shows. */
export const noticeView = (row: CertificateRow) => ({
  id: row.id,
  number: numberText(row.year, row.serial),
  name: discreetName(row.facts.name),
  issuer: row.facts.issuer,
  kind: row.kind,
  hours: hoursText(row.facts.minutes),
  from: row.fromOn,
  to: row.toOn,
  issuedAt: row.issuedAt.toISOString(),
  noticeEndsOn: row.noticeEndsOn!,
})
