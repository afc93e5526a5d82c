import type { Day, DutyFilter, Measure, Minute, PersonFilter } from '../types.ts'

/** Window a limit is counted over. Weeks are ISO weeks (Monday first); rolling windows start on every day. */
export type LimitWindow = { per: 'day' | 'week' | 'month' | 'period' } | { per: 'rolling'; days: number }

/** One day of a pattern: any duty, none, either, or a duty that matches. */
export type PatternDay = 'on' | 'off' | 'any' | DutyFilter

type None = Record<never, never>

/** The parameters of every rule. The list of keys is the closed list of rule names. */
export interface RuleParams {
  // Fit
  qualification: None
  clearance: None
  language: None
  grade: None
  'person-class': None
  unit: None
  'echelon-on-turn': None
  // Body
  'no-overlap': {
    /** Time needed between two duties at different posts; `travel` names single pairs (either direction). */
    travelMinutes?: number
    travel?: { postIds: [string, string]; minutes: number }[]
  }
  'minimum-rest': {
    minutes: number
    /** After a duty of at least `fromMinutes` the rest is `minutes`. */
    long?: { fromMinutes: number; minutes: number }[]
    /** Hold only when the earlier (later) duty matches; `scope.duties` means both. */
    after?: DutyFilter
    before?: DutyFilter
  }
  'load-limit': { measure: Measure; window: LimitWindow; max?: number; min?: number }
  'consecutive-days': {
    max?: number
    min?: number
    /**
     * A run shorter than `min` that touches an edge of the period is forgiven; true when missing. `end`: only one that
     * may go on after the period, because history tells all that was before.
     */
    forgiveEdges?: boolean | 'end'
  }
  /** A stretch off is forgiven where no duty beyond it is known; history makes the earlier one known. */
  'consecutive-days-off': { max?: number; min?: number; forgiveEdges?: boolean }
  'consecutive-weekends': { max: number }
  /** At least so many minutes free of duty, in one piece, in every stretch of `days` days inside the period. */
  'rest-in-window': { days: number; minutes: number }
  succession: {
    first: DutyFilter
    /** `forbidden`: must not follow; `wanted`: each `first` is followed by one of these. */
    mode: 'forbidden' | 'wanted'
    next: DutyFilter
    /** Days from first to next, 1 when missing: 1 is the next local day, 0 the same. */
    afterDays?: number
  }
  /** An unwanted sequence of days. */
  pattern: { days: PatternDay[]; startWeekday?: number }
  /** Both days of a weekend or none. */
  'complete-weekend': { weekend?: number[] }
  /** The duties of one weekend are of the same template. */
  'identical-weekend': { weekend?: number[] }
  'distinct-limit': { of: 'post' | 'template'; max: number; window: LimitWindow }
  // Will
  absence: None
  unavailable: None
  availability: None
  preferred: None
  undesired: None
  excluded: None
  /** `on`: cost when no duty of the person matches on that day; `off`: cost for each that does. */
  request: { personId: string; kind: 'on' | 'off'; day?: Day; duties?: DutyFilter; amount?: number }
  /** Never in one shift (`apart`) or only in one shift (`together`: one serves while the other does not). */
  pairing: { personIds: string[]; mode: 'together' | 'apart' }
  // Post
  cover: None
  /** In each shift of the scope: at least `min` (at most `max`) of the assigned people match. */
  mix: { people: PersonFilter; min?: number; max?: number; roles?: string[] }
  /** In each shift of the scope: not two people of the same grade (or unit, or class). */
  'mix-distinct': { of: 'grade' | 'unit' | 'personClass'; roles?: string[] }
  'crew-whole': None
  'linked-slots': None
  /** Great-circle distance from home to post; without home or place nothing is counted. */
  distance: { maxKilometres: number }
  /** Lower tiers first: each assignment of somebody of tier n costs n. */
  'tier-order': None
  // Justice
  'fair-share': {
    measure: Measure
    /** People are compared inside these sets; `scope.people` limits who takes part. */
    within: 'all' | 'group' | 'unit' | 'grade' | 'personClass'
    /** Only memberships of these groups make sets, for `within: 'group'`. */
    groupIds?: string[]
    /** Deviation that costs one weight (squared): 60 when missing for minutes, 1 for counts. */
    unit?: number
  }
  // Calm
  'least-change': None
  pinned: None
  /** No assignment starts before this instant except pinned, frozen or published ones. */
  'not-before': { instant: Minute }
}

export type RuleName = keyof RuleParams
