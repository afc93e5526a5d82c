import { z } from 'zod'
import { parseLength } from '../../time/lengths.ts'
import { parseRule } from '../../time/recurrence.ts'
import { RULE_PROBLEMS } from '../../time/recurrence-rule.ts'
import { isLocalDateTime } from '../../time/zones.ts'

/** A recurrence rule; each thing wrong with it is an error of its own, `rule-never-happens` among them. */
export const RuleText = z
  .string()
  .max(500)
  .check(({ value, issues }) => {
    const parsed = parseRule(value)
    if (parsed.ok) return
    for (const problem of parsed.problems) {
      const message = `The rule ${RULE_PROBLEMS[problem]}.`
      issues.push({ code: 'custom', input: value, message, params: { code: `rule-${problem}` } })
    }
  })
  .meta({ description: 'RRULE on local time, without DTSTART and time of day', example: 'FREQ=WEEKLY;BYDAY=SA,SU' })

const NOTHING = /^P(?:0+D|T(?=\d)(?:0+H)?(?:0+M)?)$/

export const Length = z
  .string()
  .max(20)
  .check(({ value, issues }) => {
    const parsed = parseLength(value)
    if (parsed.ok) return
    const code = NOTHING.test(value) ? 'length-zero' : 'length-wrong'
    issues.push({ code: 'custom', input: value, message: parsed.problem, params: { code } })
  })
  .meta({ description: "'P1D' ends at the same wall time next day, 'PT24H' after exactly 24 hours", example: 'P1D' })

export const LocalDateTime = z
  .string()
  .refine((text) => isLocalDateTime(text) && text >= '2000' && text < '2100', {
    error: 'is not a local time of this century, written YYYY-MM-DDTHH:mm',
    params: { code: 'time-wrong' },
  })
  .meta({ description: 'Wall time, YYYY-MM-DDTHH:mm', example: '2026-05-04T08:00' })
