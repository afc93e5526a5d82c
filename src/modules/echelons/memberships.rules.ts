import { isLocalDate, type LocalDate } from '../../time/zones.ts'
import { BEGINNING, type DateSpan, END, intersectSpans, mergeSpans, subtractSpans, toSpan } from './date-spans.ts'
import type { EchelonKind, Membership, MembershipRule } from './echelons.types.ts'

export interface Person {
  id: string
  displayName: string
  unitPath: string
  birthOn: LocalDate | null
  grade: string | null
  personClass: string
  joinedOn: LocalDate | null
  leftOn: LocalDate | null
  /** What the rules at hand ask for; `validTo` is the first day without. */
  held: { id: string; validFrom: LocalDate | null; validTo: LocalDate | null }[]
}

export interface SetFacts {
  id: string
  kind: EchelonKind
  unitPath: string
  /** In the order of their positions. */
  echelons: { id: string; position: number; rule: MembershipRule | null }[]
}

export interface HandEntry {
  id: string
  setId: string
  echelonId: string
  volunteerId: string
  fromOn: LocalDate
  toOn: LocalDate | null
  excluded: boolean
}

/** Where units hang in the tree, for the units that rules name. */
export type Paths = ReadonlyMap<string, string>

/** First day on which somebody is `age` years old; who was born on 29 February waits for 1 March of a common year. */
export function dayOfAge(birthOn: LocalDate, age: number): LocalDate {
  const day = `${String(Number(birthOn.slice(0, 4)) + age).padStart(4, '0')}${birthOn.slice(4)}`
  return isLocalDate(day) ? day : `${day.slice(0, 4)}-03-01`
}

/** Days on which a person is what the rule asks for. */
export function spansByRule(rule: MembershipRule, person: Person, paths: Paths): DateSpan[] {
  const { age, unitIds, grades, personClasses, qualificationIds = [] } = rule
  if (unitIds && !unitIds.some((id) => isBelow(person.unitPath, paths.get(id)))) return []
  if (grades && !(person.grade !== null && grades.includes(person.grade))) return []
  if (personClasses && !personClasses.some((one) => one === person.personClass)) return []
  if (age && person.birthOn === null) return []
  const ofAge = {
    from: age?.from === undefined ? BEGINNING : dayOfAge(person.birthOn!, age.from),
    to: age?.to === undefined ? END : dayOfAge(person.birthOn!, age.to + 1),
  }
  return qualificationIds.reduce(
    (spans, id) => {
      const held = person.held.filter((one) => one.id === id).map((one) => toSpan(one.validFrom, one.validTo))
      return intersectSpans(spans, mergeSpans(held))
    },
    [ofAge],
  )
}

const isBelow = (path: string, ancestor: string | undefined) => ancestor !== undefined && path.startsWith(ancestor)

/**
 * Who belongs to which echelon of a set, and when. People live in the set's unit or below it and are members only while
 * they serve. What was decided by hand goes before the rules, of the rules the one of the first echelon goes before the
 * others: nobody is in two echelons of a set on the same day.
 */
export function membershipsOf(set: SetFacts, people: Person[], entries: HandEntry[], paths: Paths): Membership[] {
  const entriesOf = Map.groupBy(entries, (entry) => entry.volunteerId)
  return people
    .filter((person) => isBelow(person.unitPath, set.unitPath))
    .flatMap((person) => membershipsOfPerson(set, person, entriesOf.get(person.id) ?? [], paths))
}

function membershipsOfPerson(set: SetFacts, person: Person, entries: HandEntry[], paths: Paths): Membership[] {
  const serving = [toSpan(person.joinedOn, person.leftOn)]
  const spanOf = (entry: HandEntry) => toSpan(entry.fromOn, entry.toOn)
  const taken = entries.filter((entry) => !entry.excluded).map(spanOf)
  return set.echelons.flatMap((echelon) => {
    const own = entries.filter((entry) => entry.echelonId === echelon.id)
    const excluded = own.filter((entry) => entry.excluded).map(spanOf)
    const allowed = subtractSpans(serving, excluded)
    const base = { setId: set.id, kind: set.kind, echelonId: echelon.id, position: echelon.position }
    const toMembership = (span: DateSpan, source: Membership['source'], entryId: string | null): Membership => ({
      ...base,
      volunteerId: person.id,
      fromOn: span.from === BEGINNING ? null : span.from,
      toOn: span.to === END ? null : span.to,
      source,
      entryId,
    })
    const byHand = own
      .filter((entry) => !entry.excluded)
      .flatMap((entry) => intersectSpans([spanOf(entry)], allowed).map((span) => toMembership(span, 'hand', entry.id)))
    const fitting = echelon.rule ? spansByRule(echelon.rule, person, paths) : []
    const byRule = subtractSpans(intersectSpans(fitting, allowed), taken)
    taken.push(...byRule)
    return [...byHand, ...byRule.map((span) => toMembership(span, 'rule', null))]
  })
}

/** Those that touch the window; an end that lies outside it, or on its edge, is null. */
export const cutTo = (memberships: Membership[], fromOn: LocalDate, toOn: LocalDate): Membership[] =>
  memberships
    .filter((one) => (one.fromOn ?? BEGINNING) < toOn && (one.toOn ?? END) > fromOn)
    .map((one) => ({
      ...one,
      fromOn: one.fromOn !== null && one.fromOn > fromOn ? one.fromOn : null,
      toOn: one.toOn !== null && one.toOn < toOn ? one.toOn : null,
    }))

export const isMemberOn = (one: Membership, day: LocalDate): boolean =>
  (one.fromOn ?? BEGINNING) <= day && day < (one.toOn ?? END)
