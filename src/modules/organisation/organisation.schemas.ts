import { z } from 'zod'
import { ROLES } from '../../platform/auth/actor.ts'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Name, Version, Zone } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { CONSENT_MODES, SWAP_APPROVALS } from './organisation.types.ts'

const Minutes = z.int().min(0).max(100_000)
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time of day, HH:mm' })
const QuietTime = TimeOfDay.nullable()

const Mode = z.enum(CONSENT_MODES).optional()

/** Field by field, so that an answer names each class for which a mode is not possible. */
const Confirmation = z
  .strictObject({
    volunteer: z
      .literal('explicit', { error: 'volunteers are only ever asked: nothing but explicit is possible' })
      .optional(),
    staff: Mode,
    secondedCadre: Mode,
    police: Mode,
    medical: Mode,
  })
  .meta({ description: 'By person class: explicit yes, implied unless they object, or acknowledged as read' })

export const Policy = z
  .strictObject({
    confirmation: Confirmation,
    arriveBeforeMinutes: Minutes.meta({ description: 'How long before the start people are asked to be there' }),
    confirmWithinMinutes: Minutes.min(1),
    remindBeforeMinutes: Minutes,
    remindAgainBeforeMinutes: z.array(Minutes.min(1)).max(2),
    briefingTime: TimeOfDay.meta({ description: 'Local time of the day before at which a duty is called to mind' }),
    dutyReminderMinutes: Minutes.nullable().meta({
      description: 'So long before the duty instead; null: at `briefingTime`',
    }),
    gapSummaryTimes: z.array(TimeOfDay).max(6).meta({
      description: 'Local times at which the responsible people hear of open gaps; none: never',
    }),
    cutOffMinutes: Minutes,
    freezeMinutes: Minutes.meta({
      description: 'Confirmed duty that begins sooner than this is not moved by a new generation; 0: it may be',
    }),
    offerMinutes: Minutes.min(1),
    offerShare: z.number().gt(0).max(1),
    waveSize: z.int().min(1).max(1_000),
    broadcastBelowMinutes: Minutes,
    waveMost: z.int().min(1).max(1_000),
    broadcastMost: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: 'Together at most when all are asked; null: no limit' }),
    offerMode: z.enum(['first', 'collect']),
    collectMinutes: Minutes.min(1),
    urgentBelowMinutes: Minutes,
    escalateMinutes: Minutes.min(1),
    escalateAfterLapses: z.int().min(1).max(1_000).nullable(),
    checkInEarlyMinutes: Minutes,
    checkInLateMinutes: Minutes,
    checkOutEarlyMinutes: Minutes,
    checkInAskMinutes: Minutes.min(1),
    checkInTellMinutes: Minutes.min(1),
    noShowMinutes: Minutes.min(1),
    noShow: z.enum(['ask', 'auto']).meta({ description: 'Whether an organizer says who did not come, or the policy' }),
    checkOutAskMinutes: Minutes.min(1),
    checkOutTellMinutes: Minutes.min(1),
    lateEntryMinutes: Minutes.meta({
      description: 'What is entered later than this after the end of a shift is vouched for by another key',
    }),
    handoverDueMinutes: Minutes,
    reliefMissingMinutes: Minutes.min(1),
    mergeMinutes: Minutes.max(1_440).meta({
      description: 'How long a message about duties waits for further changes, so that one tells their sum',
    }),
    swapApproval: z.enum(SWAP_APPROVALS).meta({ description: 'Whether an accepted swap waits for an organizer' }),
    swapNearMinutes: Minutes.meta({ description: "What 'near' means to `always-near-start`" }),
    swapApprovalMinutes: Minutes.min(1),
    swapRemindMinutes: z
      .array(Minutes.min(1))
      .max(10)
      .meta({ description: 'How long before the duty people are reminded of a swap that nobody has taken' }),
    quietFrom: QuietTime.meta({ description: 'Local time from which messages that can wait do wait; null for never' }),
    quietTo: QuietTime.meta({ description: 'Local time at which they go out' }),
    nightFrom: TimeOfDay.meta({ description: 'Local time from which minutes are night minutes' }),
    nightTo: TimeOfDay,
    weekendDays: z.array(z.int().min(1).max(7)).max(7).meta({ description: 'ISO weekdays, Monday 1 to Sunday 7' }),
    creditedBy: z.enum(['elapsed', 'nominal']).meta({ description: 'Which minutes count as served' }),
    mealBreakAfterMinutes: Minutes.meta({ description: 'An unpaid break after each stretch this long; 0 for none' }),
    mealBreakMinutes: Minutes,
    minimumCreditMinutes: Minutes.meta({ description: 'Least credit of whoever is called out; 0 for none' }),
    lateCancellationMinutes: Minutes.meta({
      description: 'Withdrawing later than this before the start is late; being called later is at short notice',
    }),
    publicNoticeDays: z.int().min(0).max(365).meta({ description: 'Length of the public notice of a certificate' }),
  })
  .meta({ id: 'UnitPolicy', description: 'What a unit decides for itself and all below it' })

const Responsible = z.strictObject({
  name: Name,
  title: z.string().max(100).nullish(),
  phone: z.string().max(40).nullish(),
  email: z.email().nullish(),
})

const unitFields = {
  kind: z.string().trim().min(1).max(40).meta({ example: 'township' }),
  name: Name,
  code: z.string().trim().min(1).max(60).nullish(),
  zone: Zone,
  locale: z.enum(LOCALES),
  policy: Policy.partial(),
  responsibles: z
    .array(Responsible)
    .max(20)
    .meta({ description: 'Chain of responsible people, first to be told first' }),
}

export const NewUnit = z.strictObject({
  parentId: Id.nullable().meta({ description: 'null makes a new tree; only a key without a unit of its own may' }),
  ...unitFields,
  zone: Zone.optional().meta({ description: "The parent's when left out" }),
  locale: z.enum(LOCALES).optional(),
  policy: Policy.partial().optional(),
  responsibles: z.array(Responsible).max(20).optional(),
})

export const UnitPatch = z.strictObject({ parentId: Id, ...unitFields }).partial()

export const Unit = z
  .object({
    id: Id,
    parentId: Id.nullable(),
    ...unitFields,
    code: z.string().nullable(),
    effectivePolicy: Policy,
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Unit' })

export const UnitSummary = Unit.omit({ effectivePolicy: true, responsibles: true }).meta({ id: 'UnitSummary' })

export const UnitList = z.strictObject({
  ...pageQuery(['name', 'createdAt']),
  parentId: Id.optional(),
  under: Id.optional().meta({ description: 'This unit and all below it' }),
  kind: z.string().max(40).optional(),
  code: z.string().max(60).optional(),
})
export const UnitPage = pageOf(UnitSummary)

export const NewApiKey = z.strictObject({
  unitId: Id,
  role: z.enum(ROLES),
  name: Name,
  expiresAt: Instant.optional(),
})

export const ApiKey = z
  .object({
    id: Id,
    unitId: Id,
    role: z.enum(ROLES),
    name: Name,
    prefix: z.string(),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
  })
  .meta({ id: 'ApiKey' })
export const ApiKeyWithSecret = ApiKey.extend({ key: z.string().meta({ description: 'Shown once, now' }) })
export const ApiKeyList = z.strictObject({ ...pageQuery(['createdAt']), unitId: Id.optional() })
export const ApiKeyPage = pageOf(ApiKey)
