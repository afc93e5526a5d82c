/**
 * Rosters as mixed-integer programs, written from what the rules say and solved by HiGHS: seats, duties that exclude each
 * other, limits on windows, what was published, justice.
 */
import { compilePlan } from '../../../../src/solver/checks.ts'
import type { Problem, RuleInstance, Score } from '../../../../src/solver/index.ts'
import { RosterState } from '../../../../src/solver/state.ts'
import { type Highs, Program } from './minimization.ts'

/** What one point of each level is worth in one sum: more than all that can happen below it. */
export const WORTH = { unmetMandatory: 1e6, movedConfirmed: 2e4, unmetDesired: 300, movedPending: 10, wishes: 0.01 }
export type Worth = Partial<typeof WORTH>

export const worthOf = (score: Score, worth: Worth): number =>
  Object.entries(worth).reduce((sum, [level, value]) => sum + score[level as keyof typeof WORTH] * value, 0)

interface Pair {
  name: string
  person: number
  slot: number
}

const isWindowRule = (rule: RuleInstance) => rule.rule === 'load-limit' || rule.rule === 'consecutive-days'
const isHard = (rule: RuleInstance) => rule.strength === 'hard'

/** The roster of one problem as a program: its rows, and costs added as they are asked for. */
export class RosterProgram {
  readonly #made: Problem
  readonly #program = new Program()
  readonly #pairs: Pair[] = []
  readonly #softCost: (pair: Pair) => number
  readonly #squares: Square[] = []

  constructor(made: Problem) {
    this.#made = made
    const state = new RosterState(compilePlan({ ...made, rules: made.rules.filter((rule) => !isWindowRule(rule)) }))
    this.#softCost = ({ person, slot }) => state.fits.softCost(person, slot)
    made.slots.forEach((_entry, slot) => {
      const seat = made.people.flatMap((_person, person) =>
        state.canTake(person, slot) ? [{ name: this.#program.binary(`x${person}_${slot}`), person, slot }] : [],
      )
      this.#pairs.push(...seat)
      this.#program.row(namesOf(seat), '<=', 1)
    })
    this.#exclude(state)
    for (const rule of made.rules.filter(isHard)) this.#limit(rule)
  }

  /** Adds open seats, people and assignments moved, and wishes, at what a point of each is worth. */
  addCosts(worth: Worth): this {
    const program = this.#program
    this.#made.slots.forEach(({ need, priority = 1 }, slot) => {
      const points = (need === 'mandatory' ? worth.unmetMandatory : worth.unmetDesired) ?? 0
      program.constant += points * priority
      for (const pair of this.#pairs) if (pair.slot === slot) program.cost(pair.name, -points * priority)
    })
    for (const pair of this.#pairs) program.cost(pair.name, this.#softCost(pair) * (worth.wishes ?? 0))
    this.#addMoves(worth.movedConfirmed ?? 0, worth.movedPending ?? 0)
    return this
  }

  /** Holds all costs added so far at their value, and forgets them. */
  hold(value: number): this {
    const { objective, constant } = this.#program
    this.#program.row(objective, '<=', value - constant + 1e-6)
    objective.clear()
    this.#program.constant = 0
    return this
  }

  /** Adds every rule of justice: convex squares, approached from below by the lines between neighbouring possible values. */
  addJustice(): this {
    for (const rule of this.#made.rules) if (rule.rule === 'fair-share') this.#addFairShare(rule)
    return this
  }

  /** The least sum of the costs added. */
  optimum(highs: Highs): number {
    for (;;) {
      const { value, primalOf } = this.#program.solve(highs)
      const tooLow = this.#squares.filter(
        (square) => primalOf(square.cost) < square.at(primalOf(square.deviation)) - 1e-6,
      )
      if (tooLow.length === 0) return value
      for (const square of tooLow) this.#touch(square, primalOf(square.deviation))
    }
  }

  #exclude(state: RosterState): void {
    for (const a of this.#pairs) {
      const mark = state.mark()
      state.assign(a.person, a.slot)
      for (const b of this.#pairs) {
        if (b.person !== a.person || b.slot <= a.slot) continue
        if (state.hardChange(b.person, b.slot) > 0) this.#program.row(namesOf([a, b]), '<=', 1)
      }
      state.undo(mark)
    }
  }

  #limit(rule: RuleInstance): void {
    const { period, people } = this.#made
    people.forEach((_person, person) => {
      if (rule.rule === 'load-limit') {
        const { window, max } = rule.params
        if (window.per !== 'rolling') throw new Error('Only rolling windows are written here.')
        for (let day = period.fromDay - window.days + 1; day < period.toDay; day++) {
          this.#limitMinutes(person, day, day + window.days, max!)
        }
      }
      if (rule.rule === 'consecutive-days') {
        const { max } = rule.params
        for (let day = period.fromDay - max!; day < period.toDay; day++) this.#limitDays(person, day, max!)
      }
    })
  }

  #pastOf(person: number) {
    const { id } = this.#made.people[person]!
    return (this.#made.history ?? []).filter((duty) => duty.personId === id)
  }

  #shiftOf(slot: number) {
    return this.#made.shifts.find(({ id }) => id === this.#made.slots[slot]!.shiftId)!
  }

  #limitMinutes(person: number, from: number, to: number, max: number): void {
    const past = this.#pastOf(person).reduce(
      (sum, { day, minutes }) => sum + (day >= from && day < to ? minutes : 0),
      0,
    )
    const terms = this.#pairs.flatMap(({ name, person: who, slot }): [string, number][] => {
      const { day, minutes } = this.#shiftOf(slot)
      return who === person && day >= from && day < to ? [[name, minutes]] : []
    })
    this.#program.row(terms, '<=', Math.max(0, max - past))
  }

  /** Of `max` days and one more not all. */
  #limitDays(person: number, from: number, max: number): void {
    const days = Array.from({ length: max + 1 }, (_, k) => from + k)
    const past = new Set(this.#pastOf(person).map(({ day }) => day))
    const terms: [string, number][] = []
    for (const day of days.filter((one) => !past.has(one))) {
      const name = `y${person}_${day}`
      terms.push([name, 1])
      for (const pair of this.#pairs) {
        if (pair.person !== person || this.#shiftOf(pair.slot).day !== day) continue
        this.#program.row(
          [
            [name, 1],
            [pair.name, -1],
          ],
          '>=',
          0,
        )
      }
    }
    this.#program.row(terms, '<=', max - days.filter((day) => past.has(day)).length)
  }

  /** For each shift and role published a variable for its loss, for each person who confirmed one for being moved. */
  #addMoves(perPerson: number, perPlace: number): void {
    const { published = [], slots, people } = this.#made
    const program = this.#program
    for (const { personId, slotId, confirmed } of published) {
      const person = people.findIndex(({ id }) => id === personId)
      const { shiftId, role } = slots.find(({ id }) => id === slotId)!
      const kept = this.#pairs.filter(
        (pair) => pair.person === person && slots[pair.slot]!.shiftId === shiftId && slots[pair.slot]!.role === role,
      )
      const lost = `lost${person}_${slots.findIndex(({ id }) => id === slotId)}`
      program.row([[lost, 1], ...namesOf(kept)], '>=', 1)
      program.cost(lost, perPlace)
      if (!confirmed) continue
      const moved = program.binary(`moved${person}`)
      program.row([[moved, 1], ...namesOf(kept)], '>=', 1)
      if (!program.objective.has(moved)) program.cost(moved, perPerson - perPlace)
    }
  }

  #addFairShare(rule: Extract<RuleInstance, { rule: 'fair-share' }>): void {
    const { measure, within } = rule.params
    const counts = measure !== 'minutes'
    if (rule.strength === 'hard' || within !== 'group')
      throw new Error('Only soft justice within groups is written here.')
    const amountOf = (slot: number) => {
      const shift = this.#shiftOf(slot)
      if (measure === 'minutes') return shift.minutes
      if (measure === 'nights') return (shift.nightMinutes ?? 0) >= 180 ? 1 : 0
      throw new Error(`The measure ${measure} is not written here.`)
    }
    const sets = Map.groupBy(this.#made.people.keys(), (person) => this.#made.people[person]!.groups![0]!.id)
    for (const members of sets.values()) {
      const whole = members.reduce((sum, person) => sum + (this.#made.people[person]!.share ?? 1), 0)
      const brought = (person: number) => this.#made.people[person]!.carriedIn?.[measure] ?? 0
      const all = members.reduce((sum, person) => sum + brought(person), 0)
      for (const person of members) {
        const part = (this.#made.people[person]!.share ?? 1) / whole
        const own = this.#pairs.flatMap(({ name, person: who, slot }): [string, number][] => {
          if (!members.includes(who) || amountOf(slot) === 0) return []
          return [[name, amountOf(slot) * ((who === person ? 1 : 0) - part)]]
        })
        const { weight } = rule.strength
        this.#addSquare({
          name: `${rule.id.replaceAll('-', '_')}${person}`,
          terms: own,
          start: brought(person) - part * all,
          piece: counts ? 1 : 240,
          parts: 2 * whole,
          factor: weight / (counts ? 1 : 60) ** 2,
        })
      }
    }
  }

  #addSquare({ name, terms, start, piece, parts, factor }: Deviation): void {
    const deviation = this.#program.free(`d_${name}`)
    const cost = `z_${name}`
    this.#program.row([[deviation, 1], ...terms.map(([term, value]): [string, number] => [term, -value])], '=', start)
    this.#program.cost(cost, 1)
    const step = piece / Math.round(parts)
    const square = { deviation, cost, start, step, at: (value: number) => factor * value * value }
    this.#squares.push(square)
    for (const away of [-2, -1, 0, 1, 2]) this.#touch(square, away * piece)
  }

  /** The two lines that meet on the curve at the possible value nearest to the one given. */
  #touch({ deviation, cost, start, step, at }: Square, value: number): void {
    const middle = start + Math.round((value - start) / step) * step
    for (const [a, b] of [
      [middle - step, middle],
      [middle, middle + step],
    ] as const) {
      const slope = (at(b) - at(a)) / step
      this.#program.row(
        [
          [cost, 1],
          [deviation, -slope],
        ],
        '>=',
        at(a) - slope * a,
      )
    }
  }
}

/** How far somebody is from the fair share: `start` plus terms that are whole pieces and whole `parts` of them. */
interface Deviation {
  name: string
  terms: [string, number][]
  start: number
  piece: number
  parts: number
  factor: number
}

/** A convex cost of a deviation that takes values `start` plus whole steps only. */
interface Square {
  deviation: string
  cost: string
  start: number
  step: number
  at(value: number): number
}

const namesOf = (pairs: Pair[]): [string, number][] => pairs.map(({ name }) => [name, 1])
