import { z } from 'zod'
import { Id, Instant, LocalDate } from '../../platform/http/schemas.ts'
import { type DutyFilter, MEASURES, type PersonFilter } from '../../solver/index.ts'
import type { RuleName, RuleParams } from '../../solver/rules/params.ts'
import { wallMillis } from '../../time/zones.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Days since 1970-01-01, as the engine counts them. */
export const dayNumber = (date: string): number => wallMillis(date) / DAY_MS
/** Minutes since 1970-01-01T00:00Z. */
export const minuteNumber = (instant: Date): number => Math.floor(instant.getTime() / MINUTE_MS)

const Ids = z.array(Id).min(1).max(500)
const Words = z.array(z.string().min(1).max(60)).min(1).max(50)
const Minutes = z.int().min(0).max(525_600)
const Count = z.int().min(0).max(1_000)
const Amount = z.int().min(0).max(1_000_000)
const Weekday = z.int().min(1).max(7)
const Day = LocalDate.transform(dayNumber)
const None = z.strictObject({})

const People = z
  .strictObject({
    volunteerIds: Ids,
    echelonIds: Ids,
    personClasses: z.array(z.enum(PERSON_CLASSES)).min(1),
    grades: Words,
    unitIds: Ids,
    qualificationIds: Ids,
  })
  .partial()
  .transform(
    ({ volunteerIds, echelonIds, unitIds, qualificationIds, ...rest }): PersonFilter => ({
      ...rest,
      ...(volunteerIds && { personIds: volunteerIds }),
      ...(echelonIds && { groupIds: echelonIds }),
      ...(unitIds && { units: unitIds }),
      ...(qualificationIds && { qualifications: qualificationIds }),
    }),
  )

const Duties: z.ZodType<DutyFilter> = z
  .strictObject({
    postIds: Ids,
    templateIds: Ids,
    tags: Words,
    weekdays: z.array(Weekday).min(1),
    days: z.array(Day).min(1).max(400),
  })
  .partial()

const Measure = z.enum(MEASURES)

const Window = z.union([
  z.strictObject({ per: z.enum(['day', 'week', 'month', 'period']) }),
  z.strictObject({ per: z.literal('rolling'), days: z.int().min(1).max(366) }),
])

const bounds = { error: 'needs max, min or both', params: { code: 'bound-needed' } }
const isBounded = ({ max, min }: { max?: number | undefined; min?: number | undefined }) =>
  max !== undefined || min !== undefined

const Run = z
  .strictObject({
    max: Count.optional(),
    min: Count.optional(),
    forgiveEdges: z.union([z.boolean(), z.literal('end')]).optional(),
  })
  .refine(isBounded, bounds)
const RunOff = z
  .strictObject({ max: Count.optional(), min: Count.optional(), forgiveEdges: z.boolean().optional() })
  .refine(isBounded, bounds)
const Weekend = z.strictObject({ weekend: z.array(Weekday).min(1).max(7).optional() })

/** What each rule of the engine may be told. Dates and ids are those of the API; the output is the engine's. */
export const RULE_PARAMS: { [N in RuleName]: z.ZodType<RuleParams[N]> } = {
  qualification: None,
  clearance: None,
  language: None,
  grade: None,
  'person-class': None,
  unit: None,
  'echelon-on-turn': None,
  'no-overlap': z.strictObject({
    travelMinutes: Minutes.optional(),
    travel: z
      .array(z.strictObject({ postIds: z.tuple([Id, Id]), minutes: Minutes }))
      .max(2_000)
      .optional(),
  }),
  'minimum-rest': z.strictObject({
    minutes: Minutes,
    long: z
      .array(z.strictObject({ fromMinutes: Minutes, minutes: Minutes }))
      .max(10)
      .optional(),
    after: Duties.optional(),
    before: Duties.optional(),
  }),
  'load-limit': z
    .strictObject({ measure: Measure, window: Window, max: Amount.optional(), min: Amount.optional() })
    .refine(isBounded, bounds),
  'consecutive-days': Run,
  'consecutive-days-off': RunOff,
  'consecutive-weekends': z.strictObject({ max: Count }),
  'rest-in-window': z.strictObject({ days: z.int().min(1).max(60), minutes: Minutes }),
  succession: z.strictObject({
    first: Duties,
    mode: z.enum(['forbidden', 'wanted']),
    next: Duties,
    afterDays: z.int().min(0).max(31).optional(),
  }),
  pattern: z.strictObject({
    days: z
      .array(z.union([z.enum(['on', 'off', 'any']), Duties]))
      .min(1)
      .max(31),
    startWeekday: Weekday.optional(),
  }),
  'complete-weekend': Weekend,
  'identical-weekend': Weekend,
  'distinct-limit': z.strictObject({ of: z.enum(['post', 'template']), max: Count, window: Window }),
  absence: None,
  unavailable: None,
  availability: None,
  preferred: None,
  undesired: None,
  excluded: None,
  request: z
    .strictObject({
      volunteerId: Id,
      kind: z.enum(['on', 'off']),
      day: Day.optional(),
      duties: Duties.optional(),
      amount: z.int().min(1).max(1_000).optional(),
    })
    .transform(({ volunteerId, ...rest }) => ({ ...rest, personId: volunteerId })),
  pairing: z
    .strictObject({ volunteerIds: z.array(Id).min(2).max(50), mode: z.enum(['together', 'apart']) })
    .transform(({ volunteerIds, mode }) => ({ personIds: volunteerIds, mode })),
  cover: None,
  mix: z
    .strictObject({ people: People, min: Count.optional(), max: Count.optional(), roles: Words.optional() })
    .refine(isBounded, bounds),
  'mix-distinct': z.strictObject({ of: z.enum(['grade', 'unit', 'personClass']), roles: Words.optional() }),
  'crew-whole': None,
  'linked-slots': None,
  distance: z.strictObject({ maxKilometres: z.number().positive().max(20_000) }),
  'tier-order': None,
  'fair-share': z
    .strictObject({
      measure: Measure,
      within: z.enum(['all', 'group', 'unit', 'grade', 'personClass']),
      echelonIds: Ids.optional(),
      unit: z.number().positive().optional(),
    })
    .transform(({ echelonIds, ...rest }) => ({ ...rest, ...(echelonIds && { groupIds: echelonIds }) })),
  'least-change': None,
  pinned: None,
  'not-before': z
    .strictObject({ instant: Instant })
    .transform(({ instant }) => ({ instant: Date.parse(instant) / MINUTE_MS })),
}

export const RULE_NAMES = Object.keys(RULE_PARAMS) as RuleName[]
/** It speaks about slots of many seats, which only problems made for the engine itself have. */
export const isForEngineOnly = (name: string): boolean => name === 'cover'
export const isRuleName = (name: string): name is RuleName => Object.hasOwn(RULE_PARAMS, name)

/**
 * The parameters that say what a rule is about rather than how much: two rules of one name that agree in these and in
 * their scope speak about the same thing, and the nearer one replaces the other.
 */
const SUBJECT: Partial<Record<RuleName, string[]>> = {
  'minimum-rest': ['after', 'before'],
  'load-limit': ['measure', 'window'],
  'rest-in-window': ['days'],
  succession: ['first', 'mode', 'next', 'afterDays'],
  pattern: ['days', 'startWeekday'],
  'distinct-limit': ['of', 'window'],
  request: ['volunteerId', 'kind', 'day', 'duties'],
  pairing: ['volunteerIds'],
  mix: ['people', 'roles'],
  'mix-distinct': ['of', 'roles'],
  'fair-share': ['measure', 'within', 'echelonIds'],
}

const inOrder = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Equal for rules that replace each other. */
export function ruleKey(rule: { name: string; params: Record<string, unknown>; scope: object }): string {
  const parts = (SUBJECT[rule.name as RuleName] ?? []).map((part) => rule.params[part] ?? null)
  return JSON.stringify([rule.name, parts, rule.scope], inOrder)
}
