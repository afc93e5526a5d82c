import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Moment } from '../../platform/http/schemas.ts'
import { Kind, Reason, StatedSegments } from './attendance.schemas.ts'
import { CORRECTION_KINDS, CORRECTION_STATES } from './attendance.tables.ts'

export const NewCorrection = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('presence'),
      checkedInAt: Moment,
      checkedOutAt: Moment,
      segments: StatedSegments.optional().meta({ description: 'One active segment when left out' }),
      reason: Reason,
    })
    .meta({ description: 'What it was really like, also of a duty that nobody checked in for' }),
  z
    .strictObject({ kind: z.literal('absence'), reason: Reason })
    .meta({ description: 'Somebody recorded as present was not there' }),
  z.strictObject({ kind: z.literal('excuse'), reason: Reason }).meta({ description: 'A no-show that is excused' }),
])

export const Decision = z.strictObject({ reason: Reason })

const ProposedPresence = z.object({
  checkedInAt: Instant,
  checkedOutAt: Instant,
  segments: z.array(z.object({ kind: Kind, startsAt: Instant, endsAt: Instant })),
})

export const AttendanceCorrection = z
  .object({
    id: Id,
    assignmentId: Id,
    volunteerId: Id,
    volunteerName: z.string(),
    postName: z.string(),
    kind: z.enum(CORRECTION_KINDS),
    proposed: ProposedPresence.nullable(),
    reason: z.string(),
    state: z.enum(CORRECTION_STATES),
    requestedBy: z.string().meta({ description: 'Id of the API key or of the personal link' }),
    requestedVia: z.enum(['api', 'link']),
    createdAt: Instant,
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    decision: z.string().nullable().meta({ description: 'What the reviewer says' }),
  })
  .meta({ id: 'AttendanceCorrection' })

export const AttendanceCorrectionList = z.strictObject({
  ...pageQuery(['createdAt']),
  state: z.enum(CORRECTION_STATES).optional(),
  assignmentId: Id.optional(),
  volunteerId: Id.optional(),
})
export const AttendanceCorrectionPage = pageOf(AttendanceCorrection)
