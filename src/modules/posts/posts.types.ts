import type { LengthText } from '../../time/lengths.ts'
import type { LocalDate, LocalDateTime, LocalTime } from '../../time/zones.ts'

/** The part of a shift template that says when. */
export interface Recipe {
  rule: string
  startTime: LocalTime
  length: LengthText
  zone: string
  effectiveFrom: LocalDate
  effectiveTo: LocalDate | null
}

export interface OccurrenceException {
  originalStart: LocalDateTime
  kind: 'skip' | 'move'
  startLocal: LocalDateTime | null
  length: LengthText | null
}

export interface Occurrence {
  /** With the template, the key of the shift for ever. */
  originalStart: LocalDateTime
  startLocal: LocalDateTime
  endLocal: LocalDateTime
  localDay: LocalDate
  startsAt: Date
  endsAt: Date
  nominalMinutes: number
  exception: 'skip' | 'move' | null
}

/** What a shift that exists has in common with the occurrence it was made from. */
export interface KnownShift {
  id: string
  templateId: string
  originalStart: LocalDateTime
  startLocal: LocalDateTime
  endLocal: LocalDateTime
  zone: string
  startsAt: Date
  endsAt: Date
  state: 'planned' | 'cancelled'
  /** Somebody is asked for it or has confirmed: it moves with its holders only. */
  held: boolean
  /** One of its seats was cut in parts: it stays where it is. */
  split: boolean
  /** Somebody was assigned once, or a seat was looked for: its seats stay as they are. */
  settled: boolean
}

export interface Seating {
  id: string
  role: string
  minimum: number
  desired: number
}

export interface WantedSlot {
  requirementId: string
  role: string
  seat: number
  mandatory: boolean
}

export interface KnownSlot extends WantedSlot {
  id: string
}

/**
 * A shift that should be otherwise and is left alone: it has begun, one of its seats was cut in parts, it is held and
 * nothing takes its place that day (or several things could), or its holders cannot serve at the new time.
 */
export interface Leftover {
  shiftId: string
  originalStart: LocalDateTime
  because: 'begun' | 'split' | 'held' | 'unfit'
  /** Why its holders cannot follow, in words. */
  detail?: string
}
