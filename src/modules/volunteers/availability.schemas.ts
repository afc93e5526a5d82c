import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, LocalDate, Zone } from '../../platform/http/schemas.ts'
import { parseLength } from '../../time/lengths.ts'
import { LONGEST_HORIZON_DAYS, neverHappens, parseRule } from '../../time/recurrence.ts'
import { RULE_PROBLEMS } from '../../time/recurrence-rule.ts'
import { addLocalDays, dateOf, isLocalDateTime } from '../../time/zones.ts'
import { Day, Line, Moment } from './fields.schemas.ts'
import { ABSENCE_KINDS, AVAILABILITY_KINDS } from './volunteers.tables.ts'

const RuleText = z
  .string()
  .max(500)
  .check((context) => {
    const result = parseRule(context.value)
    if (result.ok) return
    for (const problem of result.problems) {
      const code = problem === 'never-happens' ? 'rule-never-happens' : `rule-${problem}`
      const message = `The rule ${RULE_PROBLEMS[problem]}.`
      context.issues.push({ code: 'custom', input: context.value, message, params: { code } })
    }
  })
  .meta({ description: 'RRULE on local time, without a time of day', example: 'FREQ=WEEKLY;BYDAY=SA,SU' })

const isNothing = (text: string) => /^P(0+D|T(?=\d)(0+H)?(0+M)?)$/.test(text)

const Length = z
  .string()
  .max(20)
  .check((context) => {
    const result = parseLength(context.value)
    if (result.ok) return
    const code = isNothing(context.value) ? 'length-zero' : 'length-wrong'
    context.issues.push({ code: 'custom', input: context.value, message: result.problem, params: { code } })
  })
  .meta({ description: 'Whole days by the wall clock (P1D) or exact time (PT4H30M)', example: 'PT4H' })

const StartLocal = z
  .string()
  .refine((text) => isLocalDateTime(text) && text >= '2000' && text < '2100', {
    error: 'is not a local time of this century, written YYYY-MM-DDTHH:mm',
    params: { code: 'local-time-wrong' },
  })
  .meta({ description: 'Local start of the first, or only, time', example: '2026-05-02T08:00' })

export const NewAvailability = z
  .strictObject({
    kind: z.enum(AVAILABILITY_KINDS),
    rule: RuleText.nullish().meta({ description: 'Once when left out' }),
    startLocal: StartLocal,
    length: Length,
    zone: Zone.optional().meta({ description: "The home unit's when left out" }),
    untilOn: Day.nullish().meta({ description: 'First day on which a recurring one no longer happens' }),
    weight: z.int().min(1).max(100).default(1).meta({ description: 'How much a wish counts' }),
  })
  .check(({ value, issues }) => {
    const { rule, startLocal, untilOn } = value
    const add = (path: string, code: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [path], message, params: { code } })
    if (!rule && untilOn) add('untilOn', 'until-without-rule', 'Only a recurring availability has a last day.')
    const parsed = rule ? parseRule(rule) : undefined
    if (!parsed?.ok) return
    const from = dateOf(startLocal)
    const horizon = addLocalDays(from, LONGEST_HORIZON_DAYS)
    const to = untilOn && untilOn < horizon ? untilOn : horizon
    if (to <= from) add('untilOn', 'until-before-start', `${to} does not come after ${from}.`)
    else if (neverHappens({ rule: parsed.rule, dtstart: startLocal }, from, to)) {
      add('rule', 'rule-never-happens', `The rule does not happen once from ${from} to ${to}.`)
    }
  })

export const Availability = z
  .object({
    id: Id,
    kind: z.enum(AVAILABILITY_KINDS),
    rule: z.string().nullable(),
    startLocal: z.string(),
    length: z.string(),
    zone: z.string(),
    untilOn: LocalDate.nullable(),
    weight: z.int(),
    createdAt: Instant,
  })
  .meta({ id: 'Availability' })
export const AvailabilityList = z.strictObject(pageQuery(['createdAt']))
export const AvailabilityPage = pageOf(Availability)

export const NewAbsence = z
  .strictObject({
    kind: z.enum(ABSENCE_KINDS),
    startsAt: Moment,
    endsAt: Moment,
    note: Line(500).nullish(),
  })
  .refine(({ startsAt, endsAt }) => Date.parse(endsAt) > Date.parse(startsAt), {
    path: ['endsAt'],
    error: 'does not come after startsAt',
    params: { code: 'ends-before-start' },
  })

export const Absence = z
  .object({
    id: Id,
    kind: z.enum(ABSENCE_KINDS),
    startsAt: Instant,
    endsAt: Instant,
    note: z.string().nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Absence' })
export const AbsenceList = z.strictObject({
  ...pageQuery(['startsAt']),
  from: Moment.optional().meta({ description: 'Only those that end after this instant' }),
  to: Moment.optional().meta({ description: 'Only those that start before this instant' }),
})
export const AbsencePage = pageOf(Absence)

export const AvailabilityParams = z.strictObject({ id: Id, availabilityId: Id })
export const AbsenceParams = z.strictObject({ id: Id, absenceId: Id })
