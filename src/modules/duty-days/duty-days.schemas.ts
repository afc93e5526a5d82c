import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, LocalDate, Moment, Name, Zone } from '../../platform/http/schemas.ts'
import { Length, RuleText } from '../../platform/http/time-schemas.ts'
import { isLocalTime } from '../../time/zones.ts'
import { Post } from '../posts/posts.schemas.ts'
import { SHIFT_KINDS } from '../posts/posts.tables.ts'
import { ShiftTemplate } from '../posts/shift-templates.schemas.ts'
import { ASSIGNMENT_STATES } from '../rosters/rosters.states.ts'
import { Language } from '../volunteers/volunteers.schemas.ts'
import { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'
import { FINDING_KINDS, FINDING_STATES, INSPECTION_RESULTS } from './duty-days.tables.ts'

const Text = (max: number) => z.string().trim().min(1).max(max)
const Ids = z.array(Id).max(50)
const LocalTime = z
  .string()
  .refine(isLocalTime, { error: 'is not a time of day, written HH:mm', params: { code: 'time-wrong' } })
  .meta({ description: 'Wall time, HH:mm', example: '08:00' })

const CompositionRole = z.strictObject({
  role: Text(60).meta({ example: 'duty officer' }),
  count: z.int().min(1).max(200).default(1).meta({ description: 'How many must be there' }),
  desired: z.int().min(1).max(200).optional().meta({ description: 'How many would be better; not below count' }),
  unitIds: Ids.default([]).meta({ description: 'Drawn from these units and below; empty: any' }),
  grades: z.array(Text(60)).max(50).default([]),
  personClasses: z.array(z.enum(PERSON_CLASSES)).default([]),
  qualificationIds: Ids.default([]),
  languages: z.array(Language).max(20).default([]),
  echelonSetId: Id.nullable().default(null),
  reserveSetIds: Ids.default([]),
  startTime: LocalTime.optional().meta({ description: 'Where this role keeps other hours than the rest' }),
  length: Length.optional(),
})

export const NewComposition = z
  .strictObject({
    unitId: Id,
    name: Name.meta({ example: 'Duty of the day' }),
    kind: Text(60).default('duty-room'),
    address: z.string().trim().max(300).nullish(),
    phone: z.string().trim().max(40).nullish(),
    rule: RuleText.default('FREQ=DAILY'),
    startTime: LocalTime.default('08:00'),
    length: Length.default('P1D'),
    zone: Zone.optional(),
    effectiveFrom: Day,
    effectiveTo: Day.nullable().default(null),
    roles: z
      .array(CompositionRole)
      .min(1)
      .max(30)
      .refine((roles) => new Set(roles.map((one) => one.role)).size === roles.length, {
        error: 'names a role twice',
        params: { code: 'role-twice' },
      }),
  })
  .refine(({ effectiveFrom, effectiveTo }) => !effectiveTo || effectiveTo > effectiveFrom, {
    path: ['effectiveTo'],
    error: 'is not after effectiveFrom',
    params: { code: 'effective-upside-down' },
  })
export const Composition = z
  .object({ post: Post, templates: z.array(ShiftTemplate) })
  .meta({ id: 'DutyComposition', description: 'A post with its roles, and a shift template for each set of hours' })

const Words = z.object({ zh: z.string(), en: z.string() })
export const Presets = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: Words,
        shifts: z.array(z.object({ name: Words, startTime: z.string(), length: z.string() })),
        rotation: z
          .object({ period: z.string(), echelons: z.int() })
          .nullable()
          .meta({ description: 'How a rotation set is to turn for it' }),
      }),
    ),
  })
  .meta({ id: 'ShiftPresets' })
export const ApplyPreset = z.strictObject({
  preset: Text(60),
  effectiveFrom: Day,
  effectiveTo: Day.nullable().default(null),
  zone: Zone.optional(),
})
export const AppliedPreset = z.object({ templates: z.array(ShiftTemplate) }).meta({ id: 'AppliedShiftPreset' })

export const TodayQuery = z.strictObject({
  ...pageQuery(['startsAt']),
  unitId: Id.meta({ description: 'This unit and all below it' }),
  day: LocalDate.optional().meta({ description: "Today in the unit's zone when left out" }),
})
export const Today = pageOf(
  z.object({
    shiftId: Id,
    postId: Id,
    postName: z.string(),
    postPhone: z.string().nullable(),
    unitId: Id,
    unitName: z.string(),
    startLocal: z.string(),
    endLocal: z.string(),
    zone: z.string(),
    startsAt: Instant,
    endsAt: Instant,
    kind: z.enum(SHIFT_KINDS),
    running: z.boolean().meta({ description: 'It is going on at this moment' }),
    carriedOver: z.boolean().meta({ description: 'It began on an earlier day' }),
    seats: z.array(
      z.object({
        role: z.string(),
        mandatory: z.boolean(),
        holder: z
          .object({
            assignmentId: Id,
            volunteerId: Id,
            name: z.string(),
            state: z.enum(ASSIGNMENT_STATES),
            phone: z.string().nullable().meta({ description: 'Masked for viewers' }),
            checkedInAt: Instant.nullable(),
          })
          .nullable(),
      }),
    ),
  }),
)
  .extend({ day: LocalDate })
  .meta({ id: 'DutyToday' })

export const NewInspection = z.strictObject({
  postId: Id,
  at: Moment.optional().meta({ description: 'Now when left out' }),
  inspectedBy: Name,
  present: z.array(Id).max(200).meta({ description: 'Everybody who was really there' }),
  others: z.array(Text(500)).max(20).default([]).meta({ description: 'What else was not in order' }),
  note: Text(1000).nullable().default(null),
})
const Finding = z
  .object({
    id: Id,
    inspectionId: Id,
    kind: z.enum(FINDING_KINDS),
    volunteerId: Id.nullable(),
    volunteerName: z.string().nullable(),
    assignmentId: Id.nullable(),
    detail: z.string().nullable(),
    state: z.enum(FINDING_STATES),
    settledAt: Instant.nullable(),
    settledReason: z.string().nullable(),
  })
  .meta({ id: 'InspectionFinding' })
export const InspectionFinding = Finding
export const Inspection = z
  .object({
    id: Id,
    unitId: Id,
    postId: Id,
    postName: z.string(),
    at: Instant,
    inspectedBy: z.string(),
    result: z.enum(INSPECTION_RESULTS),
    expected: z.int(),
    present: z.int(),
    note: z.string().nullable(),
    findings: z.array(Finding),
  })
  .meta({ id: 'Inspection', description: 'A spot check of who was really on duty' })
export const InspectionList = z.strictObject({
  ...pageQuery(['at']),
  unitId: Id.optional().meta({ description: 'Posts of this unit and all below it' }),
  postId: Id.optional(),
  result: z.enum(INSPECTION_RESULTS).optional(),
})
export const InspectionPage = pageOf(Inspection)
export const SettleFinding = z.strictObject({ reason: Text(500).min(3) })
