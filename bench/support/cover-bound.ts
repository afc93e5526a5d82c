/**
 * How many seats can be filled at most, proven: the greatest flow from people over their days to the seats they could
 * take. What a person can serve in a day and in a stretch of days is counted by rest, limits and days in a row; teams,
 * mixes and linked slots are left out, so the truth may lie lower, never higher.
 */
import type { Person, Shift } from '../../src/solver/index.ts'
import { timeBreaches } from './duty-judge.ts'
import { type DutyRules, readRules } from './duty-rules.ts'
import type { Fitting } from './fitting.ts'
import { FlowNetwork } from './max-flow.ts'

export interface Fillable {
  mandatory: number
  desired: number
}

/** Shifts a person already holds, by the person's id. */
export type Kept = ReadonlyMap<string, readonly Shift[]>

/** People with the same places before them. */
interface Crowd {
  people: number
  places: readonly number[]
  kept: readonly Shift[]
}

export class CoverBound {
  readonly fitting: Fitting
  readonly rules: DutyRules
  /** Days in which the shortest limit counts; the whole period where there is none. */
  readonly #stretch: number

  constructor(fitting: Fitting) {
    this.fitting = fitting
    this.rules = readRules(fitting.problem)
    const { fromDay, toDay } = fitting.problem.period
    this.#stretch = Math.min(toDay - fromDay, ...this.rules.limits.map(({ days }) => days))
  }

  /** Seats of all places, mandatory ones first. */
  fillable(): Fillable {
    return this.fillableOf(
      this.fitting.places.map(({ seats }) => seats),
      new Map(),
    )
  }

  /** So many of the open seats of each place can be filled by people who keep what they hold. */
  fillableOf(open: readonly number[], kept: Kept): Fillable {
    const network = new FlowNetwork()
    const [source, sink] = [network.node(), network.node()]
    const nodes = open.map(() => network.node())
    for (const crowd of this.#crowds(open, kept)) this.#connect(network, source, nodes, crowd)
    const fill = (need: string) => {
      open.forEach((seats, place) => {
        if (this.fitting.places[place]!.need === need) network.arc(nodes[place]!, sink, seats)
      })
      return network.send(source, sink)
    }
    return { mandatory: fill('mandatory'), desired: fill('desired') }
  }

  /** The most duties anybody could hold in the period. */
  mostDuties(): number {
    const all = this.fitting.places.map(({ seats }) => seats)
    let most = 0
    for (const { places } of this.#crowds(all, new Map())) {
      let sum = 0
      for (const list of this.#byStretch(places).values()) sum += this.#mostInStretch(list, [])
      most = Math.max(most, sum)
    }
    return most
  }

  #crowds(open: readonly number[], kept: Kept): Crowd[] {
    const crowds = new Map<string, Crowd>()
    const numbers = new Map<readonly number[], number>()
    for (const person of this.fitting.problem.people) {
      const met = this.fitting.meets(person)
      if (!numbers.has(met)) numbers.set(met, numbers.size)
      const own = kept.get(person.id) ?? []
      const { absences, availability } = person
      const key = JSON.stringify([numbers.get(met), absences, availability, own.map(({ id }) => id)])
      const known = crowds.get(key)
      if (known) known.people++
      else crowds.set(key, { people: 1, places: this.#placesFor(person, open, own), kept: own })
    }
    return [...crowds.values()].filter(({ places }) => places.length > 0)
  }

  /** Open places that break no rule of time beside what the person keeps. */
  #placesFor(person: Person, open: readonly number[], kept: readonly Shift[]): number[] {
    return this.fitting.placesFor(person).filter((place) => {
      if (open[place] === 0) return false
      if (kept.length === 0) return true
      const shifts = [...kept, this.fitting.places[place]!.shift].sort((a, b) => a.startsAt - b.startsAt)
      return Object.keys(timeBreaches(this.rules, shifts)).length === 0
    })
  }

  #connect(network: FlowNetwork, source: number, nodes: readonly number[], { people, places, kept }: Crowd): void {
    for (const inStretch of this.#byStretch(places).values()) {
      const stretch = network.node()
      network.arc(source, stretch, people * this.#mostInStretch(inStretch, kept))
      const byDay = Map.groupBy(inStretch, (place) => this.fitting.places[place]!.shift.day)
      for (const list of byDay.values()) {
        const day = network.node()
        network.arc(stretch, day, people * this.#most(list))
        for (const place of list) network.arc(day, nodes[place]!, people)
      }
    }
  }

  #byStretch(places: readonly number[]): Map<number, number[]> {
    const { fromDay } = this.fitting.problem.period
    return Map.groupBy(places, (place) => Math.floor((this.fitting.places[place]!.shift.day - fromDay) / this.#stretch))
  }

  /** The most of these places one person can take one after the other, rest between them. */
  #most(places: readonly number[]): number {
    const shifts = [...new Set(places.map((place) => this.fitting.places[place]!.shift))]
    const rests = this.rules.rests.filter((rest) => shifts.every((shift) => rest.sees(shift)))
    const spans = shifts.map((shift) => ({
      start: shift.startsAt,
      end: shift.endsAt + Math.max(0, ...rests.map((rest) => rest.after(shift))),
    }))
    spans.sort((a, b) => a.end - b.end)
    let count = 0
    let freeAt = Number.NEGATIVE_INFINITY
    for (const { start, end } of spans) {
      if (start < freeAt) continue
      count++
      freeAt = end
    }
    return count
  }

  #mostInStretch(places: readonly number[], kept: readonly Shift[]): number {
    const shifts = places.map((place) => this.fitting.places[place]!.shift)
    const perDay = Map.groupBy(places, (place) => this.fitting.places[place]!.shift.day)
    const busiest = Math.max(...[...perDay.values()].map((list) => this.#most(list)))
    const length = Math.max(...perDay.keys()) - Math.min(...perDay.keys()) + 1
    const inRow = this.rules.runs.filter(({ sees }) => shifts.every((shift) => sees(shift)))
    const days = inRow.map(({ max }) => (length - Math.floor(length / (max + 1))) * busiest)
    return Math.min(this.#most(places), ...days, ...this.#limits(shifts, kept))
  }

  #limits(shifts: readonly Shift[], kept: readonly Shift[]): number[] {
    const days = shifts.map(({ day }) => day)
    const [first, last] = [Math.min(...days), Math.max(...days)]
    const inside = kept.filter(({ day }) => day >= first && day <= last)
    return this.rules.limits.map(({ measure, max }) => {
      const size = ({ minutes }: Shift) => (measure === 'shifts' ? 1 : minutes)
      const held = inside.reduce((sum, shift) => sum + size(shift), 0)
      return Math.max(0, Math.floor((max - held) / Math.min(...shifts.map(size))))
    })
  }
}
