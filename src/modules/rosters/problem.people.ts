import { decayedLoad, type GroupMembership, type Person, targetShare } from '../../solver/index.ts'
import type { PastLoad } from '../../solver/shares.ts'
import { intersectAll, isEmpty, minutesOf } from '../../time/intervals.ts'
import { addLocalDays, atTime, wallToInstant } from '../../time/zones.ts'
import type { CrewPlace } from '../crews/crews.types.ts'
import type { Membership } from '../echelons/echelons.types.ts'
import type { VolunteerFacts } from '../volunteers/volunteers.facts.ts'
import type { ProblemNames } from './problem.names.ts'
import { dayNumber, minuteNumber } from './roster-rules.params.ts'

export interface Served {
  volunteerId: string
  localDay: string
  minutes: number
  nightMinutes: number
  weekendMinutes: number
  holidayMinutes: number
}

/** How far back the ledger counts, and after how long a line counts half. */
export const CARRIED_DAYS = 90
const HALF_LIFE_DAYS = 30
const DAY_MINUTES = 1440

export interface PeopleFacts {
  facts: Map<string, VolunteerFacts>
  memberships: Membership[]
  /** Of people who are in none of the sets above, their places in the sets that are called when seats are empty. */
  reserves: Membership[]
  crewPlaces: CrewPlace[]
  served: Served[]
  /** Units that slots are staffed from as a whole: path by name of the group. */
  unitGroups: Map<string, string>
  names: ProblemNames
  zone: string
  period: { startsAt: Date; endsAt: Date; fromOn: string }
  /** Facts were read for this time. */
  window: { from: Date; to: Date }
}

const byPerson = <T extends { volunteerId: string }>(rows: T[]) => Map.groupBy(rows, (row) => row.volunteerId)

/** People as the engine sees them, in the order of their ids. */
export function toPeople(given: PeopleFacts): Person[] {
  const memberships = byPerson(given.memberships)
  const reserves = byPerson(given.reserves)
  const crewPlaces = byPerson(given.crewPlaces)
  const served = byPerson(given.served)
  return [...given.facts.values()]
    .sort((a, b) => (a.row.id < b.row.id ? -1 : 1))
    .map((facts) => {
      const { id } = facts.row
      const places = memberships.get(id) ?? reserves.get(id) ?? []
      return toPerson(given, facts, places, crewPlaces.get(id) ?? [], served.get(id) ?? [])
    })
}

function toPerson(
  given: PeopleFacts,
  facts: VolunteerFacts,
  places: Membership[],
  crewPlaces: CrewPlace[],
  served: Served[],
): Person {
  const { row, unitPath } = facts
  const { names, zone } = given
  const midnight = (day: string | null) =>
    day === null ? null : minuteNumber(wallToInstant(atTime(day, '00:00'), zone, 'start'))
  const joinedAt = midnight(row.joinedOn)
  return {
    id: row.id,
    name: row.displayName,
    personClass: row.personClass,
    ...(row.grade !== null && { grade: row.grade }),
    unitPath: names.unitPath(unitPath),
    languages: row.languages,
    qualifications: facts.qualifications.map((one) => ({
      id: names.qualification(one.id),
      from: midnight(one.validFrom),
      to: midnight(one.validTo),
    })),
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
    share: shareOf(given, facts, joinedAt),
    carriedIn: carriedIn(given, served),
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

function shareOf({ period }: PeopleFacts, facts: VolunteerFacts, joinedAt: number | null): number {
  const away = intersectAll(facts.absences, [period]).reduce((sum, one) => sum + minutesOf(one), 0)
  const length = isEmpty(period) ? 1 : minutesOf(period)
  return targetShare({
    availableFraction: 1 - away / length,
    weight: facts.row.share,
    joinedAt,
    window: { start: minuteNumber(period.startsAt), end: minuteNumber(period.endsAt) },
  })
}

function carriedIn({ period }: PeopleFacts, served: Served[]): Person['carriedIn'] {
  const at = dayNumber(period.fromOn) * DAY_MINUTES
  const lines = served.flatMap(({ localDay, ...minutes }): PastLoad[] =>
    (['minutes', 'nightMinutes', 'weekendMinutes', 'holidayMinutes'] as const).map((measure) => ({
      measure,
      amount: minutes[measure],
      at: dayNumber(localDay) * DAY_MINUTES,
    })),
  )
  const loads = Object.entries(decayedLoad(lines, at, HALF_LIFE_DAYS))
  return Object.fromEntries(loads.map(([measure, load]) => [measure, Math.round(load)]))
}

export const carriedFrom = (fromOn: string): string => addLocalDays(fromOn, -CARRIED_DAYS)
