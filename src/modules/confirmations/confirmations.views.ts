import type { AssignmentRow } from '../rosters/rosters.assignments.ts'
import type { confirmationsRepository, RequestRow } from './confirmations.repository.ts'

type AnswerRow = Awaited<ReturnType<ReturnType<typeof confirmationsRepository>['answersOf']>>[number]

export const requestView = (request: RequestRow, answers: AnswerRow[]) => ({
  id: request.id,
  rosterId: request.rosterId,
  versionNumber: request.versionNumber,
  volunteerId: request.volunteerId,
  confirmBy: request.confirmBy.toISOString(),
  remindedAt: request.remindedAt?.toISOString() ?? null,
  createdAt: request.createdAt.toISOString(),
  supersededAt: request.supersededAt?.toISOString() ?? null,
  duties: answers.map(({ assignmentId, state, startsAt, endsAt, decidedAt, declineReason }) => ({
    assignmentId,
    state,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    declineReason,
  })),
})

export const answeredView = ({ id, state, version, decidedAt, declineReason }: AssignmentRow) => ({
  id,
  state,
  version,
  decidedAt: decidedAt?.toISOString() ?? null,
  declineReason,
})
