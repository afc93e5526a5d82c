import { maskAddress } from '../notifications/notifications.rules.ts'
import type { dutyDaysRepository, FindingRow, InspectionRow } from './duty-days.repository.ts'

type Repository = ReturnType<typeof dutyDaysRepository>
type ShiftFacts = Awaited<ReturnType<Repository['listShifts']>>[number]
type Seat = Awaited<ReturnType<Repository['seatsOf']>>[number]

const seatView = (seat: Seat, masked: boolean) => ({
  role: seat.role,
  mandatory: seat.mandatory,
  holder:
    seat.assignmentId === null
      ? null
      : {
          assignmentId: seat.assignmentId,
          volunteerId: seat.volunteerId!,
          name: seat.name!,
          state: seat.state!,
          phone: seat.phone && masked ? maskAddress(seat.phone) : seat.phone,
          checkedInAt: seat.checkedInAt?.toISOString() ?? null,
        },
})

export const todayView = (
  { shift, postName, postPhone, unitId, unitName }: ShiftFacts,
  seats: Seat[],
  { day, now, masked }: { day: string; now: Date; masked: boolean },
) => ({
  shiftId: shift.id,
  postId: shift.postId,
  postName,
  postPhone,
  unitId,
  unitName,
  startLocal: shift.startLocal,
  endLocal: shift.endLocal,
  zone: shift.zone,
  startsAt: shift.startsAt.toISOString(),
  endsAt: shift.endsAt.toISOString(),
  kind: shift.kind,
  running: shift.startsAt <= now && now < shift.endsAt,
  carriedOver: shift.localDay < day,
  seats: seats.map((seat) => seatView(seat, masked)),
})

export const findingView = (finding: FindingRow, volunteerName: string | null) => ({
  id: finding.id,
  inspectionId: finding.inspectionId,
  kind: finding.kind,
  volunteerId: finding.volunteerId,
  volunteerName,
  assignmentId: finding.assignmentId,
  detail: finding.detail,
  state: finding.state,
  settledAt: finding.settledAt?.toISOString() ?? null,
  settledReason: finding.settledReason,
})

export const inspectionView = (
  inspection: InspectionRow,
  postName: string,
  findings: { finding: FindingRow; name: string | null }[],
) => ({
  id: inspection.id,
  unitId: inspection.unitId,
  postId: inspection.postId,
  postName,
  at: inspection.at.toISOString(),
  inspectedBy: inspection.inspectedBy,
  result: inspection.result,
  expected: inspection.expected,
  present: inspection.present,
  note: inspection.note,
  findings: findings.map(({ finding, name }) => findingView(finding, name)),
})
