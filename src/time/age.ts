import { isLocalDate, type LocalDate } from './zones.ts'

/**
 * Age in whole years on a day, negative before the birth. Born on 29 February, one is a year older on 1 March of a
 * common year. @throws RangeError for what is not a date
 */
export function ageOn(bornOn: LocalDate, day: LocalDate): number {
  for (const date of [bornOn, day]) {
    if (!isLocalDate(date)) throw new RangeError(`"${date}" is not a date, written YYYY-MM-DD.`)
  }
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return day.slice(5) < bornOn.slice(5) ? years - 1 : years
}
