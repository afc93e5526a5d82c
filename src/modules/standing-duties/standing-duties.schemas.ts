import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, Line, LocalDate, Name, Version, Zone } from '../../platform/http/schemas.ts'
import { parseRule } from '../../time/recurrence.ts'
import { isLocalTime } from '../../time/zones.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { CASE_STATES, DUTY_STATES, PLAN_STATES, VISIT_STATES } from './standing-duties.tables.ts'
import { FIVE_IN_ONE } from './teams.rules.ts'
import { VISIT_ANSWERS } from './visits.rules.ts'

const order = {
  path: ['toOn'],
  error: 'does not come after fromOn',
  params: { code: 'ends-before-start' },
  when: ({ value }: { value: unknown }) => z.object({ fromOn: Day, toOn: Day }).safeParse(value).success,
}
const Ids = z.array(Id).max(2_000)
const Reason = Line(300)

export const NewVisitPlan = z
  .strictObject({
    unitId: Id,
    name: Name,
    role: Line(60).default('liaison'),
    rule: z
      .string()
      .refine((text) => parseRule(text).ok, {
        error: 'is not a rule such as FREQ=DAILY',
        params: { code: 'rule-wrong' },
      })
      .default('FREQ=DAILY')
      .meta({ description: 'RRULE without DTSTART: on which days' }),
    startTime: z
      .string()
      .refine(isLocalTime, { error: 'is not a time of day, written HH:mm', params: { code: 'time-wrong' } })
      .meta({ description: 'When the visits of a day are due, however many one person pays', example: '09:00' }),
    zone: Zone.optional().meta({ description: "The unit's when left out" }),
    chaseAfterMinutes: z.int().min(0).max(1_440).default(180),
    alarmAfterMinutes: z.int().min(0).max(1_440).default(480),
    fromOn: Day,
    toOn: Day.nullable().default(null).meta({ description: 'First day without visits; open when left out' }),
  })
  .refine(({ fromOn, toOn }) => !toOn || toOn > fromOn, order)
  .refine(({ chaseAfterMinutes, alarmAfterMinutes }) => alarmAfterMinutes >= chaseAfterMinutes, {
    path: ['alarmAfterMinutes'],
    error: 'comes before the chasing',
    params: { code: 'alarm-before-chase' },
  })

export const VisitPlan = z
  .object({
    id: Id,
    unitId: Id,
    name: z.string(),
    role: z.string(),
    rule: z.string(),
    startTime: z.string(),
    zone: z.string(),
    chaseAfterMinutes: z.int(),
    alarmAfterMinutes: z.int(),
    fromOn: LocalDate,
    toOn: LocalDate.nullable(),
    state: z.enum(PLAN_STATES),
    createdAt: Instant,
    version: Version,
  })
  .meta({ id: 'VisitPlan', description: 'Visits paid to sites again and again, each by the one who keeps the site' })
export const VisitPlanList = z.strictObject({
  ...pageQuery(['name', 'createdAt']),
  unitId: Id.optional().meta({ description: 'Plans of this unit and all below it' }),
  state: z.enum(PLAN_STATES).optional(),
})
export const VisitPlanPage = pageOf(VisitPlan)

export const Division = z
  .strictObject({
    postIds: Ids.default([]).meta({ description: 'Sites to be divided; those somebody keeps already stay' }),
    postKinds: z.array(Line(60)).max(20).default([]).meta({ description: 'All active posts of these kinds, likewise' }),
    volunteerIds: Ids.min(1).meta({ description: 'Among these people' }),
    dryRun: z.boolean().default(false),
  })
  .refine(({ postIds, postKinds }) => postIds.length + postKinds.length > 0, {
    path: ['postIds'],
    error: 'needs postIds, postKinds or both',
    params: { code: 'sites-needed' },
  })
export const Divided = z
  .object({
    sites: z.int(),
    people: z.int(),
    most: z.int().meta({ description: 'Sites of whoever has most, counting those kept already' }),
    least: z.int(),
    dryRun: z.boolean(),
    items: z.array(z.object({ postId: Id, volunteerId: Id, steps: z.int() })),
  })
  .meta({ id: 'VisitDivision', description: '`steps`: units passed on the way through the tree from home to the site' })

export const NewDuty = z.strictObject({
  postId: Id,
  volunteerId: Id,
  fromOn: Day.optional().meta({ description: 'Today or the first day of the plan when left out' }),
})
export const Replacement = z.strictObject({
  volunteerId: Id.optional().meta({ description: 'The next best when left out' }),
  reason: Reason,
})
export const Ending = z.strictObject({ reason: Reason })

export const StandingDuty = z
  .object({
    id: Id,
    planId: Id.nullable(),
    postId: Id.nullable(),
    postName: z.string().nullable(),
    caseId: Id.nullable(),
    caseReference: z.string().nullable(),
    role: z.string(),
    volunteerId: Id,
    displayName: z.string(),
    fromOn: LocalDate,
    toOn: LocalDate.nullable(),
    state: z.enum(DUTY_STATES),
    reason: z.string().nullable(),
    decidedAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'StandingDuty' })
export const Replaced = z.object({ ended: StandingDuty, next: StandingDuty.nullable() }).meta({
  id: 'ReplacedDuty',
  description: '`next` is null when nobody else fits',
})
export const DutyList = z.strictObject({
  ...pageQuery(['createdAt']),
  planId: Id.optional(),
  caseId: Id.optional(),
  volunteerId: Id.optional(),
  state: z.enum(DUTY_STATES).optional(),
})
export const DutyPage = pageOf(StandingDuty)

export const Visit = z
  .object({
    id: Id,
    dutyId: Id,
    planId: Id,
    postId: Id,
    postName: z.string(),
    volunteerId: Id,
    displayName: z.string(),
    localDay: LocalDate,
    dueAt: Instant,
    state: z.enum(VISIT_STATES),
    note: z.string().nullable(),
    minutes: z.int().nullable(),
    filedAt: Instant.nullable(),
  })
  .meta({ id: 'Visit' })
export const VisitList = z.strictObject({
  ...pageQuery(['dueAt']),
  day: Day.optional(),
  state: z.enum(VISIT_STATES).optional(),
  volunteerId: Id.optional(),
})
export const VisitPage = pageOf(Visit)
export const VisitDay = z
  .object({ day: LocalDate, counts: z.record(z.enum(VISIT_STATES), z.int()), unkept: z.int() })
  .meta({ id: 'VisitDay', description: '`unkept`: sites of the plan that nobody keeps any more' })
export const VisitDayQuery = z.strictObject({ day: Day.optional().meta({ description: 'Today when left out' }) })

const filed = {
  note: z.string().trim().max(1_000).optional(),
  minutes: z.int().min(0).max(1_440).optional(),
}
export const VisitReport = z.strictObject({ state: z.enum(VISIT_ANSWERS), ...filed })

const Role = z.strictObject({
  role: Line(60),
  personClasses: z.array(z.enum(PERSON_CLASSES)).default([]),
  grades: z.array(Line(60)).max(20).default([]),
  qualificationIds: z.array(Id).max(20).default([]),
})
export const NewCase = z.strictObject({
  unitId: Id.meta({ description: 'Where the person lives: nearness is counted from here' }),
  reference: Line(100).meta({ description: 'What the case is called; no name of a person' }),
  place: Line(300).nullable().default(null),
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
  openedOn: Day.optional().meta({ description: 'Today when left out' }),
  roles: z
    .array(Role)
    .min(1)
    .max(20)
    .refine((list) => new Set(list.map((one) => one.role)).size === list.length, {
      error: 'names a role twice',
      params: { code: 'role-twice' },
    })
    .default(FIVE_IN_ONE),
  fromUnitId: Id.optional().meta({
    description: 'The team is chosen from this unit and below; all you may see if left out',
  }),
})
export const Case = z
  .object({
    id: Id,
    unitId: Id,
    reference: z.string(),
    place: z.string().nullable(),
    state: z.enum(CASE_STATES),
    openedOn: LocalDate,
    closedOn: LocalDate.nullable(),
    roles: z.array(
      z.object({
        role: z.string(),
        personClasses: z.array(z.enum(PERSON_CLASSES)),
        grades: z.array(z.string()),
        qualificationIds: z.array(Id),
      }),
    ),
    createdAt: Instant,
    version: Version,
  })
  .meta({ id: 'Case' })
export const CaseDetail = Case.extend({
  team: z.array(StandingDuty),
  openRoles: z.array(z.string()).meta({ description: 'Roles nobody holds or has been asked to take' }),
}).meta({ id: 'CaseDetail' })
export const CaseList = z.strictObject({
  ...pageQuery(['createdAt']),
  unitId: Id.optional(),
  state: z.enum(CASE_STATES).optional(),
})
export const CasePage = pageOf(Case)

/** What the form of the personal page sends. */
export const PageStep = z.discriminatedUnion('step', [
  z.object({ step: z.enum(['accept', 'decline', 'withdraw']), subject: Id }),
  z.object({
    step: z.literal('visit'),
    subject: Id,
    answer: z.enum(VISIT_ANSWERS),
    note: z.string().trim().max(1_000).optional(),
    minutes: z.union([z.literal('').transform(() => undefined), z.coerce.number().int().min(0).max(1_440)]).optional(),
  }),
])
