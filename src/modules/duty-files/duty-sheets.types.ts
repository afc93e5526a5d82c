import type { SHIFT_KINDS } from '../posts/posts.tables.ts'
import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

/** What a day says of somebody's duty, or that they were away without one. */
export const MARKS = [
  'completed',
  'standby',
  'late',
  'left-early',
  'late-and-left-early',
  'serving',
  'no_show',
  'excused',
  'not-recorded',
  'planned',
  'leave',
] as const
export type Mark = (typeof MARKS)[number]

/** A shift against its seats. Minutes are whole, and null before the shift begins. */
export interface CoverageRecord {
  /** Local day of the shift. */
  day: string
  unit: string
  post: string
  kind: (typeof SHIFT_KINDS)[number]
  /** Wall times at the post, 'YYYY-MM-DDTHH:mm'. */
  start: string
  end: string
  zone: string
  /** Seats by role: 'leader 1/1; staff 1/2', held of desired. */
  roles: string
  minimum: number
  desired: number
  /** Somebody is asked, has confirmed, serves or has served. */
  held: number
  confirmed: number
  /** Somebody came. */
  present: number
  open: number
  openMandatory: number
  noShows: number
  /** Held by somebody whom a search has found, and from which tiers: 'Reserve 1; Reserve 2'. */
  fromReserve: number
  tiers: string | null
  /** Seat-minutes of the minimum until now, and those of them for which nobody of the shift was there. */
  requiredMinutes: number | null
  uncoveredMinutes: number | null
  /** Minutes in which nobody at all was at the post; null also for standby, which waits elsewhere. */
  emptyMinutes: number | null
  shiftId: string
}

/** One person in one month. Minutes are those of the ledger. */
export interface MonthRecord {
  personNumber: string | null
  name: string
  unit: string
  personClass: (typeof PERSON_CLASSES)[number]
  /** By day of the month, '1' to '31'; several duties of a day in order of time. */
  marks: Record<string, Mark[]> | null
  duties: number
  minutes: number
  creditedMinutes: number
  standbyMinutes: number
  nights: number
  nightMinutes: number
  weekends: number
  weekendMinutes: number
  holidays: number
  holidayMinutes: number
  late: number
  lateMinutes: number
  leftEarly: number
  noShows: number
  excused: number
  personId: string
}
