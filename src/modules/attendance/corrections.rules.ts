import { type Interval, minutesBetween, minutesOf, overlaps } from '../../time/intervals.ts'
import { LONGEST_CORRECTION_OVER_PLAN_MINUTES } from './attendance.rules.ts'
import type { CORRECTION_KINDS } from './attendance.tables.ts'
import type { ProposedPresence, ProposedSegment } from './attendance.types.ts'
import { type Part, partFaults, partsOf, type SegmentKind } from './segments.rules.ts'

export type CorrectionKind = (typeof CORRECTION_KINDS)[number]

/** Something that speaks against a correction: where in it, a code for programs, a sentence for people. */
export interface CorrectionFault {
  field: string
  code: string
  detail: string
}

/** What is decided on. */
export interface CorrectedDuty extends Interval {
  /** State of the assignment. */
  state: string
}

export interface Presence extends Interval {
  postName: string
}

/** States in which each kind of correction makes sense. */
const APPLIES_TO: Record<CorrectionKind, readonly string[]> = {
  presence: ['confirmed', 'serving', 'completed', 'no_show', 'excused'],
  absence: ['serving', 'completed'],
  excuse: ['no_show'],
}

const WHY_NOT: Record<CorrectionKind, string> = {
  presence: 'Times can be corrected for duties that somebody was to stand.',
  absence: 'Only of somebody who is recorded as present can it be said that they were not.',
  excuse: 'Only a no-show can be excused.',
}

type Times = Pick<ProposedPresence, 'checkedInAt' | 'checkedOutAt'>

export const presenceOf = ({ checkedInAt, checkedOutAt }: Times): Interval => ({
  startsAt: new Date(checkedInAt),
  endsAt: new Date(checkedOutAt),
})

/** Something recorded of a presence, of some kind. */
type KnownPart = Pick<Part, 'kind' | 'startsAt'>

/**
 * As it is written down: instants in UTC. Where no segments are named, the time counts as what it counted as until now:
 * by the `known` parts, the first and the last of them as long as need be, or, of a duty without any, as `otherwise`.
 */
export function completed(
  input: { checkedInAt: string; checkedOutAt: string; segments?: ProposedSegment[] | undefined },
  known: readonly KnownPart[] = [],
  otherwise: SegmentKind = 'active',
): ProposedPresence {
  const iso = (text: string) => new Date(text).toISOString()
  const [checkedInAt, checkedOutAt] = [iso(input.checkedInAt), iso(input.checkedOutAt)]
  const segments = input.segments?.map((part) => ({ ...part, startsAt: iso(part.startsAt), endsAt: iso(part.endsAt) }))
  return {
    checkedInAt,
    checkedOutAt,
    segments: segments ?? asBefore({ checkedInAt, checkedOutAt }, known, otherwise),
  }
}

function asBefore(times: Times, known: readonly KnownPart[], otherwise: SegmentKind): ProposedSegment[] {
  const first = { at: new Date(0), kind: known[0]?.kind ?? otherwise, cause: null }
  const changes = known.slice(1).map(({ startsAt, kind }) => ({ at: startsAt, kind, cause: null }))
  return partsOf(presenceOf(times), [first, ...changes]).map(({ kind, startsAt, endsAt }) => ({
    kind,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
  }))
}

/** Everything that speaks against a correction now. */
export function correctionFaults(
  duty: CorrectedDuty,
  kind: CorrectionKind,
  proposed: ProposedPresence | null,
  { now, others }: { now: Date; others: Presence[] },
): CorrectionFault[] {
  if (!APPLIES_TO[kind].includes(duty.state)) {
    return [{ field: 'kind', code: 'not-correctable', detail: `${WHY_NOT[kind]} This duty is ${duty.state}.` }]
  }
  return proposed ? presenceFaults(duty, proposed, now, others) : []
}

function presenceFaults(
  duty: CorrectedDuty,
  proposed: ProposedPresence,
  now: Date,
  others: Presence[],
): CorrectionFault[] {
  const faults: CorrectionFault[] = []
  const add = (field: string, code: string, detail: string) => faults.push({ field, code, detail })
  const presence = presenceOf(proposed)
  if (presence.endsAt <= presence.startsAt) {
    add('checkedOutAt', 'end-before-start', 'The presence does not end after it begins.')
    return faults
  }
  if (presence.endsAt > now) add('checkedOutAt', 'in-the-future', 'Nobody has served in the future.')
  if (!overlaps(presence, duty)) {
    const planned = `${duty.startsAt.toISOString()} to ${duty.endsAt.toISOString()}`
    add('checkedInAt', 'outside-duty', `These times do not touch the duty, planned from ${planned}. Maybe another day?`)
  }
  const longest = minutesBetween(duty.startsAt, duty.endsAt) + LONGEST_CORRECTION_OVER_PLAN_MINUTES
  if (minutesOf(presence) > longest) {
    add('checkedOutAt', 'too-long', `That is longer than ${longest} minutes, a day more than was planned.`)
  }
  for (const other of others.filter((one) => overlaps(presence, one))) {
    const there = `${other.startsAt.toISOString()} to ${other.endsAt.toISOString()}`
    add('checkedInAt', 'on-duty-elsewhere', `The same person was on duty at ${other.postName} from ${there}.`)
  }
  const parts = proposed.segments.map((part) => ({ startsAt: new Date(part.startsAt), endsAt: new Date(part.endsAt) }))
  for (const { index, code, detail } of partFaults(presence, parts)) {
    add(index === undefined ? 'segments' : `segments/${index}`, code, detail)
  }
  return faults
}

/**
 * Where the assignment goes when a correction holds. A no-show whose seat somebody else has taken cannot be completed
 * any more: it is excused, and the time counts all the same.
 */
export function stateAfter(kind: CorrectionKind, state: string, seatFree: boolean) {
  if (kind === 'absence') return 'no_show' as const
  if (kind === 'excuse') return 'excused' as const
  if (state === 'confirmed' || state === 'serving') return 'completed' as const
  if (state === 'no_show') return seatFree ? ('completed' as const) : ('excused' as const)
  return undefined
}
