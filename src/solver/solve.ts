import { compilePlan, type Plan } from './checks.ts'
import { evaluateLayout, layOut } from './evaluate.ts'
import { proofOf, SAME_COST, tellBound } from './explain/bound.ts'
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
import { isSmall, polish } from './search/polish.ts'
import { Repacker } from './search/repack.ts'
import { fillByRun } from './search/runs.ts'
import type { Assignment, Problem, Solution, SolveOptions, TracePoint } from './types.ts'
import { checkProblem } from './validate.ts'

/** After so many iterations the event loop gets its turn, so that an abort can arrive. */
const YIELD_EVERY = 4096
const TRACE_POINTS = 50
const CHAIN_TRIES = 4
/** Part of what construction left of the budget, after which repacking gives way to chains. */
const REPACK_SHARE = 0.6
/** Part of it after which the chains give way to the general search. */
const CHAIN_SHARE = 0.7
/** Part of the time kept for the polish of small rosters. */
const POLISH_SHARE = 0.05
/** Iterations at one temperature. */
const LOOP = 64
/** Name of the phase told when the roster is proved best; nothing is searched after it. */
export const PROVED = 'proved best'

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
  return searchDuty(problem, options)
}

/** The search for duty rosters. `exhausts`: may it try every roster of a tiny problem, which proves the best one? */
export async function searchDuty(problem: Problem, options: SolveOptions, exhausts = true): Promise<Solution> {
  const run = new Run(compilePlan(problem), options)
  await run.search(exhausts)
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
  #isExhausted = false
  #isProven = false
  #bound: number | undefined

  constructor(plan: Plan, options: SolveOptions) {
    this.#plan = plan
    this.#options = options
    this.#meter = new Meter(options, plan.model.slots.length)
    this.#board = new Board(plan, createRandom(options.seed))
    this.#note('standing')
  }

  async search(exhausts: boolean): Promise<void> {
    this.#isExhausted = exhausts && exhaust(this.#board)
    if (this.#isExhausted) this.#note('every roster')
    else await this.#approach()
    this.#isProven = this.#isExhausted || this.#isAtBound()
    if (this.#isProven) this.#note(PROVED)
    this.#assignments = this.#board.state.assignments()
  }

  async #approach(): Promise<void> {
    const bundles = new Bundles(this.#board)
    bundles.construct()
    construct(this.#board, () => this.#options.signal?.aborted === true)
    this.#note('construct')
    await takeTurn()
    const repacker = new Repacker(this.#board)
    const begun = this.#meter.done
    const isPast = (share: number) => !this.#meter.tick() || this.#meter.done > begun + share * (1 - begun)
    repacker.fill(() => isPast(REPACK_SHARE))
    this.#note('repack')
    this.#fillByChains(() => isPast(CHAIN_SHARE))
    this.#restorePublished()
    this.#note('chains')
    balance(this.#board, () => this.#meter.isOver)
    permute(this.#board)
    this.#note('balance')
    await takeTurn()
    await this.#improve(new Improver(this.#board, bundles, repacker))
  }

  solution(): Solution {
    const layout = layOut(this.#plan, this.#assignments)
    const told = {
      assignments: this.#assignments,
      ...evaluateLayout(this.#plan, layout),
      ...explainSolution(this.#plan, this.#assignments, layout, this.#board.state, this.#options.explain ?? true),
    }
    const known = { isExhausted: this.#isExhausted, justice: this.#justiceBound() }
    const proof = proofOf(this.#plan.model.problem, told, known)
    return {
      ...told,
      ...(proof && { bound: tellBound(proof, told.score) }),
      trace: this.#trace,
      iterations: this.#meter.iterations,
      stopped: this.#isProven ? 'optimal' : this.#meter.reason,
    }
  }

  /** A few ejection chains for each seat the construction left open; like seats of one shift fail together. */
  #fillByChains(shouldStop: () => boolean): void {
    const { fits } = this.#board.state
    const failed = new Set<string>()
    for (const block of fillOrder(this.#board)) {
      const [slot] = block.slots
      const key = block.slots.length > 1 ? '' : `${this.#plan.model.shiftOfSlot[slot!]} ${fits.classOf(slot!)}`
      if (failed.has(key)) continue
      for (let tries = 0; tries < CHAIN_TRIES && this.#board.isOpen(block); tries++) {
        if (shouldStop()) return
        if (fillByChain(this.#board, block) || fillByRun(this.#board, block)) tries = -1
      }
      if (this.#board.isOpen(block) && key !== '') failed.add(key)
    }
  }

  /** Nothing is left to gain: justice at its lower bound, every other level at zero. */
  #isAtBound(): boolean {
    const { totals } = this.#board.state
    if (totals.some((cost, level) => level !== JUSTICE && Math.abs(cost) > 1e-6)) return false
    return totals[JUSTICE]! <= (this.#justiceBound() ?? Number.NEGATIVE_INFINITY) + SAME_COST
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
    const until = this.#meter.isTimed && isSmall(this.#board) ? 1 - POLISH_SHARE : 1
    while (improver.hasMoves && !this.#meter.isOver) {
      const { done } = this.#meter
      if (done >= until) break
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
    polish(this.#board, () => this.#meter.isTimeUp)
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
    this.#options.onProgress?.({ ...point, done: phase === 'end' ? 1 : this.#meter.done })
  }
}
