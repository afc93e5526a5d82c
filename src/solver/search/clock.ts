import type { Budget, SolveOptions } from '../types.ts'

/** Iterations when the budget names neither iterations nor time: for each slot so many, with a floor. */
const DEFAULT_PER_SLOT = 200
const DEFAULT_FLOOR = 20_000
/** So many iterations pass between two looks at the clock. */
const LOOK_EVERY = 64

/** Counts iterations against the budget. */
export class Meter {
  readonly #budget: Budget
  readonly #signal: SolveOptions['signal']
  readonly #limit: number
  readonly #milliseconds: number
  iterations = 0
  #isOver = false

  constructor(options: SolveOptions, slots: number) {
    this.#budget = options.budget
    this.#signal = options.signal
    this.#milliseconds = options.budget.elapsedMs
      ? (options.budget.milliseconds ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY
    const isTimed = this.#milliseconds !== Number.POSITIVE_INFINITY
    const standard = isTimed ? Number.POSITIVE_INFINITY : Math.max(DEFAULT_FLOOR, slots * DEFAULT_PER_SLOT)
    this.#limit = options.budget.iterations ?? standard
  }

  get elapsedMs(): number {
    return this.#budget.elapsedMs?.() ?? 0
  }

  /** Part of the budget used, 0 to 1. */
  get done(): number {
    const byTime = this.#milliseconds === Number.POSITIVE_INFINITY ? 0 : this.elapsedMs / this.#milliseconds
    const byCount = this.#limit === Number.POSITIVE_INFINITY ? 0 : this.iterations / Math.max(1, this.#limit)
    return Math.min(1, Math.max(byTime, byCount))
  }

  get reason(): 'aborted' | 'time' | 'iterations' {
    if (this.#signal?.aborted) return 'aborted'
    return this.iterations >= this.#limit ? 'iterations' : 'time'
  }

  get isTimed(): boolean {
    return this.#milliseconds !== Number.POSITIVE_INFINITY
  }

  /** Is the run aborted or its time used up, however many iterations are left? */
  get isTimeUp(): boolean {
    return this.#signal?.aborted === true || this.elapsedMs >= this.#milliseconds
  }

  /** Looks at clock and signal at once. */
  get isOver(): boolean {
    this.#isOver ||= this.iterations >= this.#limit || this.isTimeUp
    return this.#isOver
  }

  /** Counts one iteration; false when the budget is used up. */
  tick(): boolean {
    this.iterations++
    if (this.iterations >= this.#limit) this.#isOver = true
    else if (this.iterations % LOOK_EVERY === 0) return !this.isOver
    return !this.#isOver
  }
}
