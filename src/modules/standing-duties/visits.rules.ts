import { occurrences, ruleOf } from '../../time/recurrence.ts'
import { addLocalDays, atTime, type LocalDate, wallToInstant } from '../../time/zones.ts'

export interface VisitRecipe {
  rule: string
  startTime: string
  zone: string
  fromOn: LocalDate
  toOn: LocalDate | null
}

/** When the visits of a day are due; undefined on a day without visits. */
export function dueOn({ rule, startTime, zone, fromOn, toOn }: VisitRecipe, day: LocalDate): Date | undefined {
  if (day < fromOn || (toOn !== null && day >= toOn)) return undefined
  const recurrence = { rule: ruleOf(rule), startTime, effectiveFrom: fromOn, effectiveTo: toOn ?? undefined }
  const [start] = occurrences(recurrence, day, addLocalDays(day, 1))
  return start === undefined ? undefined : wallToInstant(start, zone, 'start')
}

/** The first moment of a local day. */
export const beginOf = (day: LocalDate, zone: string): Date => wallToInstant(atTime(day, '00:00'), zone, 'start')

export const VISIT_ANSWERS = ['done', 'nothing', 'problem'] as const
export type VisitAnswer = (typeof VISIT_ANSWERS)[number]

/** A visit can be reported, and the report changed, on its day and the day after. */
export const canBeFiled = (visit: { localDay: LocalDate; state: string }, today: LocalDate): boolean =>
  visit.state !== 'cancelled' && visit.localDay <= today && today <= addLocalDays(visit.localDay, 1)
