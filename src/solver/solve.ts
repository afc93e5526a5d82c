import { compilePlan, type Plan } from './checks.ts'
import { evaluateLayout, layOut } from './evaluate.ts'
import { explainSolution } from './explain/index.ts'
import { justiceBound } from './justice-bound.ts'
import { createRandom } from './random.ts'
import { JUSTICE, scoreFrom, UNMET_DESIRED, UNMET_MANDATORY } from './score.ts'
import { balance } from './search/balance.ts'
import { Board } from './search/board.ts'
import { Bundles } from './search/bundles.ts'
import { fillByChain, restorePublished } from './search/chains.ts'
import { Meter } from './search/clock.ts'
import { construct, fillOrder } from './search/construct.ts'
import { exhaust } from './search/exhaust.ts'
import { Improver } from './search/improve.ts'
import { permute } from './search/permute.ts'
import { Repacker } from './search/repack.ts'
import { fillByRun } from './search/runs.ts'
import type { Assignment, Problem, Solution, SolveOptions, TracePoint } from './types.ts'
import { checkProblem } from './validate.ts'

/** After so many iterations the event loop gets its turn, so that an abort can arrive. */
const YIELD_EVERY = 4096
const TRACE_POINTS = 50
const CHAIN_TRIES = 4
/** Part of the budget after which repacking gives way to chains. */
const REPACK_SHARE = 0.6
/** Part of the budget after which the chains give way to the general search. */
const CHAIN_SHARE = 0.7
/** Iterations at one temperature. */
const LOOP = 64

/**
 * Makes a roster. Always answers with the best it has when the budget ends or the run is aborted.
 * Throws `TypeError` when the problem contradicts itself (unknown ids, ends before starts), naming every fault.
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solution> {
  checkProblem(problem)
  if (asksForCover(problem)) {
    const { canSchedule, solveSchedules } = await import('./schedules/index.ts')
    if (canSchedule(problem)) return solveSchedules(problem, options)
  }
  const plan = compilePlan(problem)
  const run = new Run(plan, options)
  await run.search()
  return run.solution()
}

/** Problems of personal schedules, which have an engine of their own, speak of soft cover. */
export const asksForCover = (problem: Problem): boolean => problem.rules.some((rule) => rule.rule === 'cover')

const takeTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

class Run {
  readonly #plan: Plan
  readonly #options: SolveOptions
  readonly #meter: Meter
  readonly #board: Board
  readonly #trace: TracePoint[] = []
  #assignments: Assignment[] = []
  #isProven = false
  #bound: number | undefined

  constructor(plan: Plan, options: SolveOptions) {
    this.#plan = plan
    this.#options = options
    this.#meter = new Meter(options, plan.model.slots.length)
    this.#board = new Board(plan, createRandom(options.seed))
    this.#note('standing')
  }

  async search(): Promise<void> {
    this.#isProven = exhaust(this.#board)
    if (this.#isProven) this.#note('every roster')
    else await this.#approach()
    this.#assignments = this.#board.state.assignments()
  }

  async #approach(): Promise<void> {
    const bundles = new Bundles(this.#board)
    bundles.construct()
    construct(this.#board, () => this.#options.signal?.aborted === true)
    this.#note('construct')
    await takeTurn()
    const repacker = new Repacker(this.#board)
    repacker.fill(() => !this.#meter.tick() || this.#meter.done > REPACK_SHARE)
    this.#note('repack')
    this.#fillByChains()
    this.#restorePublished()
    this.#note('chains')
    balance(this.#board, () => this.#meter.isOver)
    permute(this.#board)
    this.#note('balance')
    await takeTurn()
    await this.#improve(new Improver(this.#board, bundles, repacker))
    this.#isProven = this.#isAtBound()
  }

  solution(): Solution {
    const layout = layOut(this.#plan, this.#assignments)
    const bound = this.#justiceBound()
    return {
      assignments: this.#assignments,
      ...evaluateLayout(this.#plan, layout),
      ...explainSolution(this.#plan, this.#assignments, layout, this.#board.state, this.#options.explain ?? true),
      ...(bound === undefined ? {} : { bound: { level: 'justice' as const, value: bound } }),
      trace: this.#trace,
      iterations: this.#meter.iterations,
      stopped: this.#isProven ? 'optimal' : this.#meter.reason,
    }
  }

  /** A few ejection chains for each seat the construction left open; like seats of one shift fail together. */
  #fillByChains(): void {
    const { fits } = this.#board.state
    const failed = new Set<string>()
    for (const block of fillOrder(this.#board)) {
      const [slot] = block.slots
      const key = block.slots.length > 1 ? '' : `${this.#plan.model.shiftOfSlot[slot!]} ${fits.classOf(slot!)}`
      if (failed.has(key)) continue
      for (let tries = 0; tries < CHAIN_TRIES && this.#board.isOpen(block); tries++) {
        if (!this.#meter.tick() || this.#meter.done > CHAIN_SHARE) return
        if (fillByChain(this.#board, block) || fillByRun(this.#board, block)) tries = -1
      }
      if (this.#board.isOpen(block) && key !== '') failed.add(key)
    }
  }

  /** Nothing is left to gain: justice at its lower bound, every other level at zero. */
  #isAtBound(): boolean {
    const { totals } = this.#board.state
    if (totals.some((cost, level) => level !== JUSTICE && Math.abs(cost) > 1e-6)) return false
    return totals[JUSTICE]! <= (this.#justiceBound() ?? Number.NEGATIVE_INFINITY) + 1e-3
  }

  /** Once all seats are filled the bound is the same for every roster. */
  #justiceBound(): number | undefined {
    this.#bound ??= justiceBound(this.#plan, this.#board.state)
    const { totals } = this.#board.state
    return totals[UNMET_MANDATORY] === 0 && totals[UNMET_DESIRED] === 0 ? this.#bound : undefined
  }

  /** Filling seats may have moved people who need not have been moved. */
  #restorePublished(): void {
    for (let again = true; again && !this.#meter.isOver; ) {
      again = false
      for (const { person, slot } of this.#board.missing()) {
        for (let tries = 0; tries < CHAIN_TRIES && !this.#board.state.holds(person, slot); tries++) {
          if (!this.#meter.tick()) return
          again = restorePublished(this.#board, person, slot) || again
        }
      }
    }
  }

  async #improve(improver: Improver): Promise<void> {
    let nextTrace = 0
    while (improver.hasMoves && !this.#meter.isOver) {
      const { done } = this.#meter
      if (done >= nextTrace) {
        if (this.#isAtBound()) break
        this.#note('improve')
        nextTrace = done + 1 / TRACE_POINTS
      }
      for (let i = 0; i < LOOP; i++) {
        improver.step(done)
        if (!this.#meter.tick()) break
      }
      if (this.#meter.iterations % YIELD_EVERY === 0) await takeTurn()
    }
    improver.finish()
    permute(this.#board)
    this.#note('end')
  }

  #note(phase: string): void {
    const point = {
      phase,
      iteration: this.#meter.iterations,
      elapsedMs: this.#meter.elapsedMs,
      score: scoreFrom(this.#board.state.totals),
    }
    this.#trace.push(point)
    this.#options.onProgress?.({ ...point, done: this.#meter.done })
  }
}
