import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Flag, Id, Instant, LocalDate, Moment, Zone } from '../../platform/http/schemas.ts'
import { ATTENDANCE_SOURCES, MARK_CAUSES, SEGMENT_KINDS } from './attendance.tables.ts'

/** States of an assignment from the day somebody is expected. */
export const SHEET_STATES = ['confirmed', 'serving', 'completed', 'no_show', 'excused'] as const

export const Reason = z.string().trim().min(1).max(500)
export const Kind = z.enum(SEGMENT_KINDS).meta({ description: 'What the time on duty is spent on' })

/** A part of a presence, as somebody states it. */
export const StatedSegment = z.strictObject({ kind: Kind, startsAt: Moment, endsAt: Moment })
export const StatedSegments = z
  .array(StatedSegment)
  .min(1)
  .max(50)
  .meta({ description: 'Parts of the presence in whole minutes, without holes from check-in to check-out' })

const entryFields = {
  at: Instant.optional().meta({ description: 'When it was, if not now; needs a reason' }),
  reason: Reason.optional(),
}
const saysWhy = {
  path: ['reason'],
  error: 'Who enters a past instant says why.',
  params: { code: 'reason-needed' },
}
const isExplained = (entry: { at?: string | undefined; reason?: string | undefined }) =>
  entry.at === undefined || entry.reason !== undefined

export const CheckInEntry = z
  .strictObject({
    ...entryFields,
    kind: Kind.optional().meta({ description: 'What it begins as; as the shift was planned if not said' }),
  })
  .refine(isExplained, saysWhy)

export const CheckOutEntry = z
  .strictObject({
    ...entryFields,
    segments: StatedSegments.optional(),
    stayOn: z.boolean().optional().meta({ description: 'The person could stay on for the next shift' }),
  })
  .refine(isExplained, saysWhy)

export const ActivateEntry = z
  .strictObject({ ...entryFields, kind: Kind.default('active') })
  .refine(isExplained, saysWhy)

const chosenFields = {
  shiftId: Id.optional().meta({ description: 'Everybody of this shift who waits for it' }),
  assignmentIds: z.array(Id).min(1).max(500).optional(),
}
const isOneOf = (entry: { shiftId?: string | undefined; assignmentIds?: string[] | undefined }) =>
  (entry.shiftId === undefined) !== (entry.assignmentIds === undefined)
const oneOfTwo = { error: 'Name either shiftId or assignmentIds.', params: { code: 'one-of-two' } }

export const Chosen = z.strictObject(chosenFields).refine(isOneOf, oneOfTwo)

export const BulkEntry = z
  .strictObject({
    ...chosenFields,
    at: Instant.optional().meta({ description: 'When it was, if not now' }),
    reason: Reason.optional(),
  })
  .refine(isOneOf, oneOfTwo)

export const NoShowEntry = z.strictObject({ reason: Reason.optional() })

export const Segment = z
  .object({
    kind: Kind,
    cause: z
      .enum(MARK_CAUSES)
      .nullable()
      .meta({ description: 'Why it stands by itself: nobody relieved the crew, or relief came late' }),
    startsAt: Instant,
    endsAt: Instant,
    minutes: z.int(),
  })
  .meta({ id: 'Segment' })

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
    late: z.boolean().nullable().meta({ description: 'Later than the template or the policy lets pass' }),
    earlyExitMinutes: z.int().nullable().meta({ description: 'Whole minutes before the planned end' }),
    leftEarly: z.boolean().nullable().meta({ description: 'Earlier than the template or the policy lets pass' }),
    stayOn: z.boolean().meta({ description: 'Said at check-out: could stay on for the next shift' }),
    waitsForRelief: z.boolean().meta({ description: 'The shift is over and nobody has come to relieve the crew' }),
    segments: z.array(Segment).meta({ description: 'Parts of a presence that is over' }),
    verifiedBy: z.string().nullable(),
    verifiedAt: Instant.nullable(),
    enteredLateBy: z
      .array(z.string())
      .meta({ description: 'Keys that entered some of it later than `lateEntryMinutes`; another one vouches for it' }),
  })
  .meta({ id: 'Attendance', description: 'Plan and fact of one duty' })

export const AttendanceList = z.strictObject({
  ...pageQuery(['startsAt']),
  shiftId: Id.optional(),
  postId: Id.optional(),
  volunteerId: Id.optional(),
  day: LocalDate.optional().meta({ description: 'Local day the shift starts on' }),
  state: z.enum(SHEET_STATES).optional(),
  verified: Flag.optional(),
  enteredLate: Flag.optional().meta({
    description: 'Only what was, or was not, entered later than `lateEntryMinutes`; with `verified=false` what waits',
  }),
  stayOn: Flag.optional().meta({ description: 'Only people who could, or could not, stay on' }),
})
export const AttendancePage = pageOf(Attendance)
export const AttendanceGroup = z.object({ items: z.array(Attendance) }).meta({ id: 'AttendanceGroup' })
