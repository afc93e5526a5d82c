/** The text-book integer programme of a duty problem: a binary for each person and place that person could take. */
import type { Assignment, Person, Problem } from '../../src/solver/index.ts'
import { fairSetOf, wishCost } from './duty-judge.ts'
import { type DutyRules, type Fairness, readRules } from './duty-rules.ts'
import { type Term, timeRows } from './duty-time-rows.ts'
import { Fitting, isFree, type Place } from './fitting.ts'
import type { LinearModel } from './linear-model.ts'

export interface DutyModel {
  model: LinearModel
  assignmentsOf(values: ArrayLike<number>): Assignment[]
}

/** Levels in one sum: an open seat is worth more than what it can change below, justice more than wishes. */
const COST = { mandatory: 2e7, desired: 1e6, optional: 0, justice: 10, wish: 1, promise: 0 }
/** The same where only calm is asked for. */
const CALM_COST = { mandatory: 1000, desired: 0, optional: 0, justice: 0, wish: 0, promise: 1 }
const MOST_PIECES = 8

/** One choice of a person: a place, or all places of a link that the person is free for. */
interface Choice {
  variable: number
  places: readonly number[]
}

export function dutyModel(problem: Problem): DutyModel {
  const writer = new Writer(problem)
  for (const person of problem.people) writer.addPerson(person)
  writer.addCover()
  writer.addMixes()
  writer.addTeams()
  for (const rule of writer.rules.fairness) writer.addFairness(rule)
  return { model: writer.model, assignmentsOf: (values) => writer.assignmentsOf(values) }
}

/**
 * The programme whose least cost is 1,000 for each mandatory seat that must stay open and 1 for each person who does not
 * keep all that was promised.
 */
export function calmModel(problem: Problem, promised: readonly Assignment[]): { model: LinearModel; perSeat: number } {
  const writer = new Writer(problem, CALM_COST)
  for (const person of problem.people) writer.addPerson(person)
  writer.addCover()
  writer.addMixes()
  writer.addTeams()
  writer.addPromises(promised)
  return { model: writer.model, perSeat: CALM_COST.mandatory }
}

class Writer {
  readonly model: LinearModel = { costs: [], upper: [], isInteger: [], constant: 0, rows: [] }
  readonly rules: DutyRules
  readonly #cost: typeof COST
  readonly #fitting: Fitting
  readonly #choices = new Map<Person, Choice[]>()
  /** Variables of the people at each place. */
  readonly #at: { person: Person; variable: number }[][]
  readonly #linkOf = new Map<number, number>()
  readonly #links: Term[][]

  constructor(problem: Problem, cost = COST) {
    this.#cost = cost
    this.rules = readRules(problem)
    this.#fitting = new Fitting(problem)
    this.#at = this.#fitting.places.map(() => [])
    this.#links = (problem.links ?? []).map(() => [])
    // Who holds a part of what is linked breaks no rule: where a bound is wanted, links are left out.
    const links = cost.promise > 0 ? [] : (problem.links ?? [])
    links.forEach(({ slotIds }, link) => {
      for (const id of slotIds) this.#linkOf.set(this.#fitting.placeOf.get(id)!, link)
    })
  }

  #place(at: number): Place {
    return this.#fitting.places[at]!
  }

  #variable(cost: number, upper: number, isInteger: boolean): number {
    this.model.costs.push(Math.round(cost))
    this.model.upper.push(upper)
    this.model.isInteger.push(isInteger)
    return this.model.costs.length - 1
  }

  #row(low: number, high: number, terms: Term[]): void {
    if (terms.length > 0) this.model.rows.push({ low, high, terms })
  }

  addPerson(person: Person): void {
    const places = this.#fitting.placesFor(person)
    const links = Map.groupBy(places, (place) => this.#linkOf.get(place) ?? -1)
    const choices: Choice[] = []
    for (const [link, list] of links) {
      for (const own of link < 0 ? list.map((place) => [place]) : [list]) {
        const cost = own.reduce((sum, place) => {
          const { shift, requirement } = this.#place(place)
          return sum + wishCost(this.rules, person, shift, requirement.groups)
        }, 0)
        const variable = this.#variable(cost * this.#cost.wish, 1, true)
        choices.push({ variable, places: own })
        for (const place of own) this.#at[place]!.push({ person, variable })
        if (link >= 0) this.#links[link]!.push([variable, 1])
      }
    }
    this.#choices.set(person, choices)
    const seats = choices.flatMap(({ variable, places: own }) =>
      own.map((place) => ({ variable, shift: this.#place(place).shift })),
    )
    this.model.rows.push(...timeRows(this.rules, seats, () => this.#variable(0, 1, true)))
  }

  addCover(): void {
    this.#fitting.places.forEach(({ seats, need }, place) => {
      const open = this.#variable(this.#cost[need], seats, false)
      const filled = this.#at[place]!.map(({ variable }): Term => [variable, 1])
      this.#row(seats, seats, [...filled, [open, 1]])
    })
    for (const terms of this.#links) this.#row(0, 1, terms)
  }

  #shifts(): Map<string, number[]> {
    return Map.groupBy(this.#fitting.places.keys(), (place) => this.#place(place).shift.id)
  }

  addMixes(): void {
    for (const places of this.#shifts().values()) {
      const seats = places.reduce((sum, place) => sum + this.#place(place).seats, 0)
      for (const { sees, matches, min } of this.rules.mixes) {
        if (!sees(this.#place(places[0]!).shift)) continue
        const others = places.flatMap((place) => this.#at[place]!.filter(({ person }) => !matches(person)))
        this.#row(
          0,
          seats - min,
          others.map(({ variable }): Term => [variable, 1]),
        )
      }
    }
  }

  /** All of a team in a shift, or none. */
  addTeams(): void {
    const { people, crews = [] } = this.#fitting.problem
    const known = new Map(people.map((person) => [person.id, person]))
    for (const places of this.#shifts().values()) {
      const { shift } = this.#place(places[0]!)
      if (!this.rules.wholeTeams?.(shift)) continue
      const here = new Map<Person, Term[]>()
      for (const place of places) {
        for (const { person, variable } of this.#at[place]!)
          here.set(person, [...(here.get(person) ?? []), [variable, 1]])
      }
      for (const { personIds } of crews) {
        const members = personIds.map((id) => known.get(id)!)
        const first = members.find((person) => isFree(person, shift))
        for (const person of members) {
          if (!first || person === first) continue
          const less = (here.get(first) ?? []).map(([variable]): Term => [variable, -1])
          this.#row(0, 0, [...(here.get(person) ?? []), ...less])
        }
      }
    }
  }

  addPromises(promised: readonly Assignment[]): void {
    const places = Map.groupBy(promised, ({ personId }) => personId)
    for (const [person, choices] of this.#choices) {
      const kept = (places.get(person.id) ?? []).map(({ slotId }) => this.#fitting.placeOf.get(slotId)!)
      if (kept.length === 0) continue
      const disturbed = this.#variable(this.#cost.promise, 1, true)
      for (const place of kept) {
        const own = choices.filter((choice) => choice.places.includes(place))
        this.#row(1, 2, [[disturbed, 1], ...own.map(({ variable }): Term => [variable, 1])])
      }
    }
  }

  /** Squared loads in steps: the same order as squared distances from the mean while the sum of loads stays. */
  addFairness(rule: Fairness): void {
    const sets = Map.groupBy(this.#choices.keys(), (person) => fairSetOf(person, rule.within))
    for (const [set, people] of sets) {
      if (set === undefined) continue
      const loads = people.map((person) => this.#loads(person, rule))
      const step = loads.flat().reduce((divisor, [, load]) => greatestDivisor(divisor, load), 0)
      if (step === 0) continue
      const carried = people.reduce((sum, person) => sum + rule.carriedBy(person), 0)
      const mean = (this.#wanted(people, rule) + carried) / people.length
      const pieces = Math.min(MOST_PIECES, Math.ceil(mean / step) + 2)
      loads.forEach((terms, i) => {
        if (terms.length === 0) return
        const base = rule.carriedBy(people[i]!) / step
        const steps = Array.from({ length: pieces }, (_, k) => {
          const price = rule.weight * this.#cost.justice * step ** 2 * (2 * (base + k) + 1)
          return this.#variable(price, k + 1 === pieces ? 1000 : 1, false)
        })
        const scaled = terms.map(([variable, load]): Term => [variable, Math.round(load / step)])
        this.#row(0, 0, [...scaled, ...steps.map((variable): Term => [variable, -1])])
      })
    }
  }

  #loads(person: Person, { sizeOf }: Fairness): Term[] {
    return this.#choices.get(person)!.flatMap(({ variable, places }): Term[] => {
      const load = places.reduce((sum, place) => sum + sizeOf(this.#place(place).shift), 0)
      return load > 0 ? [[variable, load]] : []
    })
  }

  /** What all seats open to these people come to. */
  #wanted(people: Person[], { sizeOf }: Fairness): number {
    const places = new Set(people.flatMap((person) => this.#choices.get(person)!.flatMap((choice) => choice.places)))
    let sum = 0
    for (const place of places) sum += sizeOf(this.#place(place).shift) * this.#place(place).seats
    return sum
  }

  assignmentsOf(values: ArrayLike<number>): Assignment[] {
    const left = this.#fitting.places.map(({ slotIds }) => [...slotIds])
    const assignments: Assignment[] = []
    for (const [person, choices] of this.#choices) {
      for (const { variable, places } of choices) {
        if (values[variable]! < 0.5) continue
        for (const place of places)
          assignments.push({ personId: person.id, slotId: left[place]!.pop() ?? this.#place(place).slotIds[0]! })
      }
    }
    return assignments
  }
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))
