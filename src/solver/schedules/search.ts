import type { Highs } from 'highs'
import { createRandom, type Random } from '../random.ts'
import type { Meter } from '../search/clock.ts'
import { annealWhole } from './annealing.ts'
import { constructAll, rerosterAll } from './construct.ts'
import { dive, HASTY } from './dive.ts'
import { Drift } from './drift.ts'
import type { Exchange } from './exchange.ts'
import type { Grid } from './grid.ts'
import { LinePool } from './line-pool.ts'
import { Pricer } from './pricer.ts'
import { Relaxation } from './relaxation.ts'
import type { Rework, Tools } from './rework.ts'
import { Reworks } from './reworks.ts'
import { Roster } from './roster.ts'

/** Rounds of giving each person the best line beside all others, and the part of the budget they may take. */
const MOST_ROUNDS = 12
const FIRST_SHARE = 0.4
/** A round that gains less than this part of the cost is the last. */
const LEAST_GAIN = 0.01
/** Parts of the budget after which the relaxation of the whole ends, and the way down from it. */
const ROOT_SHARE = 0.45
const DIVE_SHARE = 0.65
/** A relaxation that took longer than this part is no start: the way down would take longer still. */
const LATEST_DIVE = 0.3
/** After this part of the budget the relaxation also ends when what it has lies so close to its bound. */
const CLOSE_SHARE = 0.2
const CLOSE = 0.005
/** Farther from its bound the relaxation is no place to go down from. */
const MOST_GAP = 0.1
/** Beyond so many cells of cover the relaxation of the whole would not end in any budget worth having: annealed instead. */
const MOST_CELLS = 1200
const TOGETHER_SHARE = 0.7
/** Parts of the budget that other threads anneal while the first relaxes the whole, and before which that was quick. */
const MEANWHILE_SHARE = 0.35
const QUICK_SHARE = 0.1
/** After so many reworks without gain, every second one looks for another roster of the same cost. */
const DRY = 8
/** What noise may add to the cost of a roster that in truth costs the same. */
const SLACK = 0.3
const NOTHING = 1e-6

export interface SearchOptions {
  grid: Grid
  highs: Highs
  seed: number
  meter: Meter
  /** Relax the whole problem for a bound (and a first good roster)? */
  isBounding: boolean
  exchange?: Exchange
  milliseconds?: number
  note(phase: string, cost: number): void
}

/**
 * Construct, bound the whole by its relaxation, then rework small parts until the budget ends: some people's days in
 * some window are planned anew, as well as the relaxation of that part and a dive from it can tell.
 */
export class Search {
  readonly roster: Roster
  bound = Number.NEGATIVE_INFINITY
  readonly #options: SearchOptions
  readonly #random: Random
  readonly #tools: Tools
  #drift: Drift | undefined
  #dry = 0

  constructor(options: SearchOptions) {
    const { grid, highs, meter, seed } = options
    this.#options = options
    this.#random = createRandom(seed)
    this.roster = new Roster(grid)
    this.#tools = {
      grid,
      highs,
      pricer: new Pricer(grid),
      pool: new LinePool(),
      isOver: () => meter.isOver,
      secondsLeft: () =>
        options.milliseconds ? (options.milliseconds - meter.elapsedMs) / 1000 : Number.POSITIVE_INFINITY,
    }
  }

  /** No roster can cost less than the best one found. */
  get isProven(): boolean {
    return this.roster.cost <= this.#wholeBound() + NOTHING
  }

  async run(): Promise<void> {
    const { grid, meter, isBounding } = this.#options
    this.#construct()
    if (grid.days * grid.types > MOST_CELLS) this.#annealTogether()
    else if (isBounding) this.#boundWhole()
    else this.#annealMeanwhile()
    const reworks = new Reworks(grid, this.#random)
    while (!meter.isOver && !this.isProven) {
      this.#rework(reworks)
      meter.tick()
      this.#trade()
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#trade()
  }

  #construct(): void {
    const { meter } = this.#options
    const { pricer } = this.#tools
    constructAll(pricer, this.roster, this.#random)
    this.#options.note('construct', this.roster.cost)
    this.#trade()
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.roster.cost
      if (!rerosterAll(pricer, this.roster, this.#random, () => meter.isOver || meter.done > FIRST_SHARE)) break
      if (before - this.roster.cost < before * LEAST_GAIN) break
      this.#trade()
    }
    this.#options.note('reroster', this.roster.cost)
    this.#trade()
  }

  /** All threads anneal one roster. */
  #annealTogether(): void {
    const { exchange, meter } = this.#options
    const note = (cost: number) => this.#options.note('anneal', cost)
    const isEnough = () => false
    annealWhole(this.roster, { random: this.#random, meter, exchange, until: TOGETHER_SHARE, isEnough, note })
    this.#trade()
  }

  /** Anneals alone while the first thread relaxes the whole; no longer when that was quick. */
  #annealMeanwhile(): void {
    const { exchange, meter } = this.#options
    const note = (cost: number) => this.#options.note('anneal', cost)
    const isQuick = () =>
      meter.done < QUICK_SHARE && exchange !== undefined && exchange.bound > Number.NEGATIVE_INFINITY
    const isEnough = () => exchange?.isEnding === true || isQuick()
    annealWhole(this.roster, {
      random: this.#random,
      meter,
      exchange: undefined,
      until: MEANWHILE_SHARE,
      isEnough,
      note,
    })
    this.#trade()
  }

  #boundWhole(): void {
    const { grid, meter } = this.#options
    const whole: Rework = { people: [...Array(grid.people).keys()], free: 0, freeEnd: grid.days }
    let share = ROOT_SHARE
    let isCloseEnough = () => meter.done > CLOSE_SHARE && root.gap < CLOSE
    const tools: Tools = {
      ...this.#tools,
      isOver: () => meter.isOver || meter.done > share || isCloseEnough(),
      secondsLeft: () =>
        Math.max(0, this.#tools.secondsLeft() - ((this.#options.milliseconds ?? 0) * (1 - share)) / 1000),
    }
    const root: Relaxation = new Relaxation(tools, this.roster, whole)
    root.solve(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
    this.bound = root.bound
    this.#options.exchange?.raise(this.bound)
    this.#options.note('bound', this.roster.cost)
    root.keepLines()
    share = DIVE_SHARE
    isCloseEnough = () => false
    const isStart = !meter.isOver && meter.done < LATEST_DIVE && root.gap < MOST_GAP
    if (isStart) this.#take(whole, dive(root, this.#cutoff(), HASTY))
    root.dispose()
    this.#options.note('dive', this.roster.cost)
  }

  /** A better roster costs at most this. */
  #cutoff(): number {
    return this.roster.cost - (this.#options.grid.isWhole ? 1 : 1e-4)
  }

  #wholeBound(): number {
    const bound = Math.max(this.bound, this.#options.exchange?.bound ?? Number.NEGATIVE_INFINITY)
    return this.#options.grid.isWhole ? Math.ceil(bound - 1e-4) : bound
  }

  #rework(reworks: Reworks): void {
    const before = this.roster.cost
    const { rework, learn } = reworks.next(this.roster)
    if (this.#isTimeToDrift()) {
      this.#plan(this.#drifting(rework), rework, before + SLACK)
    } else {
      const effort = this.#plan(this.#tools, rework, this.#cutoff())
      learn(before - this.roster.cost, effort)
    }
    this.#dry = this.roster.cost < before ? 0 : this.#dry + 1
  }

  #isTimeToDrift(): boolean {
    return this.#options.grid.isWhole && this.#dry >= DRY && this.#random.next() < 0.5
  }

  #drifting({ people }: Rework): Tools {
    this.#drift ??= new Drift(this.#options.grid, this.#random)
    this.#drift.stir(people)
    return { ...this.#tools, grid: this.#drift.grid, pricer: this.#drift.pricer }
  }

  /** Plans a part anew; gives the effort it took. */
  #plan(tools: Tools, rework: Rework, cutoff: number): number {
    const relaxation = new Relaxation(tools, this.roster, rework)
    const verdict = relaxation.solve(cutoff, Number.POSITIVE_INFINITY)
    relaxation.keepLines()
    if (verdict === 'solved' && relaxation.objective <= cutoff + NOTHING) this.#take(rework, dive(relaxation, cutoff))
    relaxation.dispose()
    return relaxation.effort
  }
  #take(rework: Rework, lines: Int8Array[] | undefined): void {
    if (!lines) return
    const before = this.roster.cost
    const kept = rework.people.map((person) => this.roster.lineOf(person).slice())
    rework.people.forEach((person, member) => void this.roster.setLine(person, lines[member]!))
    if (this.roster.cost > before) {
      rework.people.forEach((person, member) => void this.roster.setLine(person, kept[member]!))
    } else {
      this.#options.note('rework', this.roster.cost)
    }
  }

  #trade(): void {
    this.#options.exchange?.trade(this.roster, this.bound)
  }
}
