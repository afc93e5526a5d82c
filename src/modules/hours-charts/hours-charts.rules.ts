import { addLocalDays, type LocalDate, localDaysBetween } from '../../time/zones.ts'

export interface Sum {
  name: string
  minutes: number
  nightMinutes: number
}

export interface DaySum {
  day: LocalDate
  minutes: number
  plannedMinutes: number
}

/** The largest first, what comes after `most` of them together as one; `other` names it by how many they are. */
export function largest(sums: readonly Sum[], most: number, other: (count: number) => string): Sum[] {
  const sorted = sums.toSorted((a, b) => b.minutes - a.minutes)
  if (sorted.length <= most) return sorted
  const rest = sorted.slice(most)
  const total = (key: 'minutes' | 'nightMinutes') => rest.reduce((sum, one) => sum + one[key], 0)
  return [
    ...sorted.slice(0, most),
    { name: other(rest.length), minutes: total('minutes'), nightMinutes: total('nightMinutes') },
  ]
}

/** How many days a chart of days would show. */
export const daysSpanned = (days: readonly DaySum[], from: LocalDate | undefined, to: LocalDate | undefined): number =>
  spanOf(days, from, to).length

/** Every day of the period once, days without duty with nothing; without ends the period is that of the sums. */
export function everyDay(days: readonly DaySum[], from: LocalDate | undefined, to: LocalDate | undefined): DaySum[] {
  const known = new Map(days.map((one) => [one.day, one]))
  return spanOf(days, from, to).map((day) => known.get(day) ?? { day, minutes: 0, plannedMinutes: 0 })
}

function spanOf(days: readonly DaySum[], from: LocalDate | undefined, to: LocalDate | undefined): LocalDate[] {
  const last = days.at(-1)?.day
  const start = from ?? days[0]?.day
  const end = to ?? (last && addLocalDays(last, 1))
  if (!start || !end || end <= start) return []
  return Array.from({ length: localDaysBetween(start, end) }, (_, index) => addLocalDays(start, index))
}

export const hoursOf = (minutes: number): number => Math.max(0, minutes) / 60
