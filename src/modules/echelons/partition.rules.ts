import type { LocalDate } from '../../time/zones.ts'
import { type AgeBand, balanceByGrade, bandOf } from './echelons.rules.ts'
import type { Membership, MembershipRule } from './echelons.types.ts'
import { type HandEntry, isMemberOn, type Person, type SetFacts } from './memberships.rules.ts'

export type Pool = Omit<MembershipRule, 'age'> & { volunteerIds?: string[] | undefined }

/** What an organizer asks for, with the day filled in. */
export type Split = { on: LocalDate; pool: Pool } & (
  | { by: 'age'; bands: AgeBand[]; as: 'rules' | 'members' }
  | { by: 'grade'; seed: number }
)

/** How entries made by hand change: what ends on the day of the split, what goes, what is new. */
export interface EntryChanges {
  ended: HandEntry[]
  removed: HandEntry[]
  added: { echelonId: string; volunteerId: string }[]
}

/** The rules that say the same as the split, for each echelon in order. */
export const rulesOf = ({ pool }: Split, bands: AgeBand[]): MembershipRule[] =>
  bands.map((age) => {
    const { volunteerIds: _ids, ...traits } = pool
    return { age, ...traits } as MembershipRule
  })

/** Echelon of each person of the pool, by index; people who fit no band are left out. */
export function placesOf(
  split: Split,
  pool: Person[],
  echelons: SetFacts['echelons'],
  current: ReadonlyMap<string, string>,
): Map<string, number> {
  const indexOf = new Map(echelons.map((one, index) => [one.id, index]))
  if (split.by === 'grade') {
    const people = pool.map((one) => ({ ...one, current: indexOf.get(current.get(one.id) ?? '') ?? null }))
    return balanceByGrade(people, echelons.length, split.seed)
  }
  return new Map(
    pool.flatMap(({ id, birthOn }): [string, number][] => {
      const band = bandOf(split.bands, birthOn, split.on)
      return band === undefined ? [] : [[id, band]]
    }),
  )
}

/**
 * Entries that put everybody where they belong from `on` for good. Whatever was decided by hand about these people for
 * later days gives way; who is in the right echelon by an open entry keeps it.
 */
export function entryChanges(
  places: ReadonlyMap<string, number>,
  pool: Person[],
  echelons: SetFacts['echelons'],
  entries: HandEntry[],
  on: LocalDate,
): EntryChanges {
  const entriesOf = Map.groupBy(entries, (entry) => entry.volunteerId)
  const changes: EntryChanges = { ended: [], removed: [], added: [] }
  for (const { id: volunteerId } of pool) {
    const own = entriesOf.get(volunteerId) ?? []
    const place = places.get(volunteerId)
    const echelonId = place === undefined ? undefined : echelons[place]!.id
    const [only] = own
    const stays =
      own.length === 1 && only!.echelonId === echelonId && !only!.excluded && only!.fromOn <= on && only!.toOn === null
    if (stays) continue
    for (const entry of own) changes[entry.fromOn < on ? 'ended' : 'removed'].push(entry)
    if (echelonId) changes.added.push({ echelonId, volunteerId })
  }
  return changes
}

/** The entries as they would be afterwards. */
export function entriesAfter(entries: HandEntry[], changes: EntryChanges, setId: string, on: LocalDate): HandEntry[] {
  const ended = new Set(changes.ended)
  const removed = new Set(changes.removed)
  const added = changes.added.map((one, index) => ({
    ...one,
    id: `new-${index}`,
    setId,
    fromOn: on,
    toOn: null,
    excluded: false,
  }))
  const kept = entries.filter((one) => !removed.has(one)).map((one) => (ended.has(one) ? { ...one, toOn: on } : one))
  return [...kept, ...added]
}

/** Echelon of each member on a day. */
export const echelonsOn = (memberships: Membership[], on: LocalDate): Map<string, string> =>
  new Map(memberships.filter((one) => isMemberOn(one, on)).map((one) => [one.volunteerId, one.echelonId]))

const countBy = (values: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

/** Sizes before and after, grades after, and everybody who changes echelon, in the order of the people given. */
export function compareSplit(
  people: Person[],
  echelons: SetFacts['echelons'],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
) {
  const sizeBefore = countBy(before.values())
  const sizeAfter = countBy(after.values())
  return {
    echelons: echelons.map(({ id }) => ({
      id,
      before: sizeBefore[id] ?? 0,
      after: sizeAfter[id] ?? 0,
      grades: countBy(people.filter((one) => after.get(one.id) === id).map((one) => one.grade ?? '')),
    })),
    moves: people
      .filter(({ id }) => before.get(id) !== after.get(id))
      .map(({ id, displayName }) => ({
        volunteerId: id,
        displayName,
        fromEchelonId: before.get(id) ?? null,
        toEchelonId: after.get(id) ?? null,
      })),
  }
}
