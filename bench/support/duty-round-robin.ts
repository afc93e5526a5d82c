/** The way rosters are made by hand: seat after seat in order of time, the next in the list who can come. */
import type { Assignment, Person, Problem, Shift } from '../../src/solver/index.ts'
import { timeBreaches } from './duty-judge.ts'
import { type DutyRules, readRules } from './duty-rules.ts'
import { Fitting, isFree, type Place } from './fitting.ts'

export function dutyRoundRobin(problem: Problem): Assignment[] {
  return new Rounds(problem).make()
}

class Rounds {
  readonly #rules: DutyRules
  readonly #fitting: Fitting
  readonly #assignments: Assignment[] = []
  readonly #held = new Map<Person, Shift[]>()
  readonly #teamOf = new Map<string, Person[]>()
  /** Everybody who meets a requirement, and whose turn it is. */
  readonly #rings = new Map<string, { people: Person[]; turn: number }>()
  readonly #peopleOfPlace: Person[][]

  constructor(problem: Problem) {
    this.#rules = readRules(problem)
    this.#fitting = new Fitting(problem)
    this.#peopleOfPlace = this.#fitting.places.map(() => [])
    for (const person of problem.people) {
      this.#held.set(person, [])
      for (const place of this.#fitting.meets(person)) this.#peopleOfPlace[place]!.push(person)
    }
    const known = new Map(problem.people.map((person) => [person.id, person]))
    for (const { personIds } of problem.crews ?? []) {
      const members = personIds.map((id) => known.get(id)!)
      for (const id of personIds) this.#teamOf.set(id, members)
    }
  }

  make(): Assignment[] {
    const { links = [] } = this.#fitting.problem
    const blocks = links.map(({ slotIds }) => slotIds.map((id) => this.#fitting.placeOf.get(id)!))
    for (const block of blocks) this.#fillBlock(block)
    const linked = new Set(blocks.flat())
    const rest = [...this.#fitting.places.keys()].filter((place) => !linked.has(place))
    const startOf = (place: number) => this.#fitting.places[place]!.shift.startsAt
    for (const place of rest.sort((a, b) => startOf(a) - startOf(b))) this.#fillPlace(place)
    return this.#assignments
  }

  /** The first in turn who can do all of it, else the first who can do any. */
  #fillBlock(block: number[]): void {
    for (const wanted of [block.length, 1]) {
      const taken = this.#next(block[0]!, (person) => {
        const possible = block.filter((place) => this.#canTake(person, this.#fitting.places[place]!))
        if (possible.length < wanted) return false
        for (const place of possible) this.#give(person, place, 0)
        return true
      })
      if (taken) return
    }
  }

  #fillPlace(at: number): void {
    const place = this.#fitting.places[at]!
    const present: Person[] = []
    while (present.length < place.seats) {
      const taken = this.#next(at, (person) => {
        const group = this.#rules.wholeTeams?.(place.shift) ? (this.#teamOf.get(person.id) ?? [person]) : [person]
        const fits = group.length <= place.seats - present.length && group.every((one) => this.#canTake(one, place))
        if (!fits || !this.#keepsMix(place, [...present, ...group])) return false
        for (const one of group) {
          this.#give(one, at, present.length)
          present.push(one)
        }
        return true
      })
      if (!taken) return
    }
  }

  /** Asks people in turn, once round; true when one was taken. */
  #next(place: number, take: (person: Person) => boolean): boolean {
    const key = JSON.stringify(this.#fitting.places[place]!.requirement)
    const ring = this.#rings.get(key) ?? { people: this.#peopleOfPlace[place]!, turn: 0 }
    this.#rings.set(key, ring)
    for (let looked = 0; looked < ring.people.length; looked++) {
      if (take(ring.people[ring.turn++ % ring.people.length]!)) return true
    }
    return false
  }

  #canTake(person: Person, { shift }: Place): boolean {
    if (!isFree(person, shift)) return false
    const shifts = [...this.#held.get(person)!, shift].sort((a, b) => a.startsAt - b.startsAt)
    return Object.keys(timeBreaches(this.#rules, shifts)).length === 0
  }

  /** Seats of the shift are all in one place where a mix is asked for. */
  #keepsMix({ shift, seats }: Place, people: Person[]): boolean {
    return this.#rules.mixes.every(
      ({ sees, matches, min }) => !sees(shift) || people.filter((one) => !matches(one)).length <= seats - min,
    )
  }

  #give(person: Person, place: number, seat: number): void {
    const { slotIds, shift } = this.#fitting.places[place]!
    this.#assignments.push({ personId: person.id, slotId: slotIds[seat]! })
    this.#held.get(person)!.push(shift)
  }
}
