import { type Interval, isEmpty, minutesBetween } from './intervals.ts'
import {
  dateOf,
  formatWall,
  type LocalDate,
  type LocalTime,
  minuteOfDay,
  offsetMinutes,
  timeOf,
  weekdayOf,
} from './zones.ts'

export type DayKind = 'working' | 'weekend' | 'holiday'

/** What counts as night, weekend and holiday. */
export interface DutyCalendar {
  /** Over midnight when it ends before it starts; equal times are the whole day. */
  night: { from: LocalTime; to: LocalTime }
  /** ISO weekdays, Monday 1 to Sunday 7. */
  weekend: readonly number[]
  holidays: ReadonlySet<LocalDate>
  /** Days of the weekend that are worked to make up for a holiday. */
  makeUpDays: ReadonlySet<LocalDate>
}

export const PLAIN_CALENDAR: DutyCalendar = {
  night: { from: '22:00', to: '06:00' },
  weekend: [6, 7],
  holidays: new Set(),
  makeUpDays: new Set(),
}

/** A piece of an interval that lies within one local day and wholly in or out of the night. */
export interface Portion extends Interval {
  day: LocalDate
  dayKind: DayKind
  night: boolean
  minutes: number
}

/** `night` runs across the other three; those add up to `total`. */
export interface PortionMinutes {
  total: number
  night: number
  working: number
  weekend: number
  holiday: number
}

const MINUTE = 60_000
const DAY_MINUTES = 1440

export function dayKindOf(day: LocalDate, calendar: DutyCalendar): DayKind {
  if (calendar.holidays.has(day)) return 'holiday'
  if (calendar.makeUpDays.has(day)) return 'working'
  return calendar.weekend.includes(weekdayOf(day)) ? 'weekend' : 'working'
}

/**
 * Cuts an interval at local midnights, at the edges of the night and where the clocks change, so that every elapsed
 * minute is judged by what the clock on the wall shows. Minutes are whole and add up to the whole minutes of the
 * interval. In order, without holes. @throws RangeError for an unknown zone or night
 */
export function portionsOf(interval: Interval, zone: string, calendar: DutyCalendar = PLAIN_CALENDAR): Portion[] {
  const night = { from: minuteOfDay(calendar.night.from), to: minuteOfDay(calendar.night.to) }
  const portions: Portion[] = []
  let startsAt = interval.startsAt
  while (!isEmpty({ startsAt, endsAt: interval.endsAt })) {
    const offset = offsetMinutes(zone, startsAt)
    const wall = formatWall(startsAt.getTime() + offset * MINUTE)
    const minute = minuteOfDay(timeOf(wall))
    const edge = nextEdge([night.from, night.to, DAY_MINUTES], minute)
    const edgeAt = Math.floor(startsAt.getTime() / MINUTE) + edge - minute
    const endsAt = untilClocksChange(startsAt, new Date(Math.min(edgeAt * MINUTE, interval.endsAt.getTime())), zone)
    portions.push({
      startsAt,
      endsAt,
      day: dateOf(wall),
      dayKind: dayKindOf(dateOf(wall), calendar),
      night: isNight(night, minute),
      minutes: minutesBetween(interval.startsAt, endsAt) - minutesBetween(interval.startsAt, startsAt),
    })
    startsAt = endsAt
  }
  return portions
}

export function sumPortions(portions: Iterable<Portion>): PortionMinutes {
  const sum: PortionMinutes = { total: 0, night: 0, working: 0, weekend: 0, holiday: 0 }
  for (const { minutes, night, dayKind } of portions) {
    sum.total += minutes
    sum[dayKind] += minutes
    if (night) sum.night += minutes
  }
  return sum
}

/** Minutes by kind. @throws RangeError */
export const portionMinutes = (interval: Interval, zone: string, calendar?: DutyCalendar): PortionMinutes =>
  sumPortions(portionsOf(interval, zone, calendar))

/** Minutes on each local day the interval touches, in order. @throws RangeError */
export function minutesByDay(interval: Interval, zone: string): Map<LocalDate, number> {
  const days = new Map<LocalDate, number>()
  for (const { day, minutes } of portionsOf(interval, zone)) days.set(day, (days.get(day) ?? 0) + minutes)
  return days
}

const isNight = ({ from, to }: { from: number; to: number }, minute: number): boolean =>
  from < to ? minute >= from && minute < to : minute >= from || minute < to

const nextEdge = (edges: number[], minute: number): number => Math.min(...edges.filter((edge) => edge > minute))

/** The end, or the first instant before it from which the zone has another offset. Looks no further than a day. */
function untilClocksChange(startsAt: Date, endsAt: Date, zone: string): Date {
  const offset = offsetMinutes(zone, startsAt)
  const sameAt = (millis: number) => offsetMinutes(zone, new Date(millis)) === offset
  let same = startsAt.getTime()
  let changed = endsAt.getTime()
  if (sameAt(changed - 1)) return endsAt
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2)
    if (sameAt(middle)) same = middle
    else changed = middle
  }
  return new Date(changed)
}
