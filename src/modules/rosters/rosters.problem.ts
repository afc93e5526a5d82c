import type { Handle } from '../../platform/db/client.ts'
import type { Assignment, Problem, PublishedAssignment } from '../../solver/index.ts'
import { addLocalDays, atTime, localDay, wallToInstant } from '../../time/zones.ts'
import type { Crews } from '../crews/crews.service.ts'
import type { Echelons } from '../echelons/echelons.service.ts'
import type { Membership } from '../echelons/echelons.types.ts'
import { holidaysRepository } from '../holidays/holidays.repository.ts'
import { calendarOf } from '../holidays/holidays.rules.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { effectivePolicy } from '../organisation/organisation.rules.ts'
import type { ShiftAt, SlotRow } from '../posts/shifts.repository.ts'
import type { PlannedShifts } from '../posts/shifts.service.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import { isServedByCrews, type ServingCrews, servingCrews, toCrews, toLinks } from './problem.crews.ts'
import { ownLimits, toHistory, toShift, toSlots, waivedIds } from './problem.duties.ts'
import { freeze, slotsInFreeze } from './problem.freeze.ts'
import { type Mentioned, mentionedIn, type ProblemNames, readNames } from './problem.names.ts'
import { toPeople } from './problem.people.ts'
import { type DraftRow, type LiveRow, problemRepository } from './problem.repository.ts'
import { carriedDuties, carriedFrom, withShares } from './problem.shares.ts'
import { dayNumber, minuteNumber } from './roster-rules.params.ts'
import { type StatedRule, toInstance } from './roster-rules.rules.ts'
import { rulesInForce } from './roster-rules.service.ts'

export interface ProblemSources {
  volunteers: Pick<Volunteers, 'facts'>
  echelons: Pick<Echelons, 'memberships' | 'turns'>
  crews: Pick<Crews, 'crewsWithin' | 'namesOf'>
}

export interface ProblemRequest {
  /** Unit whose rules hold. */
  unitPath: string
  zone: string
  fromOn: string
  toOn: string
  /** Shifts and slots to be planned; those that have begun are left to history. */
  planned: PlannedShifts
  live: LiveRow[]
  drafts: DraftRow[]
  /** May reserves be looked at? The engine plans without them; hands and cascades call them. */
  reserves: boolean
  /** People looked at: these and the holders of seats, or, when left out, everybody who could matter. */
  volunteerIds?: string[]
  /** People looked at besides. */
  alsoIds?: string[]
  /** Look at all reserves of the slots, and not only at those who hold seats. */
  allReserves?: boolean
  /** Assignments that are thought away, as their holders would give them up. */
  withoutIds?: string[]
  /** Set where the engine plans: confirmed duty that begins sooner after this than its unit allows is frozen. */
  frozenFrom?: Date
}

export interface RosterProblem {
  problem: Problem
  shifts: ShiftAt[]
  slots: SlotRow[]
  live: LiveRow[]
  drafts: DraftRow[]
  /** Home of somebody looked at, by ids; undefined for people who are not. */
  unitPathOf(volunteerId: string): string | undefined
  /** Draft rows as the engine's assignments. */
  toAssignments(rows: Pick<DraftRow, 'slotId' | 'volunteerId' | 'override'>[]): Assignment[]
}

/** Days around the period in which other duties can matter to limits and rest. */
const HISTORY_DAYS = 40
const FUTURE_DAYS = 10
const DAY_MS = 86_400_000

const unique = (ids: (string | null | undefined)[]): string[] => [...new Set(ids.filter((id) => id != null))].sort()

/** Night, weekend and holidays as they are at the roster's unit, and when it is late to withdraw there. */
async function customsAt(handle: Handle, unitPath: string, { from, to }: { from: Date; to: Date }) {
  const line = await organisationRepository(handle).ancestry({ path: unitPath })
  const span = { from: addLocalDays(localDay(from, 'UTC'), -1), to: addLocalDays(localDay(to, 'UTC'), 2) }
  const days = await holidaysRepository(handle).daysAbove([unitPath], span)
  const policy = effectivePolicy(line.map((unit) => unit.policy))
  return { calendar: calendarOf(days, unitPath, policy), lateMinutes: policy.lateCancellationMinutes }
}

/** Everything the engine needs to know, in a fixed order, so that equal facts make equal problems. */
export async function loadProblem(
  handle: Handle,
  sources: ProblemSources,
  request: ProblemRequest,
): Promise<RosterProblem> {
  const { planned, live, drafts } = request
  const repo = problemRepository(handle)
  const times = timesOf(request)
  const stated = await rulesInForce(handle, request.unitPath)
  const seated = unique([...[...live, ...drafts].map((row) => row.volunteerId), ...(request.alsoIds ?? [])])
  const asked = request.allReserves ? undefined : request.volunteerIds && unique([...seated, ...request.volunteerIds])
  const groups = await readGroups(handle, sources, request, stated, asked)
  const ids = unique([
    ...seated,
    ...(request.allReserves ? groups.called.map((one) => one.volunteerId) : []),
    ...(request.volunteerIds ?? [
      ...groups.own.map((one) => one.volunteerId),
      ...groups.serving.places.map((one) => one.volunteerId),
      ...(await repo.volunteersWithin([...groups.unitPaths.values()], request.fromOn)),
    ]),
  ])
  const isLookedAt = new Set(ids)
  const facts = await sources.volunteers.facts(handle, ids, times.window)
  const slotIds = planned.slots.map((slot) => slot.id)
  const [names, duties, booked, away, refused] = await Promise.all([
    namesFor(handle, planned, groups, [...facts.values()]),
    repo.dutiesOf(ids, times.window, slotIds, request.withoutIds),
    repo.bookedOf(ids, carriedFrom(request.fromOn), request.fromOn),
    repo.absencesOf(ids, times.carried),
    repo.refusedOn(slotIds),
  ])

  const { calendar, lateMinutes } = await customsAt(handle, request.unitPath, times.window)
  const history = toHistory(duties, calendar, lateMinutes)
  const rules = [...stated.map((rule) => toInstance(rule, names)), ...ownLimits(facts.values())]
  const toAssignments: RosterProblem['toAssignments'] = (rows) =>
    rows.map((row) => ({ slotId: row.slotId, personId: row.volunteerId, ...waivedIds(rules, row.override) }))
  const shiftsWithSlots = new Set(planned.slots.map((slot) => slot.shiftId))
  const shifts = planned.shifts.filter((shift) => shiftsWithSlots.has(shift.id))
  const problem: Problem = {
    period: {
      fromDay: dayNumber(request.fromOn),
      toDay: dayNumber(request.toOn),
      startsAt: minuteNumber(times.period.startsAt),
      endsAt: minuteNumber(times.period.endsAt),
    },
    ...calledBefore(request, times.period, lateMinutes),
    people: toPeople({
      ...times,
      facts,
      memberships: groups.own.filter((one) => isLookedAt.has(one.volunteerId)),
      reserves: groups.called.filter((one) => isLookedAt.has(one.volunteerId)),
      crewPlaces: groups.serving.places,
      unitGroups: new Map([...groups.unitPaths].map(([id, path]) => [names.unit(id), path])),
      names,
      zone: request.zone,
    }),
    shifts: shifts.map((shift) => toShift(shift, calendar)),
    slots: toSlots(
      {
        names,
        requirements: planned.requirements,
        onTurn: groups.onTurn(names),
        crewsFor: (row) => groups.serving.idsFor(row).map(names.crew),
        reserves: request.reserves,
      },
      shifts,
      Map.groupBy(planned.slots, (slot) => slot.shiftId),
    ),
    rules,
    crews: toCrews(groups.serving, request.fromOn, request.toOn, new Set(facts.keys())),
    links: toLinks(planned, shifts, planned.slots),
    history,
    published: toAssignments(live).map((one, i): PublishedAssignment => ({ ...one, ...standing(live[i]!) })),
    pins: toAssignments(drafts.filter((row) => row.pinned)),
    exclusions: refused.filter((one) => isLookedAt.has(one.personId)),
  }
  const unserved = history.map((duty, i) => ({ ...duty, assignmentId: duties[i]!.assignmentId }))
  problem.people = withShares(problem, {
    ...request,
    weights: new Map([...facts].map(([id, { row }]) => [id, row.share])),
    carried: carriedDuties(booked, unserved, request.fromOn, lateMinutes),
    away,
  })
  keepSeated(problem)
  if (request.frozenFrom) freeze(problem, await slotsInFreeze(handle, shifts, live, request.frozenFrom))
  return {
    problem,
    shifts,
    slots: planned.slots,
    live,
    drafts,
    toAssignments,
    unitPathOf: (volunteerId) => facts.get(volunteerId)?.unitPath,
  }
}

/** Until when duty that is planned now comes at short notice, where that reaches into the period. */
function calledBefore({ frozenFrom }: ProblemRequest, { startsAt }: { startsAt: Date }, lateMinutes: number) {
  const until = frozenFrom && minuteNumber(frozenFrom) + lateMinutes
  return until !== undefined && until > minuteNumber(startsAt) ? { calledBefore: until } : {}
}

const standing = ({ state }: LiveRow) => ({
  confirmed: state !== 'pending',
  frozen: state === 'serving' || state === 'completed',
})

function timesOf({ fromOn, toOn, zone }: ProblemRequest) {
  const startsAt = wallToInstant(atTime(fromOn, '00:00'), zone, 'start')
  const endsAt = wallToInstant(atTime(toOn, '00:00'), zone, 'end')
  return {
    period: { fromOn, startsAt, endsAt },
    window: {
      from: new Date(startsAt.getTime() - HISTORY_DAYS * DAY_MS),
      to: new Date(endsAt.getTime() + FUTURE_DAYS * DAY_MS),
    },
    carried: { from: wallToInstant(atTime(carriedFrom(fromOn), '00:00'), zone, 'start'), to: startsAt },
  }
}

interface Groups {
  setIds: string[]
  mentioned: Mentioned
  /** Places in the sets that serve, and in those that are called when seats are empty. */
  own: Membership[]
  called: Membership[]
  serving: ServingCrews
  /** Units that slots without a set are staffed from: path by id. */
  unitPaths: Map<string, string>
  onTurn(names: ProblemNames): (setId: string, startLocal: string) => string[]
}

async function readGroups(
  handle: Handle,
  { echelons, crews }: ProblemSources,
  { planned, fromOn, toOn, reserves }: ProblemRequest,
  stated: StatedRule[],
  askedIds: string[] | undefined,
): Promise<Groups> {
  const requirements = [...planned.requirements.values()]
  const mentioned = mentionedIn(stated)
  const ownSets = unique([
    ...requirements.map((one) => one.echelonSetId),
    ...mentioned.setIds,
    ...(await problemRepository(handle).setIdsOfEchelons(mentioned.echelonIds)),
  ])
  const reserveSets = reserves ? unique(requirements.flatMap((one) => one.reserveSetIds)) : []
  // Shifts of the last day reach over its end.
  const lastOn = addLocalDays(toOn, 1)
  const [own, called, turn, rotating, unitPaths, serving] = await Promise.all([
    echelons.memberships(handle, ownSets, fromOn, lastOn, askedIds),
    echelons.memberships(handle, reserveSets, fromOn, lastOn, askedIds),
    echelons.turns(handle, ownSets),
    problemRepository(handle).rotationSets(ownSets),
    staffingUnits(handle, planned),
    servingCrews(handle, crews, requirements, { fromOn, toOn: lastOn, volunteerIds: askedIds }),
  ])
  const onTurn = (names: ProblemNames) => (setId: string, startLocal: string) => {
    if (!rotating.includes(setId)) return names.echelonsOf(setId)
    const echelonId = turn(setId, startLocal)
    return echelonId === undefined ? [] : [names.echelon(echelonId)]
  }
  return { setIds: unique([...ownSets, ...reserveSets]), mentioned, own, called, serving, unitPaths, onTurn }
}

/** Units that slots without an echelon set or crews are staffed from, with their paths. */
async function staffingUnits(handle: Handle, planned: PlannedShifts): Promise<Map<string, string>> {
  const unitOfShift = new Map(planned.shifts.map((shift) => [shift.id, shift.unitId]))
  const unitIds = planned.slots.flatMap(({ requirementId, shiftId }) => {
    const requirement = planned.requirements.get(requirementId)!
    if (requirement.echelonSetId !== null || isServedByCrews(requirement)) return []
    const { unitIds: named } = requirement
    return named.length > 0 ? named : [unitOfShift.get(shiftId)]
  })
  const units = await problemRepository(handle).unitNames(unique(unitIds))
  return new Map(units.map((unit) => [unit.id, unit.path]))
}

const namesFor = (
  handle: Handle,
  { shifts, requirements }: PlannedShifts,
  { setIds, mentioned, serving }: Groups,
  people: { unitPath: string; qualifications: { id: string }[] }[],
) => {
  const asked = [...requirements.values()]
  return readNames(handle, {
    setIds,
    crews: serving.crews,
    unitPaths: [...shifts, ...people].map((one) => one.unitPath),
    unitIds: unique([...asked.flatMap((one) => one.unitIds), ...mentioned.unitIds]),
    qualificationIds: unique([
      ...asked.flatMap((one) => one.qualificationIds),
      ...mentioned.qualificationIds,
      ...people.flatMap((one) => one.qualifications.map((held) => held.id)),
    ]),
  })
}

/** Whoever holds a published seat may keep it, also where a reserve was called or the turn has changed since. */
function keepSeated({ people, shifts, slots, published }: Problem): void {
  const personOf = new Map(people.map((person) => [person.id, person]))
  const slotOf = new Map(slots.map((slot) => [slot.id, slot]))
  const startOf = new Map(shifts.map((shift) => [shift.id, shift.startsAt]))
  for (const { slotId, personId } of published ?? []) {
    const person = personOf.get(personId)!
    const slot = slotOf.get(slotId)!
    const allowed = slot.requirement!.groups
    if (!allowed) continue
    const start = startOf.get(slot.shiftId)!
    const isMember = person.groups!.some(
      (group) => allowed.includes(group.id) && (group.from ?? start) <= start && start < (group.to ?? start + 1),
    )
    if (isMember) continue
    const seat = `seat ${slotId}`
    slot.requirement!.groups = [...allowed, seat]
    person.groups!.push({ id: seat })
  }
}
