import { minutesBetween } from '../../time/intervals.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { DutyRow } from './attendance.repository.ts'
import { earlyExitMinutes, isLate, lateMinutes } from './attendance.rules.ts'
import type { Part } from './segments.rules.ts'

export const partView = ({ kind, cause, startsAt, endsAt }: Part) => ({
  kind,
  cause,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  minutes: minutesBetween(startsAt, endsAt),
})

/** `parts`: of a presence that is over. */
export function attendanceView(duty: DutyRow, policy: UnitPolicy, parts: Part[]) {
  const { checkedInAt, checkedOutAt } = duty
  const exit = checkedOutAt && (duty.earlyExitMinutes ?? earlyExitMinutes(duty, checkedOutAt))
  return {
    assignmentId: duty.id,
    volunteerId: duty.volunteerId,
    volunteerName: duty.volunteerName,
    shiftId: duty.shiftId,
    postId: duty.postId,
    postName: duty.postName,
    role: duty.role,
    localDay: duty.localDay,
    zone: duty.zone,
    state: duty.state,
    startsAt: duty.startsAt.toISOString(),
    endsAt: duty.endsAt.toISOString(),
    checkedInAt: checkedInAt?.toISOString() ?? null,
    checkedOutAt: checkedOutAt?.toISOString() ?? null,
    inSource: duty.inSource,
    outSource: duty.outSource,
    minutes: checkedInAt && checkedOutAt ? minutesBetween(checkedInAt, checkedOutAt) : null,
    lateMinutes: checkedInAt && (duty.lateMinutes ?? lateMinutes(duty, checkedInAt)),
    late: checkedInAt && isLate(duty, checkedInAt, policy),
    earlyExitMinutes: exit,
    leftEarly: exit === null ? null : exit > policy.checkOutEarlyMinutes,
    stayOn: duty.stayOn ?? false,
    waitsForRelief: duty.runsOn && checkedOutAt === null,
    segments: parts.map(partView),
    verifiedBy: duty.verifiedBy,
    verifiedAt: duty.verifiedAt?.toISOString() ?? null,
    enteredLateBy: duty.enteredLateBy ?? [],
  }
}
