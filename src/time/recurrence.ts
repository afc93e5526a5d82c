import rrulePkg from 'rrule'
import { periodFirstDay, periodOf, placeInMonth, placeInYear } from './recurrence-periods.ts'
import { RULE_PROBLEMS, type Rule, type RuleProblem, type RuleWeekday, readRule } from './recurrence-rule.ts'
import {
  addLocalDays,
  atTime,
  dateOf,
  formatWall,
  isLocalDateTime,
  type LocalDate,
  type LocalDateTime,
  type LocalTime,
  localDaysBetween,
  timeOf,
  wallMillis,
  weekdayOf,
} from './zones.ts'

export type { Rule, RuleProblem } from './recurrence-rule.ts'

export type RuleResult =
  | { ok: true; rule: Rule }
  /** Every problem by name, and all of them in one sentence. */
  | { ok: false; problems: RuleProblem[]; problem: string }

/** INTERVAL, COUNT and what the rule leaves open are counted from the first start, which itself need not match. */
export type RecurrenceAnchor = { dtstart: LocalDateTime } | { startTime: LocalTime; effectiveFrom: LocalDate }

export type Recurrence = RecurrenceAnchor & {
  rule: Rule
  /** First day in force. */
  effectiveFrom?: LocalDate | undefined
  /** First day no longer in force. */
  effectiveTo?: LocalDate | undefined
  /** Local starts that are left out; a date leaves out its whole day. */
  exdates?: Iterable<LocalDate | LocalDateTime> | undefined
}

/** Longest window one call expands. */
export const LONGEST_HORIZON_DAYS = 3660
/** With COUNT, everything since the first start has to be counted. */
const LONGEST_COUNTED_DAYS = 36600

/** Within 28 years every date has fallen on every weekday. */
const WEEKDAY_CYCLE_YEARS = 28
const CYCLE_START = 2000

const { RRule } = rrulePkg
const RRULE_DAYS = [RRule.MO, RRule.TU, RRule.WE, RRule.TH, RRule.FR, RRule.SA, RRule.SU]

/** Refuses all that rrule would answer wrongly, silently or never; what it accepts is quick to expand. */
export function parseRule(text: string): RuleResult {
  const { rule, problems } = readRule(text)
  if (problems.length === 0 && !everMatches(rule)) problems.push('never-happens')
  if (problems.length === 0) return { ok: true, rule }
  return { ok: false, problems, problem: `The rule ${problems.map((name) => RULE_PROBLEMS[name]).join('; it ')}.` }
}

/** @throws RangeError with the sentence `parseRule` gives */
export function ruleOf(text: string): Rule {
  const result = parseRule(text)
  if (!result.ok) throw new RangeError(result.problem)
  return result.rule
}

/**
 * Local starts on the days from `from` up to, not including, `to`; sorted, each once. The local start is the key of an
 * occurrence for ever, whether or not the clocks of some zone skip it.
 * @throws RangeError for a window beyond `LONGEST_HORIZON_DAYS`, or dates that are none
 */
export function occurrences(recurrence: Recurrence, from: LocalDate, to: LocalDate): LocalDateTime[] {
  const { rule, exdates, effectiveFrom = from, effectiveTo = to } = recurrence
  const dtstart = firstStart(recurrence)
  const window = { from: latest(from, effectiveFrom, dateOf(dtstart)), to: earliest(to, effectiveTo) }
  refuseBeyond(LONGEST_HORIZON_DAYS, from, to)
  if (rule.count !== null) refuseBeyond(LONGEST_COUNTED_DAYS, dtstart, window.to)
  if (localDaysBetween(window.from, window.to) <= 0) return []

  const left = new Set(exdates)
  return matchingDays(rule, dateOf(dtstart), window.from, window.to)
    .map((day) => atTime(day, timeOf(dtstart)))
    .filter((start) => rule.until === null || start <= rule.until)
    .filter((start) => !left.has(start) && !left.has(dateOf(start)))
}

/** Not once in these days. A rule can be sound and still never meet its first start: every second year, 29 February. */
export const neverHappens = (recurrence: Recurrence, from: LocalDate, to: LocalDate): boolean =>
  occurrences(recurrence, from, to).length === 0

function everMatches(rule: Rule): boolean {
  const everyPeriod: Rule = { ...rule, interval: 1, count: null }
  const years = Array.from({ length: WEEKDAY_CYCLE_YEARS }, (_, i) => CYCLE_START + i)
  return years.some(
    (year) => matchingDays(everyPeriod, `${CYCLE_START}-01-01`, `${year}-01-01`, `${year + 1}-01-01`).length > 0,
  )
}

/** Days in [from, to) on which the rule holds; `from` is not before `start`, the day of the first start. */
function matchingDays(rule: Rule, start: LocalDate, from: LocalDate, to: LocalDate): LocalDate[] {
  const complete = withDefaults(rule, start)
  const days = walk(complete, start, complete.count === null ? from : start, to).filter((day) => holds(complete, day))
  const picked = pickPositions(complete, days).filter((day) => day >= start)
  return (complete.count === null ? picked : picked.slice(0, complete.count)).filter((day) => day >= from && day < to)
}

/**
 * rrule looks for the next match until the year 9999, so it is only asked for days that every period has: it steps
 * through the periods and gives their weekdays; all other parts are sifted out afterwards. It begins in the last period
 * in step at or before `from`, as it is slow from an old start, and goes on to the end of the last period.
 */
function walk(rule: Rule, start: LocalDate, from: LocalDate, to: LocalDate): LocalDate[] {
  const first = periodOf(rule, start)
  const steps = Math.floor((periodOf(rule, from) - first) / rule.interval)
  const lastDay = addLocalDays(periodFirstDay(rule, periodOf(rule, addLocalDays(to, -1)) + 1), -1)
  const weekdays = rule.byDay.map(({ weekday }) => RRULE_DAYS[weekday - 1]!)
  const steady = new RRule(
    {
      freq: RRule[rule.frequency],
      interval: rule.interval,
      dtstart: wallDate(periodFirstDay(rule, first + steps * rule.interval)),
      until: wallDate(lastDay),
      wkst: RRULE_DAYS[rule.weekStart - 1]!,
      byweekday: rule.frequency === 'DAILY' ? null : weekdays.length > 0 ? weekdays : RRULE_DAYS,
      bymonth: rule.frequency === 'YEARLY' && rule.byMonth.length > 0 ? rule.byMonth : null,
    },
    true,
  )
  return steady.all().map((date) => dateOf(formatWall(date.getTime())))
}

function holds(rule: Rule, day: LocalDate): boolean {
  const { byMonth, byMonthDay, byDay } = rule
  const month = placeInMonth(day)
  return (
    (byMonth.length === 0 || byMonth.includes(Number(day.slice(5, 7)))) &&
    (byMonthDay.length === 0 ||
      byMonthDay.includes(month.place) ||
      byMonthDay.includes(month.place - month.size - 1)) &&
    (byDay.length === 0 || byDay.some((wanted) => isWeekday(rule, wanted, day)))
  )
}

/** A counted weekday counts in the year only where a yearly rule names no month. */
function isWeekday(rule: Rule, { weekday, nth }: RuleWeekday, day: LocalDate): boolean {
  if (weekday !== weekdayOf(day)) return false
  if (nth === undefined) return true
  const inYear = rule.frequency === 'YEARLY' && rule.byMonth.length === 0
  const { place, size } = inYear ? placeInYear(day) : placeInMonth(day)
  return nth === (nth > 0 ? Math.ceil(place / 7) : -Math.ceil((size - place + 1) / 7))
}

/** BYSETPOS: of the days of each period, those at the given places. */
function pickPositions(rule: Rule, days: LocalDate[]): LocalDate[] {
  if (rule.bySetPos.length === 0) return days
  const periods = new Map<number, LocalDate[]>()
  for (const day of days) {
    const period = periods.get(periodOf(rule, day))
    if (period) period.push(day)
    else periods.set(periodOf(rule, day), [day])
  }
  return [...periods.values()].flatMap((period) =>
    period.filter((_, i) => rule.bySetPos.includes(i + 1) || rule.bySetPos.includes(i - period.length)),
  )
}

/** What the rule leaves open is taken from the first start. */
function withDefaults(rule: Rule, start: LocalDate): Rule {
  if (rule.frequency === 'DAILY' || rule.byDay.length > 0 || rule.byMonthDay.length > 0) return rule
  if (rule.frequency === 'WEEKLY') return { ...rule, byDay: [{ weekday: weekdayOf(start) }] }
  const byMonthDay = [Number(start.slice(8))]
  if (rule.frequency === 'MONTHLY' || rule.byMonth.length > 0) return { ...rule, byMonthDay }
  return { ...rule, byMonthDay, byMonth: [Number(start.slice(5, 7))] }
}

function firstStart(recurrence: Recurrence): LocalDateTime {
  const start = 'dtstart' in recurrence ? recurrence.dtstart : atTime(recurrence.effectiveFrom, recurrence.startTime)
  if (!isLocalDateTime(start)) throw new RangeError(`"${start}" is not a local time, written YYYY-MM-DDTHH:mm.`)
  return start
}

function refuseBeyond(limit: number, from: LocalDate | LocalDateTime, to: LocalDate): void {
  const days = localDaysBetween(from, to)
  if (days > limit)
    throw new RangeError(`From ${from} to ${to} are ${days} days; at most ${limit} are expanded at once.`)
}

const wallDate = (day: LocalDate): Date => new Date(wallMillis(day))
const latest = (...days: LocalDate[]): LocalDate => days.reduce((a, b) => (a > b ? a : b))
const earliest = (...days: LocalDate[]): LocalDate => days.reduce((a, b) => (a < b ? a : b))
