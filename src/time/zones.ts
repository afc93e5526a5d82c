import { tzOffset } from '@date-fns/tz'

/** Calendar day without a zone: 'YYYY-MM-DD'. Text order is time order. */
export type LocalDate = string
/** Time of day without a zone: 'HH:mm', 00:00 to 23:59. */
export type LocalTime = string
/** Wall clock without a zone: 'YYYY-MM-DDTHH:mm'. Text order is time order. */
export type LocalDateTime = string

/** Of a wall time that occurs twice, the first occurrence starts a shift and the last ends it. */
export type Edge = 'start' | 'end'

const MINUTE = 60_000
const DAY = 86_400_000
const YEAR_0 = Date.UTC(-1, 12)
const YEAR_10000 = Date.UTC(10_000, 0)

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const WALL = /^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d)?$/

const knownZones = new Set<string>()

/** Is this the name of a time zone (IANA)? Offsets such as '+08:00' are not: they know no clock changes. */
export function isZone(zone: string): boolean {
  if (knownZones.has(zone)) return true
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    return false
  }
  knownZones.add(zone)
  return true
}

/** @throws RangeError */
export function assertZone(zone: string): void {
  if (!isZone(zone)) throw new RangeError(`"${zone}" is not a time zone. Maybe "Asia/Shanghai" or "Europe/Berlin"?`)
}

export const isLocalTime = (text: string): boolean => TIME.test(text)
export const isLocalDate = (text: string): boolean => text.length === 10 && !Number.isNaN(parseWall(text))
export const isLocalDateTime = (text: string): boolean => text.length === 16 && !Number.isNaN(parseWall(text))

/** Text order is time order: negative, zero or positive, for `sort`. Dates and date-times alike. */
export const compareLocal = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const dateOf = (local: LocalDateTime): LocalDate => local.slice(0, 10)
export const timeOf = (local: LocalDateTime): LocalTime => local.slice(11, 16)
export const atTime = (date: LocalDate, time: LocalTime): LocalDateTime => `${date}T${time}`

/** Minutes after midnight. @throws RangeError */
export function minuteOfDay(time: LocalTime): number {
  if (!isLocalTime(time)) throw new RangeError(`"${time}" is not a time of day. It is written HH:mm, such as 08:00.`)
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/**
 * The wall clock as if it were UTC, in milliseconds: a number to calculate with, not an instant. A date is its midnight.
 * @throws RangeError
 */
export function wallMillis(local: LocalDate | LocalDateTime): number {
  const millis = parseWall(local)
  if (!Number.isNaN(millis)) return millis
  throw new RangeError(`"${local}" is not a local date or time. It is written YYYY-MM-DD or YYYY-MM-DDTHH:mm.`)
}

/** The way back from `wallMillis`. @throws RangeError */
export function formatWall(millis: number): LocalDateTime {
  if (!(millis >= YEAR_0 && millis < YEAR_10000)) {
    throw new RangeError('A wall clock shows a real time in the years 0000 to 9999.')
  }
  return new Date(millis).toISOString().slice(0, 16)
}

/** The same wall time, `days` later (or earlier). Takes and returns a date or a date-time. */
export function addLocalDays(local: LocalDate | LocalDateTime, days: number): string {
  return formatWall(wallMillis(local) + days * DAY).slice(0, local.length)
}

/** Whole calendar days from `from` to `to`; times of day are ignored. */
export const localDaysBetween = (from: LocalDate | LocalDateTime, to: LocalDate | LocalDateTime): number =>
  (wallMillis(dateOf(to)) - wallMillis(dateOf(from))) / DAY

/** ISO weekday: Monday 1 to Sunday 7. */
export const weekdayOf = (local: LocalDate | LocalDateTime): number => new Date(wallMillis(local)).getUTCDay() || 7

/** Minutes by which the zone's wall clock is ahead of UTC. @throws RangeError */
export function offsetMinutes(zone: string, instant: Date): number {
  assertZone(zone)
  return tzOffset(zone, instant)
}

/**
 * The only place where a wall clock meets its zone. A wall time that occurs twice gives its first instant as a start and
 * its last as an end; one that the clocks skip moves forward by the skipped time (RFC 5545, 3.3.5).
 * @throws RangeError
 */
export function wallToInstant(local: LocalDateTime, zone: string, edge: Edge): Date {
  const wall = wallMillis(local)
  const before = offsetMinutes(zone, new Date(wall - DAY))
  const after = offsetMinutes(zone, new Date(wall + DAY))
  const instants = [wall - before * MINUTE, wall - after * MINUTE].filter(
    (millis) => millis + offsetMinutes(zone, new Date(millis)) * MINUTE === wall,
  )
  if (instants.length === 0) return new Date(wall - before * MINUTE)
  return new Date(edge === 'start' ? Math.min(...instants) : Math.max(...instants))
}

/** What the clock on the wall shows; seconds are cut off. @throws RangeError */
export function instantToWall(instant: Date, zone: string): LocalDateTime {
  return formatWall(instant.getTime() + offsetMinutes(zone, instant) * MINUTE)
}

export const localDay = (instant: Date, zone: string): LocalDate => dateOf(instantToWall(instant, zone))

/** Not a number for what is no date, such as 30 February, which `Date` would take for 2 March. */
function parseWall(text: string): number {
  if (!WALL.test(text)) return Number.NaN
  const millis = Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`)
  return new Date(millis).getUTCDate() === Number(text.slice(8, 10)) ? millis : Number.NaN
}
