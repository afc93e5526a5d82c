import type { correctionsRepository } from './corrections.repository.ts'

type Found = NonNullable<Awaited<ReturnType<ReturnType<typeof correctionsRepository>['findWithDuty']>>>

export const correctionView = ({
  correction,
  volunteerId,
  volunteerName,
  postName,
}: Pick<Found, 'correction' | 'volunteerId' | 'volunteerName' | 'postName'>) => ({
  id: correction.id,
  assignmentId: correction.assignmentId,
  volunteerId,
  volunteerName,
  postName,
  kind: correction.kind,
  proposed: correction.proposed,
  reason: correction.reason,
  state: correction.state,
  requestedBy: correction.requestedBy,
  requestedVia: correction.requestedVia,
  createdAt: correction.createdAt.toISOString(),
  decidedBy: correction.decidedBy,
  decidedAt: correction.decidedAt?.toISOString() ?? null,
  decision: correction.decision,
})
