import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, LocalDate, Name, Version, Zone } from '../../platform/http/schemas.ts'
import { parseLength } from '../../time/lengths.ts'
import { parseRule } from '../../time/recurrence.ts'
import { RULE_PROBLEMS } from '../../time/recurrence-rule.ts'
import { isLocalDateTime, isLocalTime, localDaysBetween } from '../../time/zones.ts'
import { ASSIGNMENT_STATES } from '../rosters/rosters.states.ts'
import { isNeverInForce } from './posts.rules.ts'
import { Leftovers } from './posts.schemas.ts'
import { EXCEPTION_KINDS, LINKED_BY, SHIFT_KINDS, SHIFT_STATES } from './posts.tables.ts'

const RuleText = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseRule(text)
    if (parsed.ok) return
    for (const problem of parsed.problems) {
      const message = `The rule ${RULE_PROBLEMS[problem]}.`
      context.addIssue({ code: 'custom', message, params: { code: `rule-${problem}` } })
    }
  })
  .meta({ description: 'RRULE without DTSTART and time of day', example: 'FREQ=DAILY' })

const NOTHING = /^P(?:0+D|T(?=\d)(?:0+H)?(?:0+M)?)$/

const Length = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseLength(text)
    if (parsed.ok) return
    const code = NOTHING.test(text) ? 'length-zero' : 'length-wrong'
    context.addIssue({ code: 'custom', message: parsed.problem, params: { code } })
  })
  .meta({ description: "'P1D' ends at the same wall time next day, 'PT24H' after exactly 24 hours", example: 'P1D' })

const LocalTime = z
  .string()
  .refine(isLocalTime, { error: 'is not a time of day, written HH:mm', params: { code: 'time-wrong' } })
  .meta({ description: 'Wall time, HH:mm', example: '08:00' })

const LocalDateTime = z
  .string()
  .refine(isLocalDateTime, { error: 'is not a local time, written YYYY-MM-DDTHH:mm', params: { code: 'time-wrong' } })
  .meta({ description: 'Wall time, YYYY-MM-DDTHH:mm', example: '2026-05-04T08:00' })

const Window = z
  .int()
  .min(0)
  .max(10_000)
  .nullable()
  .meta({ description: 'Minutes, where this shift differs from the policy of the unit; null: as the policy says' })

const templateFields = {
  name: Name,
  rule: RuleText,
  startTime: LocalTime,
  length: Length,
  zone: Zone,
  effectiveFrom: LocalDate,
  effectiveTo: LocalDate.nullable().meta({ description: 'First day no longer in force' }),
  requirementIds: z
    .array(Id)
    .min(1)
    .max(30)
    .nullable()
    .meta({ description: 'Requirements of the post that this shift staffs; null: all' }),
  checkInEarlyMinutes: Window,
  checkInLateMinutes: Window,
  checkOutEarlyMinutes: Window,
  noShowMinutes: Window,
  linked: z.enum(LINKED_BY).nullable().meta({
    description: 'Standing duty: one person keeps a seat for a week or for the period of the roster; null: no',
  }),
}

const Kind = z.enum(SHIFT_KINDS).meta({
  description: 'active: on duty at the post; standby: ready to be called. Stays as it was made',
})

type When = Pick<z.output<z.ZodObject<typeof templateFields>>, 'rule' | 'startTime' | 'effectiveFrom' | 'effectiveTo'>

const isUpsideDown = ({ effectiveFrom, effectiveTo }: Pick<When, 'effectiveFrom' | 'effectiveTo'>) =>
  effectiveTo != null && effectiveTo <= effectiveFrom

const neverInForce = (when: When) =>
  !isUpsideDown(when) && isNeverInForce({ ...when, effectiveTo: when.effectiveTo ?? null })

const TOGETHER = {
  upsideDown: { path: ['effectiveTo'], error: 'is not after effectiveFrom', params: { code: 'effective-upside-down' } },
  never: {
    path: ['rule'],
    error: 'The rule never happens while the template is in force.',
    params: { code: 'rule-never-happens' },
  },
}

/** What is wrong with the parts of a template together, once each is sound by itself. */
export function togetherFindings(when: When): { pointer: string; code: string; detail: string }[] {
  const found = isUpsideDown(when) ? TOGETHER.upsideDown : neverInForce(when) ? TOGETHER.never : undefined
  return found ? [{ pointer: `/body/${found.path[0]}`, code: found.params.code, detail: found.error }] : []
}

const Dates = z.object({ effectiveFrom: LocalDate, effectiveTo: LocalDate.nullish() })
const When = Dates.extend({ rule: RuleText, startTime: LocalTime })
/** The parts are compared as soon as those compared are sound, whatever else is wrong. */
const onceSound = (schema: z.ZodType) => ({
  when: ({ value }: { value: unknown }) => schema.safeParse(value).success,
})

export const NewShiftTemplate = z
  .strictObject({
    postId: Id,
    ...templateFields,
    zone: Zone.optional().meta({ description: "The unit's when left out" }),
    effectiveTo: templateFields.effectiveTo.default(null),
    requirementIds: templateFields.requirementIds.default(null),
    checkInEarlyMinutes: Window.default(null),
    checkInLateMinutes: Window.default(null),
    checkOutEarlyMinutes: Window.default(null),
    noShowMinutes: Window.default(null),
    linked: templateFields.linked.default(null),
    kind: Kind.default('active'),
  })
  .refine((template) => !isUpsideDown(template), { ...TOGETHER.upsideDown, ...onceSound(Dates) })
  .refine((template) => !neverInForce(template), { ...TOGETHER.never, ...onceSound(When) })

export const ShiftTemplatePatch = z.strictObject(templateFields).partial()

export const ShiftException = z
  .object({
    id: Id,
    originalStart: z.string(),
    kind: z.enum(EXCEPTION_KINDS),
    startLocal: z.string().nullable(),
    length: z.string().nullable(),
    reason: z.string().nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'ShiftException' })

export const NewShiftException = z
  .strictObject({
    originalStart: LocalDateTime.meta({ description: 'Wall time the occurrence has by the template: its key' }),
    kind: z.enum(EXCEPTION_KINDS),
    startLocal: LocalDateTime.nullable().default(null),
    length: Length.nullable().default(null),
    reason: z.string().trim().max(500).nullable().default(null),
  })
  .refine(({ kind, startLocal, length }) => kind === 'skip' || startLocal !== null || length !== null, {
    error: 'A move needs a startLocal, a length, or both.',
    path: ['startLocal'],
    params: { code: 'move-goes-nowhere' },
  })
  .refine(({ kind, startLocal, length }) => kind === 'move' || (startLocal === null && length === null), {
    error: 'A skipped occurrence has neither startLocal nor length.',
    path: ['kind'],
    params: { code: 'skip-has-no-time' },
  })

export const ShiftMove = z
  .strictObject({
    startLocal: LocalDateTime.nullable().default(null),
    length: Length.nullable().default(null),
    postId: Id.optional().meta({ description: 'Another post, of the same roster, that wants the roles of its seats' }),
    reason: z.string().trim().min(1).max(500).nullable().default(null),
    override: z
      .strictObject({
        rules: z.array(z.string().trim().min(1).max(60)).min(1).max(40),
        reason: z.string().trim().min(1).max(500),
      })
      .optional()
      .meta({ description: 'Hard rules set aside for those who hold the shift, by name' }),
  })
  .refine(({ startLocal, length, postId }) => startLocal !== null || length !== null || postId !== undefined, {
    error: 'A move needs a startLocal, a length or a postId.',
    path: ['startLocal'],
    params: { code: 'move-goes-nowhere' },
  })

export const ShiftTemplate = z
  .object({
    id: Id,
    postId: Id,
    name: z.string(),
    rule: z.string(),
    startTime: z.string(),
    length: z.string(),
    zone: z.string(),
    effectiveFrom: z.string(),
    effectiveTo: z.string().nullable(),
    requirementIds: z.array(Id).nullable(),
    checkInEarlyMinutes: Window,
    checkInLateMinutes: Window,
    checkOutEarlyMinutes: Window,
    noShowMinutes: Window,
    linked: z.enum(LINKED_BY).nullable(),
    kind: Kind,
    exceptions: z.array(ShiftException),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'ShiftTemplate' })
export const ChangedShiftTemplate = ShiftTemplate.extend({ leftovers: Leftovers }).meta({ id: 'ChangedShiftTemplate' })

export const ShiftTemplateList = z.strictObject({
  ...pageQuery(['name', 'createdAt']),
  postId: Id.optional(),
  unitId: Id.optional().meta({ description: 'Templates of posts of this unit and all below it' }),
})
export const ShiftTemplatePage = pageOf(ShiftTemplate)

export const LONGEST_PREVIEW_DAYS = 366

const windowOrder = {
  error: 'is not after from',
  path: ['to'],
  params: { code: 'window-upside-down' },
}

export const OccurrenceQuery = z
  .strictObject({ from: LocalDate, to: LocalDate.meta({ description: 'First day no longer shown' }) })
  .refine(({ from, to }) => from < to, windowOrder)
  .refine(({ from, to }) => localDaysBetween(from, to) <= LONGEST_PREVIEW_DAYS, {
    error: `A window has at most ${LONGEST_PREVIEW_DAYS} days.`,
    path: ['to'],
    params: { code: 'window-too-long' },
  })

export const Occurrences = z
  .object({
    items: z.array(
      z.object({
        originalStart: z.string(),
        startLocal: z.string(),
        endLocal: z.string(),
        startsAt: Instant,
        endsAt: Instant,
        exception: z.enum(EXCEPTION_KINDS).nullable(),
        shiftId: Id.nullable().meta({ description: 'The shift made from it, if there is one yet' }),
      }),
    ),
  })
  .meta({ id: 'Occurrences' })

export const ShiftList = z
  .strictObject({
    ...pageQuery(['startsAt']),
    unitId: Id.optional().meta({ description: 'Posts of this unit and all below it' }),
    postId: Id.optional(),
    from: LocalDate.optional().meta({ description: 'Local day on which the shift starts' }),
    to: LocalDate.optional().meta({ description: 'First day no longer shown' }),
    state: z.enum(SHIFT_STATES).optional(),
  })
  .refine(({ from, to }) => !from || !to || from < to, windowOrder)

export const Shift = z
  .object({
    id: Id,
    templateId: Id.nullable(),
    postId: Id,
    postName: z.string(),
    unitId: Id,
    originalStart: z.string(),
    startLocal: z.string(),
    endLocal: z.string(),
    zone: z.string(),
    localDay: z.string(),
    startsAt: Instant,
    endsAt: Instant,
    nominalMinutes: z.int(),
    kind: Kind,
    state: z.enum(SHIFT_STATES),
    extra: z.boolean().meta({ description: 'Made for a call-out; no other roster plans it' }),
    slots: z.array(
      z.object({
        id: Id,
        role: z.string(),
        seat: z.int(),
        mandatory: z.boolean(),
        holder: z
          .object({
            assignmentId: Id,
            volunteerId: Id,
            displayName: z.string(),
            state: z.enum(ASSIGNMENT_STATES),
          })
          .nullable(),
      }),
    ),
  })
  .meta({ id: 'Shift' })
export const ShiftPage = pageOf(Shift)
