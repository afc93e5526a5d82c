import { addLocalDays, instantToWall, type LocalDateTime, type LocalTime, minuteOfDay, wallToInstant } from './zones.ts'

/** Length of a shift as ISO 8601 text: whole days by the wall clock ('P1D'), or exact time ('PT8H', 'PT12H30M'). */
export type LengthText = string

/** Exactly one of the two is above zero. */
export interface Length {
  /** Calendar days: the end has the wall time of the start. */
  days: number
  /** Elapsed minutes. */
  minutes: number
}

export type LengthResult = { ok: true; length: Length } | { ok: false; problem: string }

export const LONGEST_LENGTH_DAYS = 31

const MINUTES_PER_DAY = 1440
const DAYS = /^P(\d{1,5})D$/
const EXACT = /^PT(?=\d)(?:(\d{1,5})H)?(?:(\d{1,5})M)?$/

export function parseLength(text: LengthText): LengthResult {
  const days = DAYS.exec(text)
  const exact = EXACT.exec(text)
  if (!days && !exact) return { ok: false, problem: unreadable(text) }
  const length = {
    days: Number(days?.[1] ?? 0),
    minutes: Number(exact?.[1] ?? 0) * 60 + Number(exact?.[2] ?? 0),
  }
  const nominal = length.days * MINUTES_PER_DAY + length.minutes
  if (nominal === 0) return { ok: false, problem: `"${text}" is no time at all. Maybe P1D, a whole day?` }
  if (nominal > LONGEST_LENGTH_DAYS * MINUTES_PER_DAY) {
    return { ok: false, problem: `"${text}" is longer than ${LONGEST_LENGTH_DAYS} days.` }
  }
  return { ok: true, length }
}

/** @throws RangeError with the sentence `parseLength` gives */
export function lengthOf(text: LengthText): Length {
  const result = parseLength(text)
  if (!result.ok) throw new RangeError(result.problem)
  return result.length
}

/** Minutes on paper: a day counts 1440, whatever the clocks do. @throws RangeError */
export function nominalMinutes(text: LengthText): number {
  const { days, minutes } = lengthOf(text)
  return days * MINUTES_PER_DAY + minutes
}

/** From one time of day to the next such time: 20:00 to 08:00 is PT12H, equal times are P1D. @throws RangeError */
export function lengthBetween(start: LocalTime, end: LocalTime): LengthText {
  const minutes = (minuteOfDay(end) - minuteOfDay(start) + MINUTES_PER_DAY) % MINUTES_PER_DAY
  if (minutes === 0) return 'P1D'
  const hours = Math.floor(minutes / 60)
  return `PT${hours ? `${hours}H` : ''}${minutes % 60 ? `${minutes % 60}M` : ''}`
}

export interface ShiftTimes {
  startsAt: Date
  endsAt: Date
  /** For days: the wall time of the start, even where the clocks skip it. For exact lengths: what the clock shows. */
  localEnd: LocalDateTime
}

/**
 * The instants of a shift. Shifts of whole days that follow one another leave no uncovered minute; where their common
 * wall time occurs twice, both crews are there for the repeated time.
 * @throws RangeError
 */
export function shiftEnd(localStart: LocalDateTime, zone: string, length: LengthText): ShiftTimes {
  const { days, minutes } = lengthOf(length)
  const startsAt = wallToInstant(localStart, zone, 'start')
  if (days > 0) {
    const localEnd = addLocalDays(localStart, days)
    return { startsAt, endsAt: wallToInstant(localEnd, zone, 'end'), localEnd }
  }
  const endsAt = new Date(startsAt.getTime() + minutes * 60_000)
  return { startsAt, endsAt, localEnd: instantToWall(endsAt, zone) }
}

function unreadable(text: string): string {
  return (
    `"${text}" is not a length. It is written in days by the wall clock (P1D), or in exact hours and minutes ` +
    '(PT8H, PT12H30M); not both.'
  )
}
