/** Parts of a duty problem that have nothing to do with each other: no person could serve in two of them. */
import type { Problem } from '../../src/solver/index.ts'
import type { Fitting } from './fitting.ts'

export function componentsOf(fitting: Fitting): Problem[] {
  const { problem, places } = fitting
  const sets = new DisjointSets()
  const join = (names: string[]) => {
    for (const name of names) sets.join(names[0]!, name)
  }
  for (const person of problem.people) {
    join([`person ${person.id}`, ...fitting.placesFor(person).map((place) => `shift ${places[place]!.shift.id}`)])
  }
  for (const { personIds } of problem.crews ?? []) join(personIds.map((id) => `person ${id}`))
  for (const { slotIds } of problem.links ?? []) {
    join(slotIds.map((id) => `shift ${places[fitting.placeOf.get(id)!]!.shift.id}`))
  }
  const byRoot = <T>(list: readonly T[], nameOf: (one: T) => string) =>
    Map.groupBy(list, (one) => sets.root(nameOf(one)))
  const people = byRoot(problem.people, ({ id }) => `person ${id}`)
  const crews = byRoot(problem.crews ?? [], ({ personIds }) => `person ${personIds[0]}`)
  const slots = byRoot(problem.slots, ({ shiftId }) => `shift ${shiftId}`)
  const shifts = byRoot(problem.shifts, ({ id }) => `shift ${id}`)
  const published = byRoot(problem.published ?? [], ({ personId }) => `person ${personId}`)
  const shiftOf = new Map(problem.slots.map(({ id, shiftId }) => [id, shiftId]))
  const links = byRoot(problem.links ?? [], ({ slotIds }) => `shift ${shiftOf.get(slotIds[0]!)}`)
  return [...slots.keys()].map((root) => ({
    ...problem,
    people: people.get(root) ?? [],
    shifts: shifts.get(root)!,
    slots: slots.get(root)!,
    crews: crews.get(root) ?? [],
    links: links.get(root) ?? [],
    published: published.get(root) ?? [],
  }))
}

class DisjointSets {
  readonly #above = new Map<string, string>()

  root(name: string): string {
    let top = name
    for (let above = this.#above.get(top); above !== undefined; above = this.#above.get(top)) top = above
    if (top !== name) this.#above.set(name, top)
    return top
  }

  join(a: string, b: string): void {
    const [one, other] = [this.root(a), this.root(b)]
    if (one !== other) this.#above.set(other, one)
  }
}
