import type { Bound, Failure, Score, Solution } from '../../solver/index.ts'
import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

/** Where a rule holds besides its unit: every given list narrows it. */
export interface RuleScope {
  echelonSetIds?: string[]
  postIds?: string[]
  volunteerIds?: string[]
  personClasses?: (typeof PERSON_CLASSES)[number][]
}

/** Hard rules an organizer has set aside for one assignment, by name and with a reason. */
export interface Override {
  rules: string[]
  reason: string
  by: string
}

/** Somebody who cannot keep a seat, with every hard rule that says so. */
export interface Misfit {
  assignmentId: string
  volunteerId: string
  displayName: string
  failures: Failure[]
}

export interface RunProgress {
  phase: string
  /** 0 to 1. */
  share?: number
  iterations?: number
  score?: Score
  /** Somebody wants it to end with the best it has. */
  cancelRequested?: boolean
}

/** What one run of the engine found, stored with it so that a complaint can be answered and replayed. */
export interface RunOutcome extends Pick<Solution, 'breaches' | 'reasons' | 'conflicts' | 'justice' | 'trace'> {
  score: Score
  /** What is said of it is made when it is read. */
  bound?: Pick<Bound, 'level' | 'value' | 'seats'>
  iterations: number
  stopped: Solution['stopped']
  /** Rules as the engine was given them. */
  rules: unknown[]
  /** SHA-256 of the problem as given to the engine: same digest, seed and iterations, same roster. */
  problemDigest: string
  counts: {
    people: number
    shifts: number
    slots: number
    assigned: number
    openMandatory: number
    openDesired: number
  }
  engineMs: number
  savedMs: number
}
