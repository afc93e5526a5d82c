import { type Interval, minutesBetween, overlaps } from '../../time/intervals.ts'
import { type DutyCalendar, portionMinutes } from '../../time/portions.ts'
import { offsetMinutes } from '../../time/zones.ts'

/** Whole minutes of one line. Night, weekend and holiday by the clock on the wall, pro rata. */
export interface Minutes {
  minutes: number
  nightMinutes: number
  weekendMinutes: number
  holidayMinutes: number
  /** By how much the clock on the wall ran further than time did. */
  clockChangeMinutes: number
}

/** What a line counts beside what passed. */
export interface Credits {
  plannedMinutes: number
  breakMinutes: number
  topUpMinutes: number
}

export function measure(presence: Interval, zone: string, calendar?: DutyCalendar): Minutes {
  const { total, night, weekend, holiday } = portionMinutes(presence, zone, calendar)
  const clockChangeMinutes = offsetMinutes(zone, presence.endsAt) - offsetMinutes(zone, presence.startsAt)
  return { minutes: total, nightMinutes: night, weekendMinutes: weekend, holidayMinutes: holiday, clockChangeMinutes }
}

const FIGURES = [
  'minutes',
  'nightMinutes',
  'weekendMinutes',
  'holidayMinutes',
  'clockChangeMinutes',
  'plannedMinutes',
  'breakMinutes',
  'topUpMinutes',
] as const satisfies (keyof (Minutes & Credits))[]

const negated = (minutes: number): number => (minutes === 0 ? 0 : -minutes)

/** What takes a line back: the same, with every figure the other way round. */
export const reversed = <L extends Minutes & Credits>(line: L): L => ({
  ...line,
  ...Object.fromEntries(FIGURES.map((figure) => [figure, negated(line[figure])])),
})

/** What a line is: of a segment, taking a line back, or in the place of one taken back. */
export type EntryKind = 'booking' | 'reversal' | 'correction'

export const entryKind = (line: Record<'reversesId' | 'correctsId' | 'segmentId', string | null>): EntryKind => {
  if (line.reversesId) return 'reversal'
  return line.segmentId && !line.correctsId ? 'booking' : 'correction'
}

/** Hours with two decimals, from summed minutes; the minutes are what counts. */
export const hoursText = (minutes: number): string => (minutes / 60).toFixed(2)

export interface Correction {
  /** The times the line has now. */
  line: Interval
  /** The duty as planned. */
  duty: Interval
  /** Other lines of the same person that hold. */
  others: (Interval & { id: string })[]
  now: Date
}

export interface Fault {
  field: 'startsAt' | 'endsAt'
  code: string
  detail: string
}

/** A correction may add this much to the plan; more is taken for a slip of the pen. */
const LONGER_THAN_PLANNED_MINUTES = 1440

/** Everything wrong with the corrected times. */
export function correctionFaults(presence: Interval, { line, duty, others, now }: Correction): Fault[] {
  const faults: Fault[] = []
  const add = (field: Fault['field'], code: string, detail: string) => faults.push({ field, code, detail })
  if (presence.endsAt > now) add('endsAt', 'in-the-future', 'Nobody has served in the future.')
  if (!overlaps(presence, duty)) {
    const planned = `${duty.startsAt.toISOString()} to ${duty.endsAt.toISOString()}`
    add('startsAt', 'outside-duty', `These times do not touch the duty, planned from ${planned}. Maybe another day?`)
  }
  const longest = minutesBetween(duty.startsAt, duty.endsAt) + LONGER_THAN_PLANNED_MINUTES
  if (minutesBetween(presence.startsAt, presence.endsAt) > longest) {
    add('endsAt', 'too-long', `These times are longer than ${longest} minutes, a day more than was planned.`)
  }
  if (presence.startsAt.getTime() === line.startsAt.getTime() && presence.endsAt.getTime() === line.endsAt.getTime()) {
    add('startsAt', 'nothing-corrected', 'The line has these times already.')
  }
  for (const other of others.filter((one) => overlaps(presence, one))) {
    const there = `${other.startsAt.toISOString()} to ${other.endsAt.toISOString()}`
    add('startsAt', 'overlaps-line', `Line ${other.id} of the same person already counts ${there}.`)
  }
  return faults
}
