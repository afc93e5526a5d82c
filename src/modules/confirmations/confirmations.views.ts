import type { AssignmentRow } from '../rosters/rosters.assignments.ts'
import type { RequestRow } from './confirmations.repository.ts'
import type { linksRepository } from './links.repository.ts'
import type { requestsRepository } from './requests.repository.ts'
import type { ConsentRow } from './standing-consents.repository.ts'

type LinkRow = Awaited<ReturnType<ReturnType<typeof linksRepository>['list']>>[number]
type AnswerRow = Awaited<ReturnType<ReturnType<typeof requestsRepository>['answersOf']>>[number]

export const requestView = (request: RequestRow, answers: AnswerRow[]) => ({
  id: request.id,
  rosterId: request.rosterId,
  versionNumber: request.versionNumber,
  mode: request.mode,
  volunteerId: request.volunteerId,
  confirmBy: request.confirmBy.toISOString(),
  remindedAt: request.remindedAt?.toISOString() ?? null,
  createdAt: request.createdAt.toISOString(),
  supersededAt: request.supersededAt?.toISOString() ?? null,
  sentAgainAt: request.sentAgainAt?.toISOString() ?? null,
  escalatedAt: request.escalatedAt?.toISOString() ?? null,
  duties: answers.map(
    ({
      assignmentId,
      state,
      startsAt,
      endsAt,
      decidedAt,
      declineReason,
      receipt,
      staysOn,
      consentId,
      conspicuous,
    }) => ({
      assignmentId,
      state,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      decidedAt: decidedAt?.toISOString() ?? null,
      declineReason,
      receipt,
      staysOn,
      consentId,
      conspicuous,
    }),
  ),
})

export const answeredView = ({ id, state, version, decidedAt, declineReason }: AssignmentRow) => ({
  id,
  state,
  version,
  decidedAt: decidedAt?.toISOString() ?? null,
  declineReason,
})

const stateOfLink = ({ revokedAt, replacedAt, expiresAt }: LinkRow, now: Date) => {
  if (revokedAt) return 'revoked' as const
  if (replacedAt) return 'replaced' as const
  return expiresAt > now ? ('live' as const) : ('expired' as const)
}

export const linkView = (row: LinkRow, now: Date) => ({
  id: row.id,
  kind: row.kind,
  purpose: row.purpose,
  subjectId: row.subjectId,
  volunteerId: row.volunteerId,
  state: stateOfLink(row, now),
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  codeId: row.codeId,
})

export const consentView = (row: ConsentRow) => ({
  id: row.id,
  volunteerId: row.volunteerId,
  postId: row.postId,
  unitId: row.unitId,
  from: row.fromOn,
  to: row.toOn,
  source: row.source,
  word: row.word,
  givenAt: row.givenAt.toISOString(),
  revokedAt: row.revokedAt?.toISOString() ?? null,
})
