import { tellBound } from '../explain/bound.ts'
import { Meter } from '../search/clock.ts'
import type { Problem, Solution, SolveOptions, TracePoint } from '../types.ts'
import { type Compiled, compileSchedules } from './compile.ts'
import type { Exchange } from './exchange.ts'
import { loadHighs } from './load-highs.ts'
import { Search } from './search.ts'
import { assignmentsOf, scoreAt, solutionOf } from './solution.ts'

/** Reworks when the budget names neither iterations nor time. */
const DEFAULT_ITERATIONS = 200

export interface Sharing {
  /** Its thread 0 bounds the whole problem. */
  exchange: Exchange
  /** Called when the search is over, before the solution is made. */
  beforeEnd(): void
}

/**
 * Makes a roster of personal schedules; `canSchedule` must hold. One iteration is one rework of a part of the roster.
 * Always answers with the best it has when the budget ends or the run is aborted.
 */
export async function solveSchedules(problem: Problem, options: SolveOptions, sharing?: Sharing): Promise<Solution> {
  const compiled = compileSchedules(problem)
  const run = new Run(compiled, options, sharing)
  await run.search()
  return run.solution()
}

class Run {
  readonly #compiled: Compiled
  readonly #options: SolveOptions
  readonly #sharing: Sharing | undefined
  readonly #meter: Meter
  readonly #trace: TracePoint[] = []
  #search: Search | undefined

  constructor(compiled: Compiled, options: SolveOptions, sharing: Sharing | undefined) {
    this.#compiled = compiled
    this.#options = options
    this.#sharing = sharing
    const isTimed = options.budget.milliseconds !== undefined && options.budget.elapsedMs !== undefined
    const iterations = options.budget.iterations ?? (isTimed ? undefined : DEFAULT_ITERATIONS)
    this.#meter = new Meter({ ...options, budget: { ...options.budget, iterations } }, 0)
  }

  async search(): Promise<void> {
    const { budget, seed } = this.#options
    const highs = await loadHighs()
    this.#search = new Search({
      grid: this.#compiled.grid,
      highs,
      seed,
      meter: this.#meter,
      isBounding: (this.#sharing?.exchange.thread ?? 0) === 0,
      exchange: this.#sharing?.exchange,
      milliseconds: budget.elapsedMs ? budget.milliseconds : undefined,
      note: (phase, cost) => this.#note(phase, cost),
    })
    await this.#search.run()
    this.#sharing?.beforeEnd()
    this.#sharing?.exchange.trade(this.#search.roster, this.#search.bound)
  }

  solution(): Solution {
    const { roster, bound, isProven } = this.#search!
    const { grid, level } = this.#compiled
    const known = Math.max(bound, this.#sharing?.exchange.bound ?? Number.NEGATIVE_INFINITY)
    const value = grid.isWhole ? Math.ceil(known - 1e-4) : known
    const inFull = this.#options.explain ?? true
    const told = solutionOf(this.#compiled, assignmentsOf(this.#compiled, roster), roster.cost, inFull)
    return {
      ...told,
      ...(known === Number.NEGATIVE_INFINITY ? {} : { bound: tellBound({ level, value }, told.score) }),
      trace: this.#trace,
      iterations: this.#meter.iterations,
      stopped: isProven ? 'optimal' : this.#meter.reason,
    }
  }

  #note(phase: string, cost: number): void {
    const point = {
      phase,
      iteration: this.#meter.iterations,
      elapsedMs: this.#meter.elapsedMs,
      score: scoreAt(this.#compiled.level, cost),
    }
    this.#trace.push(point)
    this.#options.onProgress?.({ ...point, done: this.#meter.done })
  }
}
