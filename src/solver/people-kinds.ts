import type { CompiledPair, Plan } from './checks.ts'
import type { Held, Person, Requirement } from './types.ts'

/** People whom no requirement rule can tell apart, the times their papers and memberships hold left aside. */
export class PeopleKinds {
  /** Kind of each person. */
  readonly of: Int32Array
  readonly people: number[][] = []
  /** Papers or memberships of this kind begin or end at some time: single people must be asked about single slots. */
  readonly isBounded: boolean[] = []
  /** The checks with one person of each kind in the place of all people, whatever they hold held for ever. */
  readonly checks: CompiledPair[]
  readonly #all: number[]
  readonly #byGroup: Map<string, number[]> | undefined
  readonly #byUnit: Map<string, number[]> | undefined

  constructor({ model }: Plan, checks: CompiledPair[]) {
    const kinds = new Map<string, number>()
    const scoped = checks.filter((check) => check.people)
    const examples: Person[] = []
    this.of = Int32Array.from(model.people, (person, i) => {
      const example = timeless(person)
      const isBounded = heldBy(person).some((held) => held.from != null || held.to != null)
      const { qualifications, clearances, groups, languages, grade, personClass, unitPath } = example
      const scopes = scoped.map((check) => check.people![i])
      const held = [qualifications, clearances, groups, isBounded]
      const key = JSON.stringify([...held, languages, grade, personClass, unitPath, scopes])
      const kind = kinds.get(key) ?? kinds.size
      if (kind === kinds.size) {
        kinds.set(key, kind)
        examples.push(example)
        this.people.push([])
        this.isBounded.push(isBounded)
      }
      this.people[kind]!.push(i)
      return kind
    })
    const one = { ...model, people: examples }
    this.checks = checks.flatMap((check): CompiledPair[] => {
      const about = check.people && Uint8Array.from(this.people, ([first]) => check.people![first!]!)
      const { definition, rule } = check
      return definition.on === 'pair' ? [{ ...check, people: about, pair: definition.compile(one, rule) }] : []
    })
    this.#all = examples.map((_person, kind) => kind)
    const isAsked = (name: string) => checks.some(({ rule, people }) => rule.rule === name && !people)
    this.#byGroup = isAsked('echelon-on-turn')
      ? indexBy(examples, ({ groups = [] }) => groups.map(({ id }) => id))
      : undefined
    this.#byUnit = isAsked('unit') ? indexBy(examples, ({ unitPath }) => unitsAbove(unitPath)) : undefined
  }

  /** Kinds worth asking: where a requirement names groups or units, those that belong to one; all others fail it anyway. */
  toAsk({ groups, units }: Requirement = {}): Iterable<number> {
    if (groups && this.#byGroup) return among(this.#byGroup, groups)
    if (units && units.length > 0 && this.#byUnit) return among(this.#byUnit, units)
    return this.#all
  }
}

function indexBy(people: Person[], namesOf: (person: Person) => string[]): Map<string, number[]> {
  const index = new Map<string, number[]>()
  people.forEach((person, kind) => {
    for (const name of namesOf(person)) {
      const list = index.get(name)
      if (list) list.push(kind)
      else index.set(name, [kind])
    }
  })
  return index
}

const among = (index: Map<string, number[]>, names: string[]): Iterable<number> =>
  new Set(names.flatMap((name) => index.get(name) ?? []))

/** 'a/b/c' lies in 'a', 'a/b' and 'a/b/c'. */
const unitsAbove = (path: string | undefined): string[] =>
  path === undefined ? [] : path.split('/').map((_part, i, parts) => parts.slice(0, i + 1).join('/'))

const heldBy = ({ qualifications = [], clearances = [], groups = [] }: Person): Held[] => [
  ...qualifications,
  ...clearances,
  ...groups,
]

const forEver = <H extends Held>(held: H[] | undefined): H[] | undefined =>
  held?.map((one) => ({ ...one, from: null, to: null }))

const timeless = (person: Person): Person => ({
  ...person,
  qualifications: forEver(person.qualifications),
  clearances: forEver(person.clearances),
  groups: forEver(person.groups),
})
