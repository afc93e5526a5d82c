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
import { EXCEPTION_KINDS } from './posts.tables.ts'

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
}

type When = Pick<z.output<z.ZodObject<typeof templateFields>>, 'rule' | 'startTime' | 'effectiveFrom' | 'effectiveTo'>

const isUpsideDown = ({ effectiveFrom, effectiveTo }: Pick<When, 'effectiveFrom' | 'effectiveTo'>) =>
  effectiveTo != null && effectiveTo <= effectiveFrom

/** What is wrong with the parts of a template together; each part is sound by itself. */
export function templateFindings(when: When): { field: keyof When; code: string; detail: string }[] {
  if (isUpsideDown(when)) {
    return [{ field: 'effectiveTo', code: 'effective-upside-down', detail: 'is not after effectiveFrom' }]
  }
  if (!isNeverInForce(when)) return []
  return [{ field: 'rule', code: 'rule-never-happens', detail: 'The rule never happens while the template is in force.' }]
}

const Dates = z.object({ effectiveFrom: LocalDate, effectiveTo: LocalDate.nullish() })
const Sound = Dates.extend({ rule: RuleText, startTime: LocalTime })

export const NewShiftTemplate = z
  .strictObject({
    postId: Id,
    ...templateFields,
    zone: Zone.optional().meta({ description: "The unit's when left out" }),
    effectiveTo: templateFields.effectiveTo.default(null),
    requirementIds: templateFields.requirementIds.default(null),
  })
  .superRefine((template, context) => {
    for (const { field, code, detail } of templateFindings(template)) {
      context.addIssue({ code: 'custom', path: [field], message: detail, params: { code } })
    }
  })

/** Speaks about the parts together as soon as those it looks at are sound, whatever else is wrong. */
NewShiftTemplate._zod.def.checks?.forEach((check) => {
  check._zod.def.when = ({ value }) => Sound.safeParse(value).success
})
