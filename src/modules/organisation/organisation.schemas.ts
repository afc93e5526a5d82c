import { z } from 'zod'
import { ROLES } from '../../platform/auth/actor.ts'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Name, Version, Zone } from '../../platform/http/schemas.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'

const Minutes = z.int().min(0).max(100_000)
const QuietTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time of day, HH:mm' })
  .nullable()

export const Policy = z
  .strictObject({
    confirmWithinMinutes: Minutes.min(1),
    remindBeforeMinutes: Minutes,
    dutyReminderMinutes: Minutes,
    cutOffMinutes: Minutes,
    offerMinutes: Minutes.min(1),
    offerShare: z.number().gt(0).max(1),
    waveSize: z.int().min(1).max(1_000),
    broadcastBelowMinutes: Minutes,
    checkInEarlyMinutes: Minutes,
    checkInLateMinutes: Minutes,
    noShowMinutes: Minutes.min(1),
    quietFrom: QuietTime.meta({ description: 'Local time from which messages that can wait do wait; null for never' }),
    quietTo: QuietTime.meta({ description: 'Local time at which they go out' }),
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
