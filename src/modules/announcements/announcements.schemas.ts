import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Flag, Id, Instant, Line, Moment } from '../../platform/http/schemas.ts'
import { MESSAGE_STATES } from '../notifications/notifications.tables.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { ANNOUNCEMENT_STATES } from './announcements.tables.ts'

const Wording = z.strictObject({ title: Line(120), text: z.string().trim().min(1).max(5_000) })
export const Wordings = z
  .strictObject({ zh: Wording.optional(), en: Wording.optional(), bo: Wording.optional() })
  .refine((texts) => Object.values(texts).some((one) => one !== undefined), {
    error: 'needs at least one language',
    params: { code: 'language-needed' },
  })
  .meta({ description: 'By language; who reads another one is shown Chinese, then English' })

const Source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unit'), unitId: Id }).meta({ description: 'Everybody of a unit and all below it' }),
  z.strictObject({ kind: z.literal('echelon-set'), echelonSetId: Id }),
  z.strictObject({ kind: z.literal('echelon'), echelonId: Id }),
  z.strictObject({ kind: z.literal('crew'), crewId: Id }),
  z
    .strictObject({ kind: z.literal('post-day'), postId: Id, day: Day })
    .meta({ description: 'Everybody on duty at a post on a day' }),
  z.strictObject({ kind: z.literal('shift'), shiftId: Id }).meta({ description: 'Everybody on duty in a shift' }),
  z.strictObject({ kind: z.literal('people'), volunteerIds: z.array(Id).min(1).max(10_000) }),
])

export const Audience = z.strictObject({
  sources: z.array(Source).min(1).max(50).meta({ description: 'People from any of these, each once' }),
  personClasses: z.array(z.enum(PERSON_CLASSES)).optional().meta({ description: 'Only these, when given' }),
})

const Minutes = z
  .int()
  .min(1)
  .max(60 * 24 * 90)
const chase = {
  remindAfterMinutes: z
    .array(Minutes)
    .max(10)
    .meta({ description: 'How long after it went out those who have not answered are reminded' }),
  escalateAfterMinutes: Minutes.nullable().meta({
    description: 'When the responsible people of their units are told their names; null: never',
  }),
}

export const NewAnnouncement = z.strictObject({
  unitId: Id,
  texts: Wordings,
  audience: Audience,
  urgent: z.boolean().default(false).meta({ description: 'Goes out in quiet hours too' }),
  remindAfterMinutes: chase.remindAfterMinutes.default([24 * 60, 48 * 60]),
  escalateAfterMinutes: chase.escalateAfterMinutes.default(72 * 60),
  expiresAt: Moment.nullish(),
})

export const AnnouncementPatch = z
  .strictObject({
    texts: Wordings,
    material: z.boolean().meta({ description: 'With texts: it says something else, and is to be acknowledged anew' }),
    ...chase,
    expiresAt: Moment.nullable(),
  })
  .partial()
  .refine((patch) => patch.texts === undefined || patch.material !== undefined, {
    path: ['material'],
    error: 'says whether the new texts have to be acknowledged anew',
    params: { code: 'material-needed' },
  })

export const AudiencePreview = z.strictObject({ audience: Audience })
export const AudiencePreviewed = z.object({
  people: z.int(),
  units: z.array(z.object({ unitId: Id, unitName: z.string(), people: z.int() })),
})

export const Announcement = z
  .object({
    id: Id,
    unitId: Id,
    state: z.enum(ANNOUNCEMENT_STATES),
    texts: z.record(z.string(), z.object({ title: z.string(), text: z.string() })),
    audience: Audience,
    urgent: z.boolean(),
    revision: z.int(),
    requiredRevision: z.int().meta({ description: 'The oldest wording whose acknowledgment still counts' }),
    remindAfterMinutes: z.array(z.int()),
    escalateAfterMinutes: z.int().nullable(),
    expiresAt: Instant.nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    endedAt: Instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Announcement', description: 'Something that each recipient has to answer that they have read it' })

const UnitCount = z.object({
  unitId: Id,
  unitName: z.string(),
  recipients: z.int(),
  acknowledged: z.int(),
  missing: z.int(),
  unreached: z.int().meta({ description: 'Of those missing: the message could not be delivered' }),
})

export const AnnouncementDetail = Announcement.extend({
  counts: UnitCount.omit({ unitId: true, unitName: true }),
  units: z.array(UnitCount),
  revisions: z.array(
    z.object({
      revision: z.int(),
      material: z.boolean(),
      texts: Announcement.shape.texts,
      publishedAt: Instant,
      publishedBy: z.string(),
    }),
  ),
}).meta({ id: 'AnnouncementDetail' })

export const AnnouncementList = z.strictObject({
  ...pageQuery(['createdAt']),
  state: z.enum(ANNOUNCEMENT_STATES).optional(),
  unitId: Id.optional(),
})
export const AnnouncementPage = pageOf(Announcement)

export const RecipientList = z.strictObject({
  ...pageQuery(['name']),
  acknowledged: Flag.optional(),
  unitId: Id.optional().meta({ description: 'Of this unit and all below it' }),
  messageState: z.enum(MESSAGE_STATES).optional(),
})
export const RecipientPage = pageOf(
  z
    .object({
      volunteerId: Id,
      displayName: z.string(),
      unitId: Id,
      unitName: z.string(),
      acknowledged: z.boolean().meta({ description: 'They have answered the wording that counts' }),
      acknowledgedRevision: z.int().nullable(),
      acknowledgedAt: Instant.nullable(),
      messageState: z.enum(MESSAGE_STATES).nullable(),
    })
    .meta({ id: 'AnnouncementRecipient' }),
)

export const Acknowledge = z.strictObject({
  volunteerId: Id,
  reason: z.string().trim().min(1).max(300).meta({ description: 'How the person said so, for the audit log' }),
})
export const Reminded = z.object({ reminded: z.int() })
export const Stop = z.strictObject({ reason: z.string().trim().min(1).max(300).optional() })

/** What the form of the page sends: the wording the person has read. */
export const PageAnswer = z.object({ answer: z.literal('acknowledge'), revision: z.coerce.number().int().positive() })
