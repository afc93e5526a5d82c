import type { GroupMembership, Person } from '../../solver/index.ts'
import { atTime, wallToInstant } from '../../time/zones.ts'
import type { CrewPlace } from '../crews/crews.types.ts'
import type { Membership } from '../echelons/echelons.types.ts'
import type { VolunteerFacts } from '../volunteers/volunteers.facts.ts'
import type { ProblemNames } from './problem.names.ts'
import { minuteNumber } from './roster-rules.params.ts'

export interface PeopleFacts {
  facts: Map<string, VolunteerFacts>
  memberships: Membership[]
  /** Of people who are in none of the sets above, their places in the sets that are called when seats are empty. */
  reserves: Membership[]
  crewPlaces: CrewPlace[]
  /** Units that slots are staffed from as a whole: path by name of the group. */
  unitGroups: Map<string, string>
  names: ProblemNames
  zone: string
  /** Facts were read for this time. */
  window: { from: Date; to: Date }
}

const byPerson = <T extends { volunteerId: string }>(rows: T[]) => Map.groupBy(rows, (row) => row.volunteerId)

/** People as the engine sees them, in the order of their ids; what is expected of each is counted apart. */
export function toPeople(given: PeopleFacts): Person[] {
  const memberships = byPerson(given.memberships)
  const reserves = byPerson(given.reserves)
  const crewPlaces = byPerson(given.crewPlaces)
  return [...given.facts.values()]
    .sort((a, b) => (a.row.id < b.row.id ? -1 : 1))
    .map((facts) => {
      const { id } = facts.row
      const places = memberships.get(id) ?? reserves.get(id) ?? []
      return toPerson(given, facts, places, crewPlaces.get(id) ?? [])
    })
}

function toPerson(given: PeopleFacts, facts: VolunteerFacts, places: Membership[], crewPlaces: CrewPlace[]): Person {
  const { row, unitPath } = facts
  const { names, zone } = given
  const midnight = (day: string | null) =>
    day === null ? null : minuteNumber(wallToInstant(atTime(day, '00:00'), zone, 'start'))
  const joinedAt = midnight(row.joinedOn)
  const heldAs = ({ id, validFrom, validTo }: VolunteerFacts['qualifications'][number]) => ({
    id: names.qualification(id),
    from: midnight(validFrom),
    to: midnight(validTo),
  })
  const clearances = facts.qualifications.filter(({ id }) => names.isClearance(id))
  return {
    id: row.id,
    name: row.displayName,
    personClass: row.personClass,
    ...(row.grade !== null && { grade: row.grade }),
    unitPath: names.unitPath(unitPath),
    languages: row.languages,
    // All of them, as filters of rules mean them; what seats ask for is told apart.
    qualifications: facts.qualifications.map(heldAs),
    ...(clearances.length > 0 && { clearances: clearances.map(heldAs) }),
    ...(row.home && { home: row.home }),
    groups: [
      ...places.map(
        (one): GroupMembership => ({
          id: names.echelon(one.echelonId),
          kind: one.kind,
          // Echelons that relieve each other are equals; of the others the first is called first.
          tier: one.kind === 'rotation' ? 0 : one.position - 1,
          from: midnight(one.fromOn),
          to: midnight(one.toOn),
        }),
      ),
      ...crewPlaces.map(
        (one): GroupMembership => ({
          id: names.crew(one.crewId),
          kind: 'crew',
          from: midnight(one.fromOn),
          to: midnight(one.toOn),
        }),
      ),
      ...[...given.unitGroups].filter(([, path]) => unitPath.startsWith(path)).map(([id]) => ({ id })),
    ],
    availability: facts.availability.map(({ kind, startsAt, endsAt }) => ({
      kind,
      start: minuteNumber(startsAt),
      end: minuteNumber(endsAt),
    })),
    absences: absencesOf(given, facts, joinedAt, midnight(row.leftOn)),
    joinedAt,
  }
}

function absencesOf({ window }: PeopleFacts, facts: VolunteerFacts, joinedAt: number | null, leftAt: number | null) {
  const first = minuteNumber(window.from)
  const last = minuteNumber(window.to)
  return [
    ...facts.absences.map(({ kind, startsAt, endsAt }) => ({
      start: minuteNumber(startsAt),
      end: minuteNumber(endsAt),
      reason: kind as string,
    })),
    ...(joinedAt !== null && joinedAt > first ? [{ start: first, end: joinedAt, reason: 'not yet joined' }] : []),
    ...(leftAt !== null && leftAt < last ? [{ start: Math.min(leftAt, last - 1), end: last, reason: 'has left' }] : []),
  ]
}
