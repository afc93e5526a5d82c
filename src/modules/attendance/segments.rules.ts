import { type Interval, minutesOf, overlaps } from '../../time/intervals.ts'
import type { MARK_CAUSES, SEGMENT_KINDS } from './attendance.tables.ts'

export type SegmentKind = (typeof SEGMENT_KINDS)[number]
export type MarkCause = (typeof MARK_CAUSES)[number]

/** From `at` on the presence is of this kind. */
export interface Mark {
  at: Date
  kind: SegmentKind
  cause: MarkCause | null
}

/** A stretch of a presence. */
export interface Part extends Interval {
  kind: SegmentKind
  cause: MarkCause | null
}

export interface PartFault {
  /** Which of the stated parts, from 0; undefined: all of them together. */
  index?: number
  code: 'not-whole-minutes' | 'end-before-start' | 'outside-presence' | 'segments-overlap' | 'segments-incomplete'
  detail: string
}

const MINUTE = 60_000

/** What a presence is without any mark. */
const PLAIN: Omit<Mark, 'at'> = { kind: 'active', cause: null }

export const byTime = (one: { at: Date }, other: { at: Date }): number => one.at.getTime() - other.at.getTime()

/** The mark that holds at an instant. */
export function markAt(marks: Mark[], at: Date): Omit<Mark, 'at'> {
  const { kind, cause } =
    marks
      .filter((mark) => mark.at <= at)
      .sort(byTime)
      .at(-1) ?? PLAIN
  return { kind, cause }
}

/** The parts of a presence: each mark runs to the next, the last one to the end. Without holes, and without overlap. */
export function partsOf(presence: Interval, marks: Mark[]): Part[] {
  const inside = marks.filter((mark) => mark.at > presence.startsAt && mark.at < presence.endsAt).sort(byTime)
  const cuts: Mark[] = [{ at: presence.startsAt, ...markAt(marks, presence.startsAt) }, ...inside]
  const parts: Part[] = []
  for (const [index, { at, kind, cause }] of cuts.entries()) {
    const endsAt = cuts[index + 1]?.at ?? presence.endsAt
    const last = parts.at(-1)
    if (last && last.kind === kind && last.cause === cause) last.endsAt = endsAt
    else parts.push({ kind, cause, startsAt: at, endsAt })
  }
  return parts
}

/** Everything wrong with parts that somebody states for a presence. */
export function partFaults(presence: Interval, parts: Interval[]): PartFault[] {
  const faults: PartFault[] = []
  const add = (index: number, code: PartFault['code'], detail: string) => faults.push({ index, code, detail })
  for (const [index, part] of parts.entries()) {
    if (part.startsAt.getTime() % MINUTE !== 0 || part.endsAt.getTime() % MINUTE !== 0) {
      add(index, 'not-whole-minutes', 'Time on duty is recorded in whole minutes.')
    }
    if (part.endsAt <= part.startsAt) add(index, 'end-before-start', 'This part does not end after it begins.')
    else if (part.startsAt < presence.startsAt || part.endsAt > presence.endsAt) {
      add(index, 'outside-presence', 'This part lies outside the presence.')
    }
    const other = parts.findIndex((one, at) => at < index && overlaps(one, part))
    if (other >= 0) add(index, 'segments-overlap', `This part overlaps part ${other + 1}.`)
  }
  if (faults.length > 0) return faults
  const stated = parts.reduce((sum, part) => sum + minutesOf(part), 0)
  const whole = minutesOf(presence)
  if (stated === whole) return []
  const detail = `The parts add up to ${stated} minutes, the presence has ${whole}. Every minute belongs to one part.`
  return [{ code: 'segments-incomplete', detail }]
}
