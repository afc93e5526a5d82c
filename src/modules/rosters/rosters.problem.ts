import type { Handle } from '../../platform/db/client.ts'
import type { Assignment, Problem, PublishedAssignment } from '../../solver/index.ts'
import { addLocalDays, atTime, wallToInstant } from '../../time/zones.ts'
import type { PlannedShifts } from '../posts/shifts.service.ts'
import type { ShiftAt, SlotRow } from '../posts/shifts.repository.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import { ownLimits, toHistory, toShift, toSlots, waivedIds } from './problem.duties.ts'
import { mentionedIn, type ProblemNames, readNames } from './problem.names.ts'
import { carriedFrom, type Membership, toPeople } from './problem.people.ts'
import { type DraftRow, type LiveRow, problemRepository } from './problem.repository.ts'
import { dayNumber, minuteNumber } from './roster-rules.params.ts'
import { toInstance } from './roster-rules.rules.ts'
import { rulesInForce } from './roster-rules.service.ts'

/** What the echelons module tells about who belongs where and whose turn it is. */
export interface EchelonReader {
  memberships(handle: Handle, setIds: string[], fromOn: string, toOn: string): Promise<Membership[]>
  turns(handle: Handle, setIds: string[]): Promise<(setId: string, startLocal: string) => string | undefined>
}

export interface ProblemSources {
  volunteers: Pick<Volunteers, 'facts'>
  echelons: EchelonReader
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
}

export interface RosterProblem {
  problem: Problem
  shifts: ShiftAt[]
  slots: SlotRow[]
  live: LiveRow[]
  drafts: DraftRow[]
  /** Draft rows as the engine's assignments. */
  toAssignments(rows: Pick<DraftRow, 'slotId' | 'volunteerId' | 'override'>[]): Assignment[]
}

/** Days around the period in which other duties can matter to limits and rest. */
const HISTORY_DAYS = 40
const FUTURE_DAYS = 10
const DAY_MS = 86_400_000

const unique = (ids: (string | null | undefined)[]): string[] => [...new Set(ids.filter((id) => id != null))].sort()

/** Everything the engine needs to know, in a fixed order, so that equal facts make equal problems. */
export async function loadProblem(
  handle: Handle,
  { volunteers, echelons }: ProblemSources,
  request: ProblemRequest,
): Promise<RosterProblem> {
  const { planned, live, drafts, zone, fromOn, toOn, reserves } = request
  const repo = problemRepository(handle)
  const period = {
    fromOn,
    startsAt: wallToInstant(atTime(fromOn, '00:00'), zone, 'start'),
    endsAt: wallToInstant(atTime(toOn, '00:00'), zone, 'end'),
  }
  const window = {
    from: new Date(period.startsAt.getTime() - HISTORY_DAYS * DAY_MS),
    to: new Date(period.endsAt.getTime() + FUTURE_DAYS * DAY_MS),
  }
  const requirements = [...planned.requirements.values()]
  const stated = await rulesInForce(handle, request.unitPath)
  const mentioned = mentionedIn(stated)
  const ownSets = unique([
    ...requirements.map((one) => one.echelonSetId),
    ...mentioned.setIds,
    ...(await repo.setIdsOfEchelons(mentioned.echelonIds)),
  ])
  const reserveSets = reserves ? unique(requirements.flatMap((one) => one.reserveSetIds)) : []
  // A membership by age or paper may change on a day; shifts of the last day reach over its end.
  const lastOn = addLocalDays(toOn, 1)
  const [own, called, turn] = await Promise.all([
    echelons.memberships(handle, ownSets, fromOn, lastOn),
    echelons.memberships(handle, reserveSets, fromOn, lastOn),
    echelons.turns(handle, ownSets),
  ])
  const holders = [...live, ...drafts].map((row) => row.volunteerId)
  const names = await readNames(handle, {
    setIds: unique([...ownSets, ...reserveSets]),
    unitPaths: planned.shifts.map((shift) => shift.unitPath),
    unitIds: unique([...requirements.flatMap((one) => one.unitIds), ...mentioned.unitIds]),
    qualificationIds: [...requirements.flatMap((one) => one.qualificationIds), ...mentioned.qualificationIds],
  })
  const unitGroups = await staffingUnits(handle, planned, names)
  const ids = unique([
    ...holders,
    ...(request.volunteerIds ?? [
      ...own.map((one) => one.volunteerId),
      ...(await repo.volunteersWithin([...unitGroups.values()], fromOn)),
    ]),
  ])
  const isLookedAt = new Set(ids)
  const facts = await volunteers.facts(handle, ids, window)
  const allNames = await namesOfPeople(handle, names, facts.values(), ownSets, reserveSets, mentioned.unitIds)
  const slotIds = planned.slots.map((slot) => slot.id)
  const [duties, served, refused] = await Promise.all([
    repo.dutiesOf(ids, window, slotIds),
    repo.servedOf(ids, carriedFrom(fromOn), fromOn),
    repo.refusedOn(slotIds),
  ])

  const rules = [...stated.map((rule) => toInstance(rule, allNames)), ...ownLimits(facts.values())]
  const rotating = new Set(own.filter((one) => one.kind === 'rotation').map((one) => one.setId))
  const onTurn = (setId: string, startLocal: string) => {
    if (!rotating.has(setId)) return allNames.echelonsOf(setId)
    const echelonId = turn(setId, startLocal)
    return echelonId === undefined ? [] : [allNames.echelon(echelonId)]
  }
  const staffing = { names: allNames, requirements: planned.requirements, onTurn, reserves }
  const shiftsWithSlots = new Set(planned.slots.map((slot) => slot.shiftId))
  const shifts = planned.shifts.filter((shift) => shiftsWithSlots.has(shift.id))
  const toAssignments: RosterProblem['toAssignments'] = (rows) =>
    rows.map((row) => ({ slotId: row.slotId, personId: row.volunteerId, ...waivedIds(rules, row.override) }))
  const problem: Problem = {
    period: {
      fromDay: dayNumber(fromOn),
      toDay: dayNumber(toOn),
      startsAt: minuteNumber(period.startsAt),
      endsAt: minuteNumber(period.endsAt),
    },
    people: toPeople({
      facts,
      memberships: own.filter((one) => isLookedAt.has(one.volunteerId)),
      reserves: called.filter((one) => isLookedAt.has(one.volunteerId)),
      served,
      unitGroups,
      names: allNames,
      zone,
      period,
      window,
    }),
    shifts: shifts.map(toShift),
    slots: toSlots(staffing, shifts, Map.groupBy(planned.slots, (slot) => slot.shiftId)),
    rules,
    history: toHistory(duties),
    published: toAssignments(live).map((one, i): PublishedAssignment => ({ ...one, ...standing(live[i]!) })),
    pins: toAssignments(drafts.filter((row) => row.pinned)),
    exclusions: refused.filter((one) => isLookedAt.has(one.personId)),
  }
  keepSeated(problem)
  return { problem, shifts, slots: planned.slots, live, drafts, toAssignments }
}

const standing = ({ state }: LiveRow) => ({
  confirmed: state !== 'pending',
  frozen: state === 'serving' || state === 'completed',
})

/** Units that slots without an echelon set are staffed from: path by the name of the group they make. */
async function staffingUnits(handle: Handle, planned: PlannedShifts, names: ProblemNames): Promise<Map<string, string>> {
  const withoutSet = new Set(
    [...planned.requirements.values()].filter((one) => one.echelonSetId === null).map((one) => one.id),
  )
  const shiftOf = new Map(planned.shifts.map((shift) => [shift.id, shift]))
  const unitIds = unique(
    planned.slots
      .filter((slot) => withoutSet.has(slot.requirementId))
      .flatMap((slot) => {
        const { unitIds: named } = planned.requirements.get(slot.requirementId)!
        return named.length > 0 ? named : [shiftOf.get(slot.shiftId)!.unitId]
      }),
  )
  const units = await problemRepository(handle).unitNames(unitIds)
  return new Map(units.map((unit) => [names.unitPath(unit.path), unit.path]))
}

const namesOfPeople = (
  handle: Handle,
  _names: ProblemNames,
  facts: Iterable<{ unitPath: string; qualifications: { id: string }[] }>,
  ownSets: string[],
  reserveSets: string[],
  unitIds: string[],
) => {
  const people = [...facts]
  return readNames(handle, {
    setIds: unique([...ownSets, ...reserveSets]),
    unitPaths: people.map((one) => one.unitPath),
    unitIds,
    qualificationIds: people.flatMap((one) => one.qualifications.map((held) => held.id)),
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
    const allowed = slot.requirement!.groups!
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
