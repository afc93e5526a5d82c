import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, LocalDate, Zone } from '../../platform/http/schemas.ts'
import { ATTENDANCE_SOURCES } from './attendance.tables.ts'

/** States of an assignment from the day somebody is expected. */
export const SHEET_STATES = ['confirmed', 'serving', 'completed', 'no_show', 'excused'] as const

const Reason = z.string().trim().min(1).max(500)

export const Entry = z
  .strictObject({
    at: Instant.optional().meta({ description: 'When it was, if not now; needs a reason' }),
    reason: Reason.optional(),
  })
  .refine((entry) => entry.at === undefined || entry.reason !== undefined, {
    path: ['reason'],
    error: 'Who enters a past instant says why.',
    params: { code: 'reason-needed' },
  })

export const BulkEntry = z
  .strictObject({
    shiftId: Id.optional().meta({ description: 'Everybody of this shift who is expected (or there)' }),
    assignmentIds: z.array(Id).min(1).max(500).optional(),
    at: Instant.optional().meta({ description: 'When it was, if not now' }),
    reason: Reason.optional(),
  })
  .refine((entry) => (entry.shiftId === undefined) !== (entry.assignmentIds === undefined), {
    error: 'Name either shiftId or assignmentIds.',
    params: { code: 'one-of-two' },
  })

export const NoShowEntry = z.strictObject({ reason: Reason.optional() })

export const Attendance = z
  .object({
    assignmentId: Id,
    volunteerId: Id,
    volunteerName: z.string(),
    shiftId: Id,
    postId: Id,
    postName: z.string(),
    role: z.string(),
    localDay: LocalDate,
    zone: Zone,
    state: z.string().meta({ description: 'State of the assignment' }),
    startsAt: Instant,
    endsAt: Instant,
    checkedInAt: Instant.nullable(),
    checkedOutAt: Instant.nullable(),
    inSource: z.enum(ATTENDANCE_SOURCES).nullable(),
    outSource: z.enum(ATTENDANCE_SOURCES).nullable(),
    minutes: z.int().nullable().meta({ description: 'Elapsed minutes on duty, once it is over' }),
    lateMinutes: z.int().nullable().meta({ description: 'Whole minutes after the expected arrival' }),
    late: z.boolean().nullable().meta({ description: "Later than the unit's policy lets pass" }),
    verifiedBy: z.string().nullable(),
  })
  .meta({ id: 'Attendance', description: 'Plan and fact of one duty' })

export const AttendanceList = z.strictObject({
  ...pageQuery(['startsAt']),
  shiftId: Id.optional(),
  postId: Id.optional(),
  volunteerId: Id.optional(),
  day: LocalDate.optional().meta({ description: 'Local day the shift starts on' }),
  state: z.enum(SHEET_STATES).optional(),
})
export const AttendancePage = pageOf(Attendance)
export const AttendanceGroup = z.object({ items: z.array(Attendance) }).meta({ id: 'AttendanceGroup' })
