import { isLocalDateTime, type LocalDateTime } from './zones.ts'

export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const
export type Frequency = (typeof FREQUENCIES)[number]

/** `weekday` is ISO: Monday 1 to Sunday 7. `nth` counts in the month or year, from the end when negative. */
export interface RuleWeekday {
  weekday: number
  nth?: number
}

/** An RRULE of RFC 5545 without a time of day: that is the shift's own. Lists are sorted, and empty when absent. */
export interface Rule {
  /** Parts in fixed order, numbers without padding: equal rules have equal text. */
  text: string
  frequency: Frequency
  interval: number
  count: number | null
  /** Last wall time that may still occur. */
  until: LocalDateTime | null
  byMonth: number[]
  byMonthDay: number[]
  byDay: RuleWeekday[]
  bySetPos: number[]
  /** ISO weekday on which a week begins. */
  weekStart: number
}

export const LARGEST_INTERVAL = 1000
export const LARGEST_COUNT = 1000
const LONGEST_TEXT = 500

const PARTS = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYMONTH', 'BYMONTHDAY', 'BYDAY', 'BYSETPOS', 'WKST'] as const
type Part = (typeof PARTS)[number]

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** What can be wrong with a rule; each name has its sentence. */
export const RULE_PROBLEMS = {
  unreadable: 'is not a recurrence rule. It is written like FREQ=WEEKLY;BYDAY=MO,TH',
  'unknown-part': `may only have the parts ${PARTS.join(', ')}; the time of day and the zone are the template's`,
  'repeated-part': 'has the same part twice',
  frequency: `needs FREQ, one of ${FREQUENCIES.join(', ')}`,
  interval: `needs an INTERVAL from 1 to ${LARGEST_INTERVAL}`,
  count: `needs a COUNT from 1 to ${LARGEST_COUNT}`,
  until: 'needs UNTIL as local time, such as 20261231 or 20261231T200000, without Z and seconds',
  'count-and-until': 'has both COUNT and UNTIL; one of them ends it',
  month: 'needs BYMONTH from 1 to 12',
  'month-day': 'needs BYMONTHDAY from 1 to 31, or from -31 to -1 to count from the end',
  'month-day-weekly': 'cannot have BYMONTHDAY in a WEEKLY rule. Maybe FREQ=DAILY or MONTHLY?',
  weekday: `needs BYDAY from ${WEEKDAYS.join(', ')}, in MONTHLY and YEARLY rules also like 1MO or -1FR`,
  'mixed-weekdays': 'mixes plain weekdays and counted ones in BYDAY. Maybe two rules?',
  'counted-weekday': 'counts weekdays further than they go: to 5 in a month, to 53 in a year, not at all in a week',
  'set-position': 'needs BYSETPOS from -366 to 366, not 0, in a WEEKLY, MONTHLY or YEARLY rule with another BY part',
  'week-start': `needs WKST as one of ${WEEKDAYS.join(', ')}`,
  'never-happens': 'describes a day that never comes',
} as const
export type RuleProblem = keyof typeof RULE_PROBLEMS

type Parts = Partial<Record<Part, string>>
type Report = (problem: RuleProblem) => void

/** Form and sense of every part; whether such a day ever comes is not asked here. */
export function readRule(text: string): { rule: Rule; problems: RuleProblem[] } {
  const problems = new Set<RuleProblem>()
  const report: Report = (problem) => problems.add(problem)
  const parts = readParts(text, report)
  const fields = {
    frequency: readFrequency(parts.FREQ, report),
    interval: readNumber(parts.INTERVAL, 1, LARGEST_INTERVAL, () => report('interval')) ?? 1,
    count: readNumber(parts.COUNT, 1, LARGEST_COUNT, () => report('count')),
    until: readUntil(parts.UNTIL, report),
    byMonth: readNumbers(
      parts.BYMONTH,
      (n) => n >= 1 && n <= 12,
      () => report('month'),
    ),
    byMonthDay: readNumbers(
      parts.BYMONTHDAY,
      (n) => within(n, 31),
      () => report('month-day'),
    ),
    byDay: readWeekdays(parts.BYDAY, report),
    bySetPos: readNumbers(
      parts.BYSETPOS,
      (n) => within(n, 366),
      () => report('set-position'),
    ),
    weekStart: readWeekStart(parts.WKST, report),
  }
  reportContradictions(fields, report)
  return { rule: { text: writeRule(fields), ...fields }, problems: [...problems] }
}

function reportContradictions(rule: Omit<Rule, 'text'>, report: Report): void {
  const { frequency, byDay, byMonth, byMonthDay, bySetPos } = rule
  if (rule.count !== null && rule.until !== null) report('count-and-until')
  if (frequency === 'WEEKLY' && byMonthDay.length > 0) report('month-day-weekly')

  const counted = byDay.filter((day) => day.nth !== undefined)
  if (counted.length > 0 && counted.length < byDay.length) report('mixed-weekdays')
  const inMonth = frequency === 'MONTHLY' || byMonth.length > 0
  const furthest = frequency === 'DAILY' || frequency === 'WEEKLY' ? 0 : inMonth ? 5 : 53
  if (counted.some((day) => !within(day.nth!, furthest))) report('counted-weekday')

  const others = byDay.length + byMonth.length + byMonthDay.length
  if (bySetPos.length > 0 && (frequency === 'DAILY' || others === 0)) report('set-position')
}

function readParts(text: string, report: Report): Parts {
  const parts: Parts = {}
  if (text.length > LONGEST_TEXT) report('unreadable')
  const line = text
    .slice(0, LONGEST_TEXT)
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
  for (const assignment of line.replace(/;$/, '').split(';')) {
    const [, name, value] = /^([A-Z-]+)=([^=]+)$/.exec(assignment) ?? []
    const part = PARTS.find((known) => known === name)
    if (name === undefined) report('unreadable')
    else if (part === undefined) report('unknown-part')
    else if (parts[part] !== undefined) report('repeated-part')
    else parts[part] = value!
  }
  return parts
}

function readFrequency(value: string | undefined, report: Report): Frequency {
  const frequency = FREQUENCIES.find((known) => known === value)
  if (!frequency) report('frequency')
  return frequency ?? 'DAILY'
}

function readNumber(value: string | undefined, from: number, to: number, wrong: () => void): number | null {
  if (value === undefined) return null
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (number >= from && number <= to) return number
  wrong()
  return null
}

function readNumbers(value: string | undefined, allowed: (n: number) => boolean, wrong: () => void): number[] {
  if (value === undefined) return []
  const numbers = value.split(',').map((item) => (/^[+-]?\d{1,3}$/.test(item) ? Number(item) : Number.NaN))
  if (!numbers.every(allowed)) wrong()
  return [...new Set(numbers.filter(allowed))].sort((a, b) => a - b)
}

function readWeekdays(value: string | undefined, report: Report): RuleWeekday[] {
  const days = new Map<string, RuleWeekday>()
  for (const item of value?.split(',') ?? []) {
    const [, nth, name] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(item) ?? []
    const weekday = WEEKDAYS.indexOf(name ?? '') + 1
    if (weekday === 0) report('weekday')
    else {
      const day = nth === undefined ? { weekday } : { weekday, nth: Number(nth) }
      days.set(writeWeekday(day), day)
    }
  }
  return [...days.values()].sort((a, b) => (a.nth ?? 0) - (b.nth ?? 0) || a.weekday - b.weekday)
}

function readUntil(value: string | undefined, report: Report): LocalDateTime | null {
  if (value === undefined) return null
  const [, year, month, day, hour = '23', minute = '59'] =
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})00)?$/.exec(value) ?? []
  const until = `${year}-${month}-${day}T${hour}:${minute}`
  if (isLocalDateTime(until)) return until
  report('until')
  return null
}

function readWeekStart(value: string | undefined, report: Report): number {
  if (value === undefined) return 1
  const weekday = WEEKDAYS.indexOf(value) + 1
  if (weekday === 0) report('week-start')
  return weekday || 1
}

function writeRule(rule: Omit<Rule, 'text'>): string {
  const list = (name: Part, values: (string | number)[]) => (values.length > 0 ? [`${name}=${values.join(',')}`] : [])
  return [
    `FREQ=${rule.frequency}`,
    ...(rule.interval === 1 ? [] : [`INTERVAL=${rule.interval}`]),
    ...(rule.count === null ? [] : [`COUNT=${rule.count}`]),
    ...(rule.until === null ? [] : [`UNTIL=${rule.until.replace(/[-:]/g, '')}00`]),
    ...list('BYMONTH', rule.byMonth),
    ...list('BYMONTHDAY', rule.byMonthDay),
    ...list('BYDAY', rule.byDay.map(writeWeekday)),
    ...list('BYSETPOS', rule.bySetPos),
    ...(rule.weekStart === 1 ? [] : [`WKST=${WEEKDAYS[rule.weekStart - 1]}`]),
  ].join(';')
}

const writeWeekday = (day: RuleWeekday): string => `${day.nth ?? ''}${WEEKDAYS[day.weekday - 1]}`

/** From 1 to `furthest`, counted from either end. */
const within = (n: number, furthest: number): boolean => n !== 0 && Math.abs(n) <= furthest
