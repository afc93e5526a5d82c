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
  /** For `waive`: every rule to be overridden, where it takes more than one. */
  ruleIds?: string[]
  /** For `waive` of one rule: by how much it would have to give way, where that is a number. */
  amount?: number
  unit?: Failure['unit']
  text: Text
}

export interface OpenSlot {
  slotId: string
  /** Seats still open. */
  open: number
  need: SlotNeed
  /** People looked at: everybody in the problem. */
  considered: number
  /**
   * People who pass every hard rule and are still not taken (only when filling would cost more elsewhere); those who
   * pass the rules of fit where the slot was looked at in part.
   */
  eligible: number
  /**
   * So many slots are open that for this one everybody was asked about the rules of fit only, and `sampled` people about
   * all others: `nearest` and `unlocks` are those found among them.
   */
  isPartial?: true
  sampled?: number
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
  /**
   * Place of this person among the free, 1 for the one who would be loaded least without this duty: minutes above or
   * below the fair share, or planned minutes where no rule of justice counts them.
   */
  rank?: number
  /** Of the `tried` least loaded others who are free, the one with whom the roster would cost least. */
  nextBest?: {
    personId: string
    tried: number
    /** The first level at which it would cost something else, and how much more (negative: less); neither: as good. */
    level?: Level
    more?: number
  }
  text: Text
}

/** What is proven of how good the roster could be at best. */
export interface Bound {
  level: Level
  /** No roster costs less at this level, given that the levels before it have their values of this solution. */
  value: number
  /** For levels of open seats: how many must stay open at least, and how many are. */
  seats?: { atLeast: number; open: number }
  /** How far above the best possible this roster is at most: 0 is proved best, null where the bound is 0 and it is not. */
  abovePercent: number | null
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
  /** Carried in plus planned, what of all that should have been theirs, and the difference; in the unit of the measure. */
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
  bound?: Bound
  trace: TracePoint[]
  iterations: number
  stopped: 'iterations' | 'time' | 'aborted' | 'optimal'
}

export interface Candidate {
  personId: string
  /** Empty: eligible. */
  failures: Failure[]
}
