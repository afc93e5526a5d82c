import { type Random, shuffle } from '../random.ts'
import { cellOf, type Grid } from './grid.ts'
import type { Rework } from './rework.ts'
import { coverCost, type Roster } from './roster.ts'

/** Lengths of windows tried, in days; the whole period is one more when it is not much longer. */
const WINDOWS = [7, 14, 28, 42]
const LONGEST_WHOLE = 60
/** Effort a rework should take: a fifth of a second or so at first, more while nothing is found. */
const LEAST_EFFORT = 50_000_000
const MOST_EFFORT = 600_000_000
const PATIENCE = 12

/** People in the first tries, for a window of two weeks. */
const FIRST_PEOPLE = 10
/** How fast old experience fades. */
const FADING = 0.2
/** Every habit gets at least this part of the effort. */
const LEAST_PART = 0.06

/** One length of window with the number of people that suits it, and what it has earned and cost lately. */
interface Habit {
  days: number
  people: number
  gain: number
  effort: number
}

/** Chooses what to rework next and learns what pays. */
export class Reworks {
  readonly #grid: Grid
  readonly #random: Random
  readonly #habits: Habit[]
  #target = LEAST_EFFORT
  #failures = 0

  constructor(grid: Grid, random: Random) {
    this.#grid = grid
    this.#random = random
    const lengths = WINDOWS.filter((days) => days < grid.days)
    if (grid.days <= LONGEST_WHOLE || lengths.length === 0) lengths.push(grid.days)
    this.#habits = lengths.map((days) => ({
      days,
      people: Math.min(grid.people, Math.max(4, Math.round((FIRST_PEOPLE * 14) / days))),
      gain: 200,
      effort: LEAST_EFFORT,
    }))
  }

  next(roster: Roster): { rework: Rework; learn: (gain: number, effort: number) => void } {
    const habit = this.#pick()
    const free = this.#random.below(this.#grid.days - habit.days + 1)
    const freeEnd = free + habit.days
    const people = this.#choosePeople(roster, habit.people, free, freeEnd)
    return { rework: { people, free, freeEnd }, learn: (gain, effort) => this.#learn(habit, gain, effort) }
  }

  /** Effort is shared out by what it earned lately, in squares: the best gets most. */
  #pick(): Habit {
    const rates = this.#habits.map(({ gain, effort }) => (gain / effort) ** 2)
    const floor = LEAST_PART * rates.reduce((sum, rate) => sum + rate, 0) + 1e-30
    const weights = this.#habits.map(({ effort }, i) => (rates[i]! + floor) / effort)
    let draw = this.#random.next() * weights.reduce((sum, weight) => sum + weight, 0)
    for (const [i, habit] of this.#habits.entries()) {
      draw -= weights[i]!
      if (draw < 0) return habit
    }
    return this.#habits[0]!
  }

  #learn(habit: Habit, gain: number, effort: number): void {
    habit.gain += FADING * (gain - habit.gain)
    habit.effort += FADING * (effort - habit.effort)
    if (effort > this.#target * 1.5) habit.people = Math.max(4, Math.floor(habit.people * 0.85))
    else if (gain === 0 && effort < this.#target) {
      habit.people = Math.min(this.#grid.people, Math.ceil(habit.people * 1.08))
    }
    this.#failures = gain > 0 ? 0 : this.#failures + 1
    if (gain > 0) this.#target = Math.max(LEAST_EFFORT, this.#target * 0.9)
    else if (this.#failures % PATIENCE === 0) this.#target = Math.min(MOST_EFFORT, this.#target * 1.25)
  }

  /** Half by chance, half around a cell whose cover costs something and who could serve there. */
  #choosePeople(roster: Roster, count: number, free: number, freeEnd: number): number[] {
    const everybody = shuffle([...Array(this.#grid.people).keys()], this.#random)
    if (count >= everybody.length) return everybody
    const cell = this.#random.next() < 0.7 ? this.#sorestCell(roster, free, freeEnd) : -1
    if (cell < 0) return everybody.slice(0, count)
    const { types, allowed } = this.#grid
    const day = Math.floor(cell / types)
    const couldServe = (person: number) => allowed[cellOf(this.#grid, person, day, cell % types)] === 1
    const near = everybody.filter(couldServe).slice(0, Math.ceil(count / 2))
    const others = everybody.filter((person) => !near.includes(person))
    return [...near, ...others.slice(0, count - near.length)]
  }

  /** A cell of the window by chance, weighed by what its cover costs now. */
  #sorestCell(roster: Roster, free: number, freeEnd: number): number {
    const { types } = this.#grid
    let total = 0
    let chosen = -1
    for (let cell = free * types; cell < freeEnd * types; cell++) {
      const cost = coverCost(this.#grid, cell, roster.counts[cell]!)
      if (cost <= 0) continue
      total += cost
      if (this.#random.next() * total < cost) chosen = cell
    }
    return chosen
  }
}
