import type { Rule } from './recurrence-rule.ts'
import { addLocalDays, dateOf, formatWall, type LocalDate, localDaysBetween, wallMillis } from './zones.ts'

type Stepping = Pick<Rule, 'frequency' | 'weekStart'>

const DAY = 86_400_000
/** A Monday. */
const FIRST_WEEK = '1969-12-29'

/** Number of the day, week, month or year of the rule in which the day lies; the next one has the next number. */
export function periodOf({ frequency, weekStart }: Stepping, day: LocalDate): number {
  const year = Number(day.slice(0, 4))
  if (frequency === 'YEARLY') return year
  if (frequency === 'MONTHLY') return year * 12 + Number(day.slice(5, 7)) - 1
  if (frequency === 'DAILY') return wallMillis(day) / DAY
  return Math.floor((wallMillis(day) - wallMillis(firstWeek(weekStart))) / (7 * DAY))
}

export function periodFirstDay({ frequency, weekStart }: Stepping, period: number): LocalDate {
  if (frequency === 'YEARLY') return firstOfMonth(period * 12)
  if (frequency === 'MONTHLY') return firstOfMonth(period)
  if (frequency === 'DAILY') return dateOf(formatWall(period * DAY))
  return addLocalDays(firstWeek(weekStart), period * 7)
}

/** Which day of how many it is; the first is 1. */
export interface Place {
  place: number
  size: number
}

export function placeInMonth(day: LocalDate): Place {
  const size = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate()
  return { place: Number(day.slice(8)), size }
}

export function placeInYear(day: LocalDate): Place {
  const year = day.slice(0, 4)
  return {
    place: localDaysBetween(`${year}-01-01`, day) + 1,
    size: localDaysBetween(`${year}-01-01`, `${year}-12-31`) + 1,
  }
}

const firstWeek = (weekStart: number): LocalDate => addLocalDays(FIRST_WEEK, weekStart - 1)

function firstOfMonth(months: number): LocalDate {
  const year = String(Math.floor(months / 12)).padStart(4, '0')
  return `${year}-${String((months % 12) + 1).padStart(2, '0')}-01`
}
