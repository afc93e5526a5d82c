/** What the engine says: failures, breaches, explanations, the solution and how a search is asked for. */
import type { RuleName } from './rules/params.ts'
import type { Assignment, Day, Level, Measure, Score, SlotNeed } from './types.ts'

export interface Text {
  zh: string
  en: string
}

/** One reason why a person cannot (or, for a soft rule, should not) hold a slot. */
export interface Failure {
  ruleId: string
  rule: RuleName
  strength: 'hard' | 'soft'
  overridable: boolean
  /** The value seen and the value allowed, in the unit of the rule; for rules of yes and no, the words themselves. */
  observed: number | string
  limit: number | string
  unit?: 'minutes' | 'shifts' | 'days' | 'weekends' | 'kilometres' | 'people' | 'posts'
  /** Slots and history duties this is about; `history:<index>` names an entry of `Problem.history`. */
  slotIds: string[]
  text: Text
}

/** A failure in a whole roster. `cost` is its share of the score at `level`. */
export interface Breach extends Failure {
  personIds: string[]
  cost: number
  level: Level
}

export interface Unlock {
  kind: 'waive' | 'move' | 'release'
  personId: string
  ruleId: string
  /** For `move` and `release`: the assignment that stands in the way. */
  slotId?: string
  text: Text
}

export interface OpenSlot {
  slotId: string
  /** Seats still open. */
  open: number
  need: SlotNeed
  /** People looked at: everybody in the problem. */
  considered: number
  /** People who pass every hard rule and are still not taken (only when filling would cost more elsewhere). */
  eligible: number
  /** So many slots are open that for this one only the rules of fit were asked. */
  isPartial?: true
  /**
   * For each rule, how many people fail it, and how many fail it alone. Sorted by count. People who fail the
   * requirement of the slot are not asked about rest, absence and the like.
   */
  eliminated: { ruleId: string; rule: RuleName; count: number; alone: number }[]
  nearest: { personId: string; failures: Failure[] }[]
  unlocks: Unlock[]
  text: Text
}

export interface WhyAssigned {
  slotId: string
  personId: string
  kept: 'pinned' | 'frozen' | 'published' | 'new'
  /** People who pass the hard rules that look at person and slot only. */
  fitting: number
  /** Of those, people free of every other hard rule in the final roster, this person included; not counted in lists of thousands. */
  free?: number
  text: Text
}

/**
 * Mandatory cover that nobody can arrange, proven: of `seats` among `slotIds` at least `short` stay open, whoever is
 * chosen of the `people` who fit.
 */
export interface Conflict {
  days: Day[]
  roles: string[]
  slotIds: string[]
  seats: number
  people: number
  short: number
  text: Text
}

export interface JusticeLine {
  ruleId: string
  personId: string
  measure: Measure
  /** Carried in plus planned, the fair share of the same sum, and the difference; in the unit of the measure. */
  load: number
  fairShare: number
  deviation: number
  text: Text
}

/** Difference to what is published. */
export interface Changes {
  added: Assignment[]
  removed: Assignment[]
  personIds: string[]
  confirmedPersonIds: string[]
}

export interface TracePoint {
  phase: string
  iteration: number
  elapsedMs: number
  score: Score
}

export interface Progress extends TracePoint {
  /** 0 to 1, by the budget. */
  done: number
}

/**
 * How long to search. The engine has no clock: without `elapsedMs` only `iterations` counts, and the result depends on
 * problem, seed and iterations alone. With neither, the engine stops at its own default number of iterations.
 */
export interface Budget {
  iterations?: number
  milliseconds?: number
  elapsedMs?: () => number
}

export interface SolveOptions {
  seed: number
  budget: Budget
  /** Checked often; an aborted run answers with its best so far. An `AbortSignal` fits. */
  signal?: { readonly aborted: boolean }
  onProgress?: (progress: Progress) => void
  /** Ask for reasons, why and justice lines; true when missing. */
  explain?: boolean
}

export interface Evaluation {
  score: Score
  breaches: Breach[]
}

export interface Solution extends Evaluation {
  assignments: Assignment[]
  /** One entry for every slot with an open mandatory or desired seat. */
  reasons: OpenSlot[]
  why: WhyAssigned[]
  conflicts: Conflict[]
  justice: JusticeLine[]
  changes: Changes
  /** Proven lower bound of the level named, given that the levels before it have their values of this solution. */
  bound?: { level: Level; value: number }
  trace: TracePoint[]
  iterations: number
  stopped: 'iterations' | 'time' | 'aborted' | 'optimal'
}

export interface Candidate {
  personId: string
  /** Empty: eligible. */
  failures: Failure[]
}
