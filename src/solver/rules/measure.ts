import { mondayOf, monthOf, weekOf } from '../calendar.ts'
import type { Duty, Model } from '../model.ts'
import type { DutyFacts, Measure } from '../types.ts'
import type { LimitWindow } from './params.ts'

export const MEASURES = [
  'minutes',
  'shifts',
  'days',
  'nightMinutes',
  'weekendMinutes',
  'holidayMinutes',
  'nights',
  'weekends',
  'weekendShifts',
  'holidays',
  'shortNotice',
] as const satisfies readonly Measure[]

/** What is measured of a duty. */
export interface Measured {
  minutes: number
  /** ISO: 1 Monday … 7 Sunday. */
  weekday: number
  facts: Pick<DutyFacts, 'nightMinutes' | 'weekendMinutes' | 'holidayMinutes' | 'shortNotice'>
}

/** A duty with at least so many night minutes is a night. */
export const NIGHT_FROM_MINUTES = 180

const MINUTE_MEASURES: ReadonlySet<Measure> = new Set(['minutes', 'nightMinutes', 'weekendMinutes', 'holidayMinutes'])

export const countsMinutes = (measure: Measure): boolean => MINUTE_MEASURES.has(measure)

const isWeekend = (duty: Measured): boolean => duty.weekday >= 6

/** At least half of it lies in the weekend. */
const isOfWeekend = ({ minutes, facts }: Measured): boolean =>
  (facts.weekendMinutes ?? 0) > 0 && 2 * facts.weekendMinutes! >= minutes

/** What one duty adds; `days` and `weekends` are counted over distinct ones by `measureDuties`. */
export function measureOne(measure: Measure, duty: Measured): number {
  switch (measure) {
    case 'minutes':
      return duty.minutes
    case 'shifts':
    case 'days':
      return 1
    case 'nightMinutes':
      return duty.facts.nightMinutes ?? 0
    case 'weekendMinutes':
      return duty.facts.weekendMinutes ?? 0
    case 'holidayMinutes':
      return duty.facts.holidayMinutes ?? 0
    case 'nights':
      return (duty.facts.nightMinutes ?? 0) >= NIGHT_FROM_MINUTES ? 1 : 0
    case 'weekends':
      return isWeekend(duty) ? 1 : 0
    case 'weekendShifts':
      return isOfWeekend(duty) ? 1 : 0
    case 'holidays':
      return (duty.facts.holidayMinutes ?? 0) > 0 ? 1 : 0
    case 'shortNotice':
      return duty.facts.shortNotice ? 1 : 0
  }
}

/** Sum over duties[from..to), in order of time; days and weekends (Saturday or Sunday worked) each once. */
export function measureDuties(measure: Measure, duties: Duty[], from: number, to: number): number {
  let sum = 0
  let last = Number.NaN
  for (let i = from; i < to; i++) {
    const duty = duties[i]!
    if (measure === 'days') {
      if (duty.day === last) continue
      last = duty.day
    } else if (measure === 'weekends') {
      if (!isWeekend(duty)) continue
      const week = weekOf(duty.day)
      if (week === last) continue
      last = week
    }
    sum += measureOne(measure, duty)
  }
  return sum
}

/** Key of the calendar window a day lies in, for the windows that do not roll. */
export function windowKey(window: LimitWindow, model: Model): (day: number) => number {
  switch (window.per) {
    case 'day':
      return (day) => day
    case 'week':
      return weekOf
    case 'month':
      return monthOf
    default: {
      const { fromDay, toDay } = model.problem.period
      return (day) => (day >= fromDay && day < toDay ? 0 : -1)
    }
  }
}

/** Keys of the calendar windows that lie wholly inside the period: only there can a minimum be demanded. */
export function wholeWindows(window: LimitWindow, model: Model): number[] {
  const { fromDay, toDay } = model.problem.period
  if (window.per === 'period') return [0]
  const key = windowKey(window, model)
  const keys = new Set<number>()
  for (let day = fromDay; day < toDay; day++) keys.add(key(day))
  if (window.per === 'day') return [...keys]
  return [...keys].filter((k) =>
    window.per === 'week'
      ? mondayOf(k) >= fromDay && mondayOf(k) + 7 <= toDay
      : key(fromDay - 1) !== k && key(toDay) !== k,
  )
}

/** Days of history a window can reach back. */
export function windowReach(window: LimitWindow): number {
  const days = { day: 1, week: 7, month: 31, period: 0 }
  return window.per === 'rolling' ? window.days : days[window.per]
}

/** Limits on minutes cost one point for each started hour, limits on counts one for each. */
export const pointsFor = (measure: Measure, difference: number): number =>
  countsMinutes(measure) ? Math.ceil(difference / 60) : difference
