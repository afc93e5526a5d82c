import { z } from 'zod'
import { Id, Instant, LocalDate, Moment } from '../../platform/http/schemas.ts'
import { Kind } from './attendance.schemas.ts'

export const FINDING_CODES = [
  'never-checked-in',
  'never-checked-out',
  'end-before-start',
  'too-long',
  'outside-duty',
  'overlap',
  'segments-incomplete',
  'more-than-three-a-day',
  'entered-late',
] as const

const LONGEST_WINDOW_DAYS = 92

export const FindingList = z
  .strictObject({
    from: LocalDate.meta({ description: 'Local day the shift starts on' }),
    to: LocalDate.meta({ description: 'First day no longer looked at' }),
    unitId: Id.optional().meta({ description: 'Posts of this unit and all below it' }),
    code: z.enum(FINDING_CODES).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(500).optional(),
    sort: z.enum(['startsAt', '-startsAt']).default('startsAt'),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    error: 'is not after from',
    params: { code: 'window-upside-down' },
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= LONGEST_WINDOW_DAYS * 86_400_000, {
    path: ['to'],
    error: `A window has at most ${LONGEST_WINDOW_DAYS} days.`,
    params: { code: 'window-too-long' },
  })

export const AttendanceFinding = z
  .object({
    assignmentId: Id,
    volunteerId: Id,
    volunteerName: z.string(),
    postId: Id,
    postName: z.string(),
    state: z.string(),
    startsAt: Instant,
    endsAt: Instant,
    checkedInAt: Instant.nullable(),
    checkedOutAt: Instant.nullable(),
    codes: z.array(z.enum(FINDING_CODES)),
  })
  .meta({ id: 'AttendanceFinding', description: 'A duty whose record cannot be right, or is not complete' })
export const AttendanceFindingPage = z.object({ items: z.array(AttendanceFinding), nextCursor: z.string().nullable() })

const LONGEST_PRESENCE_DAYS = 31

export const PresenceQuery = z
  .strictObject({ from: Moment, to: Moment })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'is not after from',
    params: { code: 'window-upside-down' },
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= LONGEST_PRESENCE_DAYS * 86_400_000, {
    path: ['to'],
    error: `A window has at most ${LONGEST_PRESENCE_DAYS} days.`,
    params: { code: 'window-too-long' },
  })

export const PostPresence = z
  .object({
    postId: Id,
    from: Instant,
    to: Instant.meta({ description: 'Not after now: nobody has been anywhere in the future' }),
    stretches: z
      .array(
        z.object({
          startsAt: Instant,
          endsAt: Instant,
          people: z.array(z.object({ assignmentId: Id, volunteerId: Id, volunteerName: z.string(), kind: Kind })),
        }),
      )
      .meta({ description: 'One after the other without holes; within each the same people were there' }),
    gaps: z
      .array(
        z.object({
          startsAt: Instant,
          endsAt: Instant,
          minutes: z.int(),
          planned: z.boolean().meta({ description: 'By the plan somebody was to be there' }),
        }),
      )
      .meta({ description: 'When nobody was there' }),
  })
  .meta({ id: 'PostPresence', description: 'Who was at a post, by the facts' })
