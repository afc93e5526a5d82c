/** Who could take which seat at all: requirement, absence and time that is not offered, by code of the bench's own. */
import type { Person, Problem, Requirement, Shift, SlotNeed } from '../../src/solver/index.ts'

/** Seats of one shift that nothing tells apart. Linked slots are places of their own. */
export interface Place {
  shift: Shift
  role: string
  need: SlotNeed
  seats: number
  /** Ids of the slots, each as often as it has seats. */
  slotIds: string[]
  requirement: Requirement
}

export const isHeldBy = (person: Person, requirement: Requirement): boolean => {
  const { groups, units, grades, personClasses, qualifications, clearances, languages } = requirement
  const isOne = (list: string[] | undefined, value: string | undefined) =>
    !list || list.length === 0 || (value !== undefined && list.includes(value))
  const hasAll = (list: string[] | undefined, held: string[]) => (list ?? []).every((id) => held.includes(id))
  const ids = (held: { id: string }[] | undefined) => (held ?? []).map(({ id }) => id)
  const isWithin = (unit: string) => `${person.unitPath ?? ''}/`.startsWith(`${unit}/`)
  return (
    (!groups || groups.some((id) => person.groups?.some((group) => group.id === id))) &&
    (!units || units.length === 0 || units.some(isWithin)) &&
    isOne(grades, person.grade) &&
    isOne(personClasses, person.personClass) &&
    hasAll(qualifications, ids(person.qualifications)) &&
    hasAll(clearances, ids(person.clearances)) &&
    hasAll(languages, person.languages ?? [])
  )
}

export const isFree = (person: Person, shift: Shift): boolean =>
  [...(person.absences ?? []), ...(person.availability ?? [])].every(
    ({ start, end }) => end <= shift.startsAt || shift.endsAt <= start,
  )

export class Fitting {
  readonly problem: Problem
  readonly places: Place[] = []
  /** Place of each slot, by its id. */
  readonly placeOf = new Map<string, number>()
  readonly shiftOf: Map<string, Shift>
  readonly #placesOfClass: { requirement: Requirement; places: number[] }[]
  readonly #ofKind = new Map<string, readonly number[]>()
  readonly #lists = new Map<string, readonly number[]>()

  constructor(problem: Problem) {
    this.problem = problem
    this.shiftOf = new Map(problem.shifts.map((shift) => [shift.id, shift]))
    const linked = new Set((problem.links ?? []).flatMap(({ slotIds }) => slotIds))
    const known = new Map<string, number>()
    for (const { id, shiftId, role, need, seats = 1, requirement = {} } of problem.slots) {
      const key = linked.has(id) ? id : JSON.stringify([shiftId, role, need, requirement])
      if (!known.has(key)) {
        known.set(key, this.places.length)
        this.places.push({ shift: this.shiftOf.get(shiftId)!, role, need, seats: 0, slotIds: [], requirement })
      }
      const place = known.get(key)!
      this.placeOf.set(id, place)
      this.places[place]!.seats += seats
      for (let seat = 0; seat < seats; seat++) this.places[place]!.slotIds.push(id)
    }
    const classes = Map.groupBy(this.places.keys(), (place) => JSON.stringify(this.places[place]!.requirement))
    this.#placesOfClass = [...classes.values()].map((places) => {
      return { requirement: this.places[places[0]!]!.requirement, places: [...places] }
    })
  }

  /** Places whose requirement the person meets, in order; people alike are given the same list. */
  meets(person: Person): readonly number[] {
    const { groups, unitPath, grade, personClass, qualifications, clearances, languages } = person
    const kind = JSON.stringify([groups, unitPath, grade, personClass, qualifications, clearances, languages])
    const known = this.#ofKind.get(kind)
    if (known) return known
    const met = this.#placesOfClass.filter(({ requirement }) => isHeldBy(person, requirement))
    const places = met.flatMap((one) => one.places).sort((a, b) => a - b)
    const key = places.join()
    const list = this.#lists.get(key) ?? places
    this.#lists.set(key, list)
    this.#ofKind.set(kind, list)
    return list
  }

  /** Places the person could take if nothing else were assigned. */
  placesFor(person: Person): readonly number[] {
    const met = this.meets(person)
    if (!person.absences && !person.availability) return met
    return met.filter((place) => isFree(person, this.places[place]!.shift))
  }
}
