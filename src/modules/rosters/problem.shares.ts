import { weekdayOf } from '../../solver/calendar.ts'
import {
  carriedLoad,
  type DutyFacts,
  type HistoryDuty,
  type Measure,
  type Person,
  type Problem,
  partOf,
  presentPart,
  type Span,
  servable,
} from '../../solver/index.ts'
import { countsMinutes } from '../../solver/rules/measure.ts'
import { decay, type OpenDuty, type PastDay, type ServedDuty } from '../../solver/shares.ts'
import { type Interval, minutesBetween } from '../../time/intervals.ts'
import { addLocalDays, atTime, wallToInstant } from '../../time/zones.ts'
import { dayNumber, minuteNumber } from './roster-rules.params.ts'

/** How far back the ledger counts, and after how long a duty counts half. */
const CARRIED_DAYS = 90
const HALF_LIFE_DAYS = 30
/** Measures of which somebody may be able to serve another part than of the rest. */
const TOLD_APART = [
  'nightMinutes',
  'nights',
  'weekendMinutes',
  'weekends',
  'weekendShifts',
  'holidayMinutes',
  'holidays',
] as const
const ALWAYS = Number.NEGATIVE_INFINITY

export const carriedFrom = (fromOn: string): string => addLocalDays(fromOn, -CARRIED_DAYS)

/** How and when somebody came to a duty. */
interface Coming {
  source: string
  createdAt: Date
}

/** Called, or planned, so late before the start that whoever withdrew then would withdraw late. */
export const isShortNotice = ({ source, createdAt }: Coming, duty: Interval, lateMinutes: number): boolean =>
  (source === 'cascade' || source === 'roster') &&
  createdAt < duty.endsAt &&
  minutesBetween(createdAt, duty.startsAt) < lateMinutes

/** One duty as it stands in the ledger; minutes are 0 where all was taken back. */
export interface BookedDuty extends Coming, Interval {
  assignmentId: string
  volunteerId: string
  localDay: string
  minutes: number
  nightMinutes: number
  weekendMinutes: number
  holidayMinutes: number
}

/** A duty that somebody brings into the period. */
export type CarriedDuty = ServedDuty & { personId: string }

/**
 * What was served before the period, in order of days: as booked and, where nothing is booked of it yet, as planned;
 * rosters are made before those before them are over.
 */
export function carriedDuties(
  booked: BookedDuty[],
  planned: (HistoryDuty & { assignmentId: string })[],
  fromOn: string,
  lateMinutes: number,
): CarriedDuty[] {
  const known = new Set(booked.map((one) => one.assignmentId))
  const fromDay = dayNumber(fromOn)
  const isCarried = ({ day }: HistoryDuty) => day < fromDay && day >= fromDay - CARRIED_DAYS
  return [
    ...booked
      .filter((one) => one.minutes > 0)
      .map(({ volunteerId, localDay, ...duty }) => ({
        personId: volunteerId,
        day: dayNumber(localDay),
        minutes: duty.minutes,
        nightMinutes: duty.nightMinutes,
        weekendMinutes: duty.weekendMinutes,
        holidayMinutes: duty.holidayMinutes,
        shortNotice: isShortNotice(duty, duty, lateMinutes),
      })),
    ...planned.filter((one) => !known.has(one.assignmentId) && isCarried(one)),
  ].sort((a, b) => a.day - b.day)
}

type Plan = Pick<Problem, 'period' | 'people' | 'shifts' | 'slots' | 'history'>

export interface ShareFacts {
  zone: string
  fromOn: string
  /** Agreed part of each person, by id: 1 for a full member. */
  weights: Map<string, number>
  carried: CarriedDuty[]
  /** Absences before the period. */
  away: { volunteerId: string; startsAt: Date; endsAt: Date }[]
}

/**
 * People with the part that justice expects of each: of the period's duty the part they can serve, of what was carried
 * in the part that fell to the time they were there; both by what is agreed with them. Standing availability is taken
 * to have been the same before.
 */
export function withShares(plan: Plan, given: ShareFacts): Person[] {
  const openTo = openDuties(plan)
  const days = pastDays(given)
  const carried = Map.groupBy(given.carried, (one) => one.personId)
  const away = Map.groupBy(given.away, (one) => one.volunteerId)
  return plan.people.map((person) => {
    const weight = given.weights.get(person.id)!
    const duties = openTo(person)
    const before = [
      ...(away.get(person.id) ?? []).map((one) => ({
        start: minuteNumber(one.startsAt),
        end: minuteNumber(one.endsAt),
      })),
      ...(person.joinedAt == null ? [] : [{ start: ALWAYS, end: person.joinedAt }]),
    ]
    const now = partsOf(servable(person, duties), duties, weight)
    const then = partsOf(servable({ ...person, absences: [] }, duties), duties, weight * presentPart(before, days))
    return {
      ...person,
      share: now.whole,
      carriedShare: then.whole,
      ...(now.single && { shareIn: now.single }),
      ...(then.single && { carriedShareIn: then.single }),
      carriedIn: rounded(carriedLoad(carried.get(person.id) ?? [], dayNumber(given.fromOn), HALF_LIFE_DAYS)),
    }
  })
}

/** The part of all minutes, times a weight, and of single measures where it is another. */
function partsOf(some: OpenDuty[], all: OpenDuty[], weight: number) {
  const whole = partOf('minutes', some, all) ?? 1
  const others = TOLD_APART.flatMap((measure): [Measure, number][] => {
    const part = some.length === all.length ? whole : (partOf(measure, some, all) ?? whole)
    return part === whole ? [] : [[measure, part * weight]]
  })
  return { whole: whole * weight, single: others.length > 0 ? Object.fromEntries(others) : undefined }
}

/** Minutes whole, counts to a hundredth. */
const rounded = (loads: Partial<Record<Measure, number>>): Partial<Record<Measure, number>> =>
  Object.fromEntries(
    Object.entries(loads).map(([measure, load]) => {
      const parts = countsMinutes(measure as Measure) ? 1 : 100
      return [measure, Math.round(load * parts) / parts]
    }),
  )

/** Days with what all served on them. */
function pastDays({ carried, fromOn, zone }: ShareFacts): PastDay[] {
  const at = dayNumber(fromOn)
  const midnight = (day: number) =>
    minuteNumber(wallToInstant(atTime(addLocalDays(fromOn, day - at), '00:00'), zone, 'start'))
  return [...Map.groupBy(carried, (one) => one.day)].map(([day, duties]) => ({
    start: midnight(day),
    end: midnight(day + 1),
    weight: duties.reduce((sum, one) => sum + one.minutes, 0) * decay(at - day, HALF_LIFE_DAYS),
  }))
}

/** Duties of the period that members of certain groups can be called for; of everybody without groups. */
interface Calling {
  groups: string[] | undefined
  duties: OpenDuty[]
}

/**
 * What somebody could be called for in the period: seats that their groups serve, and what others of their groups have
 * already in other rosters or before now. All there is for somebody whom nothing calls.
 */
function openDuties({ period, people, shifts, slots, history = [] }: Plan): (person: Person) => OpenDuty[] {
  const shiftOf = new Map(shifts.map((shift) => [shift.id, shift]))
  const personOf = new Map(people.map((person) => [person.id, person]))
  const callings = new Map<string, Calling>()
  const add = (groups: string[] | undefined, duty: OpenDuty) => {
    const key = groups ? JSON.stringify(groups) : ''
    if (!callings.has(key)) callings.set(key, { groups, duties: [] })
    callings.get(key)!.duties.push(duty)
  }
  for (const { shiftId, requirement, seats = 1 } of slots) {
    add(requirement?.groups, toOpen(shiftOf.get(shiftId)!, seats))
  }
  for (const duty of history) {
    if (duty.day < period.fromDay || duty.day >= period.toDay) continue
    add(
      personOf.get(duty.personId)!.groups?.map((group) => group.id),
      toOpen(duty, 1),
    )
  }
  const all = [...callings.values()].map((one) => ({ ...one, duties: merged(one.duties) }))
  return (person) => {
    const own = all.flatMap(({ groups, duties }) => (groups ? whileMember(person, groups, duties) : duties))
    return own.length > 0 ? own : all.flatMap((one) => one.duties)
  }
}

const toOpen = (facts: DutyFacts, seats: number): OpenDuty => ({
  start: facts.startsAt,
  end: facts.endsAt,
  minutes: facts.minutes,
  weekday: weekdayOf(facts.day),
  facts,
  seats,
})

function whileMember({ groups = [] }: Person, called: string[], duties: OpenDuty[]): OpenDuty[] {
  const places = groups.filter((group) => called.includes(group.id))
  if (places.length === 0) return []
  const isMember = ({ start }: Span) =>
    places.some(({ from, to }) => (from ?? ALWAYS) <= start && (to == null || start < to))
  return duties.filter(isMember)
}

/** Duties at the same time as one. */
function merged(duties: OpenDuty[]): OpenDuty[] {
  const byTime = new Map<string, OpenDuty>()
  for (const duty of duties) {
    const key = `${duty.start} ${duty.end}`
    const known = byTime.get(key)
    if (known) known.seats += duty.seats
    else byTime.set(key, { ...duty })
  }
  return [...byTime.values()]
}
