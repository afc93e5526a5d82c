import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Day, Id, Instant, Line, LocalDate, Moment, Zone } from '../../platform/http/schemas.ts'
import { Length, LocalDateTime, RuleText } from '../../platform/http/time-schemas.ts'
import { LONGEST_HORIZON_DAYS, neverHappens, parseRule } from '../../time/recurrence.ts'
import { addLocalDays, dateOf } from '../../time/zones.ts'
import { ABSENCE_KINDS, AVAILABILITY_KINDS } from './volunteers.tables.ts'

export const NewAvailability = z
  .strictObject({
    kind: z.enum(AVAILABILITY_KINDS),
    rule: RuleText.nullish().meta({ description: 'Once when left out' }),
    startLocal: LocalDateTime.meta({ description: 'Local start of the first, or only, time' }),
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
