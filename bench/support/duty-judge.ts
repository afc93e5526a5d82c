/** Judges a duty roster by code of its own: cover, what it breaks, how even it is. Nothing of the engine is used. */
import type { Assignment, Person, Problem, Shift, SlotNeed } from '../../src/solver/index.ts'
import { type DutyRules, type Fairness, readRules } from './duty-rules.ts'
import { Fitting, isFree, isHeldBy } from './fitting.ts'

export interface DutyVerdict {
  /** Seats filled and seats there are, by need. */
  filled: Partial<Record<SlotNeed, number>>
  seats: Partial<Record<SlotNeed, number>>
  /** How often each hard rule is broken; rules that are kept are not named. */
  breaches: Record<string, number>
  /** Hours between the most and the least loaded of each echelon that relieves another. */
  spreadHours: Record<string, number>
  /** Squared hours, nights and weekends away from the fair share, weighted as the rules say. */
  justice: number
  /** What tiers and distances cost. */
  wishes: number
}

const HOUR = 60
const total = (numbers: number[]): number => numbers.reduce((sum, number) => sum + number, 0)

export function judgeDuty(problem: Problem, assignments: readonly Assignment[]): DutyVerdict {
  const judge = new Judge(problem)
  judge.lookAtPairs(assignments)
  judge.lookAtPeople()
  judge.lookAtShifts(assignments)
  return judge.verdict()
}

/** Shifts of one person in order of time; those that break a rule of time, counted by rule. */
export function timeBreaches(rules: DutyRules, shifts: readonly Shift[]): Record<string, number> {
  const found: Record<string, number> = {}
  const count = (rule: string) => {
    found[rule] = (found[rule] ?? 0) + 1
  }
  shifts.forEach((later, j) => {
    for (const earlier of shifts.slice(0, j)) {
      const gap = later.startsAt - earlier.endsAt
      if (gap < 0) count('no-overlap')
      else if (rules.rests.some((rest) => rest.sees(earlier) && rest.sees(later) && gap < rest.after(earlier)))
        count('minimum-rest')
    }
  })
  for (const { measure, days, max } of rules.limits) {
    for (const { day } of shifts) {
      const inWindow = shifts.filter((shift) => shift.day >= day && shift.day < day + days)
      const load = total(inWindow.map(({ minutes }) => (measure === 'shifts' ? 1 : minutes)))
      if (load > max) count('load-limit')
    }
  }
  for (const { sees, max } of rules.runs) {
    const days = new Set(shifts.filter((shift) => sees(shift)).map(({ day }) => day))
    for (const first of days) {
      let length = 0
      while (days.has(first + length)) length++
      if (!days.has(first - 1) && length > max) count('consecutive-days')
    }
  }
  return found
}

const KINDS = ['rotation', 'crew', 'specialist', 'reserve']

/** The group whose load a person shares: a rotation before a crew before the others; undefined for none. */
export function fairSetOf({ groups = [] }: Person, within: Fairness['within']): string | undefined {
  if (within === 'all') return 'all'
  const rank = (kind: string | undefined) => (kind ? KINDS.indexOf(kind) : KINDS.length)
  return [...groups].sort((a, b) => rank(a.kind) - rank(b.kind))[0]?.id
}

export function kilometres(person: Person, shift: Shift): number {
  if (!person.home || !shift.location) return 0
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const [a, b] = [person.home, shift.location]
  const inner =
    Math.sin(rad(a.latitude)) * Math.sin(rad(b.latitude)) +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.cos(rad(a.longitude - b.longitude))
  return Math.acos(Math.min(1, inner)) * 6371.0088
}

/** What the assignment costs by itself: tier and distance. */
export function wishCost(rules: DutyRules, person: Person, shift: Shift, groups: string[] | undefined): number {
  const tiers = (person.groups ?? []).filter(({ id }) => !groups || groups.includes(id)).map(({ tier = 0 }) => tier)
  const tier = tiers.length === 0 ? 0 : Math.min(...tiers)
  const beyond = rules.near ? Math.ceil(Math.max(0, kilometres(person, shift) - rules.near.kilometres)) : 0
  return tier * rules.tierWeight + beyond * (rules.near?.weight ?? 0)
}

class Judge {
  readonly #problem: Problem
  readonly #rules: DutyRules
  readonly #fitting: Fitting
  readonly #people: Map<string, Person>
  readonly #shifts = new Map<string, Shift[]>()
  readonly #breaches: Record<string, number> = {}
  readonly #seats: DutyVerdict['seats'] = {}
  readonly #filled: DutyVerdict['filled'] = {}
  #wishes = 0

  constructor(problem: Problem) {
    this.#problem = problem
    this.#rules = readRules(problem)
    this.#fitting = new Fitting(problem)
    this.#people = new Map(problem.people.map((person) => [person.id, person]))
    for (const { need, seats } of this.#fitting.places) this.#seats[need] = (this.#seats[need] ?? 0) + seats
  }

  /** Requirement, absence, seats there are. */
  lookAtPairs(assignments: readonly Assignment[]): void {
    const free = new Map<string, number>()
    for (const { slotIds } of this.#fitting.places) for (const id of slotIds) free.set(id, (free.get(id) ?? 0) + 1)
    for (const { personId, slotId } of assignments) {
      const person = this.#people.get(personId)
      const place = this.#fitting.places[this.#fitting.placeOf.get(slotId) ?? -1]
      if (!person || !place) throw new TypeError(`Nobody knows ${personId} or ${slotId}.`)
      const { shift, need, requirement } = place
      if (!isHeldBy(person, requirement)) this.#count('requirement')
      if (!isFree(person, shift)) this.#count('absence')
      if (free.get(slotId) === 0) this.#count('seats')
      else this.#filled[need] = (this.#filled[need] ?? 0) + 1
      free.set(slotId, Math.max(0, free.get(slotId)! - 1))
      this.#wishes += wishCost(this.#rules, person, shift, requirement.groups)
      this.#shifts.set(personId, [...(this.#shifts.get(personId) ?? []), shift])
    }
    for (const list of this.#shifts.values()) list.sort((a, b) => a.startsAt - b.startsAt)
  }

  lookAtPeople(): void {
    for (const shifts of this.#shifts.values()) {
      for (const [rule, times] of Object.entries(timeBreaches(this.#rules, shifts))) this.#count(rule, times)
    }
  }

  /** Mixes, teams, linked slots. */
  lookAtShifts(assignments: readonly Assignment[]): void {
    const shiftIdOf = new Map(this.#problem.slots.map((slot) => [slot.id, slot.shiftId]))
    const present = Map.groupBy(assignments, ({ slotId }) => shiftIdOf.get(slotId)!)
    const seats = Map.groupBy(this.#fitting.places, ({ shift }) => shift.id)
    for (const shift of this.#problem.shifts) {
      const ids = (present.get(shift.id) ?? []).map(({ personId }) => personId)
      const all = total((seats.get(shift.id) ?? []).map((place) => place.seats))
      for (const mix of this.#rules.mixes.filter(({ sees }) => sees(shift))) {
        const others = ids.filter((id) => !mix.matches(this.#people.get(id)!)).length
        if (others > all - mix.min) this.#count('mix')
      }
      if (this.#rules.wholeTeams?.(shift)) this.#lookAtTeams(new Set(ids))
    }
    if (!this.#rules.hasLinks) return
    const holders = Map.groupBy(assignments, ({ slotId }) => slotId)
    for (const { slotIds } of this.#problem.links ?? []) {
      const people = new Set(slotIds.flatMap((id) => (holders.get(id) ?? []).map(({ personId }) => personId)))
      if (people.size > 1) this.#count('linked-slots')
    }
  }

  #lookAtTeams(present: Set<string>): void {
    for (const { personIds } of this.#problem.crews ?? []) {
      const here = personIds.filter((id) => present.has(id)).length
      if (here > 0 && here < personIds.length) this.#count('crew-whole')
    }
  }

  #count(rule: string, times = 1): void {
    this.#breaches[rule] = (this.#breaches[rule] ?? 0) + times
  }

  verdict(): DutyVerdict {
    const justice = total(this.#rules.fairness.map((rule) => rule.weight * this.#unevenness(rule)))
    return {
      filled: this.#filled,
      seats: this.#seats,
      breaches: this.#breaches,
      spreadHours: this.#spreads(),
      justice,
      wishes: this.#wishes,
    }
  }

  #unevenness({ sizeOf, carriedBy, within }: Fairness): number {
    const sets = Map.groupBy(this.#problem.people, (person) => fairSetOf(person, within))
    let sum = 0
    for (const [set, people] of sets) {
      if (set === undefined) continue
      const loads = people.map((person) => carriedBy(person) + total(this.#shiftsOf(person).map(sizeOf)))
      const mean = total(loads) / loads.length
      for (const load of loads) sum += (load - mean) ** 2
    }
    return sum
  }

  #shiftsOf({ id }: Person): Shift[] {
    return this.#shifts.get(id) ?? []
  }

  #spreads(): Record<string, number> {
    const loads = new Map<string, number[]>()
    for (const person of this.#problem.people) {
      const hours = total(this.#shiftsOf(person).map(({ minutes }) => minutes)) / HOUR
      for (const { id, kind } of person.groups ?? []) {
        if (kind !== 'rotation') continue
        loads.set(id, [...(loads.get(id) ?? []), hours])
      }
    }
    return Object.fromEntries([...loads].map(([id, list]) => [id, Math.max(...list) - Math.min(...list)]))
  }
}
