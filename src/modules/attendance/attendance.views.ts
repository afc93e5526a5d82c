import { minutesBetween } from '../../time/intervals.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { DutyRow } from './attendance.repository.ts'
import { isLate, lateMinutes } from './attendance.rules.ts'

export const attendanceView = (duty: DutyRow, policy: UnitPolicy) => ({
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
  checkedInAt: duty.checkedInAt?.toISOString() ?? null,
  checkedOutAt: duty.checkedOutAt?.toISOString() ?? null,
  inSource: duty.inSource,
  outSource: duty.outSource,
  minutes: duty.checkedInAt && duty.checkedOutAt ? minutesBetween(duty.checkedInAt, duty.checkedOutAt) : null,
  lateMinutes: duty.checkedInAt && lateMinutes(duty, duty.checkedInAt),
  late: duty.checkedInAt && isLate(duty, duty.checkedInAt, policy),
  verifiedBy: duty.verifiedBy,
})
