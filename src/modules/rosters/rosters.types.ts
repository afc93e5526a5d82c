/** Where a rule holds besides its unit: every given list narrows it. */
export interface RuleScope {
  echelonSetIds?: string[]
  postIds?: string[]
  volunteerIds?: string[]
  personClasses?: string[]
}

/** Hard rules an organizer has set aside for one assignment, by name and with a reason. */
export interface Override {
  rules: string[]
  reason: string
  by: string
}

export interface RunProgress {
  phase: string
  /** 0 to 1. */
  share: number
  iterations: number
  openMandatory: number
  score: Record<string, number>
}

/** What one run of the engine found, stored with it so that a complaint can be answered and replayed. */
export interface RunOutcome {
  score: Record<string, number>
  breaches: unknown[]
  reasons: unknown[]
  bound?: number
  trace: unknown
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
