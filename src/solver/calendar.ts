import type { Day } from './types.ts'

/** ISO weekday of a local day: 1 Monday … 7 Sunday. Day 0, 1970-01-01, was a Thursday. */
export const weekdayOf = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1

/** Number of the ISO week (Monday first) a day lies in, counted from the week of 1970-01-01. */
export const weekOf = (day: Day): number => Math.floor((day + 3) / 7)

export const mondayOf = (week: number): Day => week * 7 - 3

/**
 * Year, month (1 to 12) and day of month of a day number, in the proleptic Gregorian calendar. Years are counted from
 * March so that the leap day is the last of its year; 146,097 days are 400 years.
 */
export function dateOf(day: Day): { year: number; month: number; date: number } {
  const sinceMarch0 = day + 719_468
  const era = Math.floor(sinceMarch0 / 146_097)
  const dayOfEra = sinceMarch0 - era * 146_097
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}

/** Months since year 0, one number for each calendar month. */
export function monthOf(day: Day): number {
  const { year, month } = dateOf(day)
  return year * 12 + month - 1
}

/** '2026-11-22' */
export function isoDate(day: Day): string {
  const { year, month, date } = dateOf(day)
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** '12 h', '11 h 30 min', '45 min' */
export function hoursText(minutes: number): string {
  const sign = minutes < 0 ? '-' : ''
  const whole = Math.round(Math.abs(minutes))
  const hours = Math.floor(whole / 60)
  const rest = whole % 60
  if (hours === 0) return `${sign}${rest} min`
  return rest === 0 ? `${sign}${hours} h` : `${sign}${hours} h ${rest} min`
}
