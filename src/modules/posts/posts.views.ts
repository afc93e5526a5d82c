import type { AssignmentState } from '../rosters/rosters.states.ts'
import type { PostRow, RequirementRow } from './posts.repository.ts'
import type { ExceptionRow, TemplateRow } from './shift-templates.repository.ts'
import type { ShiftAt, SlotRow } from './shifts.repository.ts'

export const postSummaryView = (post: PostRow) => ({
  id: post.id,
  unitId: post.unitId,
  name: post.name,
  kind: post.kind,
  address: post.address,
  latitude: post.latitude,
  longitude: post.longitude,
  priority: post.priority,
  phone: post.phone,
  instructions: post.instructions,
  active: post.active,
  createdAt: post.createdAt.toISOString(),
  updatedAt: post.updatedAt.toISOString(),
  version: post.version,
})

export const postView = (post: PostRow, requirements: RequirementRow[]) => ({
  ...postSummaryView(post),
  requirements: requirements.map((one) => ({
    id: one.id,
    role: one.role,
    minimum: one.minimum,
    desired: one.desired,
    maximum: one.maximum,
    qualificationIds: one.qualificationIds,
    grades: one.grades,
    personClasses: one.personClasses,
    languages: one.languages,
    unitIds: one.unitIds,
    echelonSetId: one.echelonSetId,
    reserveSetIds: one.reserveSetIds,
    crewIds: one.crewIds,
    crewUnitIds: one.crewUnitIds,
  })),
})

export const exceptionView = (one: ExceptionRow) => ({
  id: one.id,
  originalStart: one.originalStart,
  kind: one.kind,
  startLocal: one.startLocal,
  length: one.length,
  reason: one.reason,
  createdAt: one.createdAt.toISOString(),
})

export const templateView = (template: TemplateRow, exceptions: ExceptionRow[]) => ({
  id: template.id,
  postId: template.postId,
  name: template.name,
  rule: template.rule,
  startTime: template.startTime,
  length: template.length,
  zone: template.zone,
  effectiveFrom: template.effectiveFrom,
  effectiveTo: template.effectiveTo,
  requirementIds: template.requirementIds,
  checkInEarlyMinutes: template.checkInEarlyMinutes,
  checkInLateMinutes: template.checkInLateMinutes,
  checkOutEarlyMinutes: template.checkOutEarlyMinutes,
  noShowMinutes: template.noShowMinutes,
  linked: template.linked,
  kind: template.kind,
  exceptions: exceptions.map(exceptionView),
  createdAt: template.createdAt.toISOString(),
  updatedAt: template.updatedAt.toISOString(),
  version: template.version,
})

interface Holder {
  assignmentId: string
  volunteerId: string
  displayName: string
  state: AssignmentState
}

export const shiftView = (shift: ShiftAt, seats: SlotRow[], holderOf: Map<string, Holder>) => ({
  id: shift.id,
  templateId: shift.templateId,
  postId: shift.postId,
  postName: shift.postName,
  unitId: shift.unitId,
  originalStart: shift.originalStart,
  startLocal: shift.startLocal,
  endLocal: shift.endLocal,
  zone: shift.zone,
  localDay: shift.localDay,
  startsAt: shift.startsAt.toISOString(),
  endsAt: shift.endsAt.toISOString(),
  nominalMinutes: shift.nominalMinutes,
  kind: shift.kind,
  state: shift.state,
  extra: shift.extra,
  slots: seats.map(({ id, role, seat, mandatory }) => ({
    id,
    role,
    seat,
    mandatory,
    holder: holderOf.get(id) ?? null,
  })),
})
