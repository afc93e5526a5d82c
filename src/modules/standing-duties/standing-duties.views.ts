import type { CaseRow, DutyAt, PlanRow } from './standing-duties.repository.ts'
import type { VisitAt } from './visits.repository.ts'

export const planView = (plan: PlanRow) => ({
  id: plan.id,
  unitId: plan.unitId,
  name: plan.name,
  role: plan.role,
  rule: plan.rule,
  startTime: plan.startTime,
  zone: plan.zone,
  chaseAfterMinutes: plan.chaseAfterMinutes,
  alarmAfterMinutes: plan.alarmAfterMinutes,
  fromOn: plan.fromOn,
  toOn: plan.toOn,
  state: plan.state,
  createdAt: plan.createdAt.toISOString(),
  version: plan.version,
})

export const dutyView = ({ duty, postName, caseReference, displayName }: DutyAt) => ({
  id: duty.id,
  planId: duty.planId,
  postId: duty.postId,
  postName,
  caseId: duty.caseId,
  caseReference,
  role: duty.role,
  volunteerId: duty.volunteerId,
  displayName,
  fromOn: duty.fromOn,
  toOn: duty.toOn,
  state: duty.state,
  reason: duty.reason,
  decidedAt: duty.decidedAt?.toISOString() ?? null,
  createdAt: duty.createdAt.toISOString(),
})

export const caseView = (one: CaseRow) => ({
  id: one.id,
  unitId: one.unitId,
  reference: one.reference,
  place: one.place,
  state: one.state,
  openedOn: one.openedOn,
  closedOn: one.closedOn,
  roles: one.roles,
  createdAt: one.createdAt.toISOString(),
  version: one.version,
})

export const visitView = ({ visit, postName, displayName }: VisitAt) => ({
  id: visit.id,
  dutyId: visit.dutyId,
  planId: visit.planId,
  postId: visit.postId,
  postName,
  volunteerId: visit.volunteerId,
  displayName,
  localDay: visit.localDay,
  dueAt: visit.dueAt.toISOString(),
  state: visit.state,
  note: visit.note,
  minutes: visit.minutes,
  filedAt: visit.filedAt?.toISOString() ?? null,
})
