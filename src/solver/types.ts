/**
 * The public interface of the roster engine. Everything in `Problem` is plain JSON: it can be stored with a
 * generation run, sent to a worker thread and replayed.
 *
 * Units: instants are integer minutes since 1970-01-01T00:00Z; days are integer local dates counted from 1970-01-01
 * (the loader knows the zone, the engine does not); lengths are minutes. Intervals are half-open: start in, end out.
 * A missing or null bound is unlimited.
 */
import type { RuleName, RuleParams } from './rules/params.ts'

export type * from './answers.ts'

export type Minute = number
export type Day = number

export interface Span {
  start: Minute
  end: Minute
}

export interface Validity {
  from?: Minute | null
  to?: Minute | null
}

export interface Held extends Validity {
  id: string
}

/** Membership of an echelon or crew. `tier` is the echelon's place in its set, 0 first. */
export interface GroupMembership extends Held {
  kind?: 'rotation' | 'reserve' | 'specialist' | 'crew'
  tier?: number
}

export type AvailabilityKind = 'available' | 'unavailable' | 'preferred' | 'undesired'

export interface AvailabilitySpan extends Span {
  kind: AvailabilityKind
}

export interface Location {
  latitude: number
  longitude: number
}

export type Measure =
  | 'minutes'
  | 'shifts'
  | 'days'
  | 'nightMinutes'
  | 'weekendMinutes'
  | 'holidayMinutes'
  | 'nights'
  | 'weekends'
  | 'weekendShifts'
  | 'holidays'
  | 'shortNotice'

export interface Person {
  id: string
  /** Shown in reasons; the id is shown when missing. */
  name?: string
  personClass?: string
  grade?: string
  /** Path in the unit tree, root first, segments joined by '/': 'city/east/village-3'. */
  unitPath?: string
  languages?: string[]
  qualifications?: Held[]
  /** Insurance, training and other papers a post may ask for. */
  clearances?: Held[]
  groups?: GroupMembership[]
  /** A person with at least one `available` span can serve only inside the union of those spans. */
  availability?: AvailabilitySpan[]
  absences?: (Span & { reason?: string })[]
  /** When this person came to be one of those who serve. */
  joinedAt?: Minute | null
  /** Relative part of the period's load this person should carry; 1 when missing, 0 = none expected. See `servable`. */
  share?: number
  /** Load brought in from the ledger, already decayed. See `carriedLoad`. */
  carriedIn?: Partial<Record<Measure, number>>
  /** Relative part this person should have had of all that was carried in; as `share` when missing. See `presentPart`. */
  carriedShare?: number
  /** Both in single measures, where they differ: who cannot serve at night owes no nights. */
  shareIn?: Partial<Record<Measure, number>>
  carriedShareIn?: Partial<Record<Measure, number>>
  home?: Location | null
}

/** What rest, limits and justice need to know about one duty, past or planned. */
export interface DutyFacts {
  startsAt: Minute
  endsAt: Minute
  /** Local date the duty starts on; the duty belongs to it as a whole. */
  day: Day
  /** Nominal minutes: what limits and justice count. Rest and overlap run on the instants. */
  minutes: number
  nightMinutes?: number
  weekendMinutes?: number
  holidayMinutes?: number
  postId?: string
  templateId?: string
  tags?: string[]
  shortNotice?: boolean
}

export interface Shift extends DutyFacts {
  id: string
  /** Shown in reasons; the id is shown when missing. */
  name?: string
  location?: Location | null
}

export interface Requirement {
  /** Every one of these must be held for the whole shift. */
  qualifications?: string[]
  clearances?: string[]
  languages?: string[]
  /** One of these. */
  grades?: string[]
  personClasses?: string[]
  /** One of these subtrees (paths as in `Person.unitPath`). */
  units?: string[]
  /** Member of one of these echelons or crews when the shift starts: whose turn it is, computed by the loader. */
  groups?: string[]
}

export type SlotNeed = 'mandatory' | 'desired' | 'optional'

export interface Slot {
  id: string
  shiftId: string
  role: string
  seat?: number
  /** Identical seats behind one slot id, 1 when missing: so many assignments may name this slot. */
  seats?: number
  /** `optional` seats cost nothing when open; only the rule `cover` speaks about them. */
  need: SlotNeed
  /** Weight of one open seat inside its level, 1 when missing. Higher is filled first. */
  priority?: number
  requirement?: Requirement
  /** Wanted number of people with the cost of one too few and one too many, for the rule `cover`. */
  cover?: { required: number; under: number; over: number }
}

/** Slots that one and the same person holds (standing duty). */
export interface LinkedSlots {
  id: string
  slotIds: string[]
}

/** A fixed group that serves together. */
export interface Crew {
  id: string
  personIds: string[]
}

/** A duty outside the plan that still counts for rest, overlap, limits; never moved. */
export interface HistoryDuty extends DutyFacts {
  personId: string
  /** Shown in reasons. */
  name?: string
}

export interface Assignment {
  slotId: string
  personId: string
  /** Ids of hard rules an organizer has overridden for this assignment. */
  overrides?: string[]
}

export interface PublishedAssignment extends Assignment {
  confirmed: boolean
  /** Begun, or confirmed inside the freeze window: the engine leaves it. */
  frozen?: boolean
}

/** This person must not get this slot or shift: has declined it, was asked before. */
export interface Exclusion {
  personId: string
  slotId?: string
  shiftId?: string
  reason?: string
}

export interface PersonFilter {
  personIds?: string[]
  groupIds?: string[]
  personClasses?: string[]
  grades?: string[]
  units?: string[]
  qualifications?: string[]
}

export interface DutyFilter {
  postIds?: string[]
  templateIds?: string[]
  /** One of these. */
  tags?: string[]
  /** ISO: 1 Monday … 7 Sunday, of the local day the duty starts on. */
  weekdays?: number[]
  days?: Day[]
}

/** Every given field must match. */
export interface RuleScope {
  people?: PersonFilter
  duties?: DutyFilter
}

export type Level =
  | 'hard'
  | 'unmetMandatory'
  | 'movedConfirmed'
  | 'unmetDesired'
  | 'movedPending'
  | 'justice'
  | 'wishes'

/** Lower is better, compared from the first level on. `hard` is 0 for every roster the engine makes itself. */
export type Score = Record<Level, number>

export type Strength = 'hard' | { weight: number }

export type RuleInstance = {
  [N in RuleName]: {
    id: string
    rule: N
    params: RuleParams[N]
    strength: Strength
    scope?: RuleScope
    /** Where the cost of a soft rule goes; each rule has its own default. */
    level?: Exclude<Level, 'hard'>
    /** May an organizer override this hard rule? Each rule has its own default. */
    overridable?: boolean
  }
}[RuleName]

export interface Problem {
  /** The local days planned, `toDay` out, and the instants they span. */
  period: { fromDay: Day; toDay: Day; startsAt: Minute; endsAt: Minute }
  people: Person[]
  shifts: Shift[]
  slots: Slot[]
  rules: RuleInstance[]
  links?: LinkedSlots[]
  crews?: Crew[]
  history?: HistoryDuty[]
  published?: PublishedAssignment[]
  /** Who newly gets a duty that starts before this is called at short notice, as the measure of justice counts it. */
  calledBefore?: Minute
  pins?: Assignment[]
  exclusions?: Exclusion[]
}
