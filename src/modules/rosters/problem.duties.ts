import type { DutyFacts, HistoryDuty, Requirement, RuleInstance, Shift, Slot } from '../../solver/index.ts'
import { minutesOf } from '../../time/intervals.ts'
import { type DutyCalendar, portionMinutes } from '../../time/portions.ts'
import type { RequirementRow } from '../posts/posts.repository.ts'
import type { ShiftAt, ShiftRow, SlotRow } from '../posts/shifts.repository.ts'
import type { VolunteerFacts } from '../volunteers/volunteers.facts.ts'
import { isServedByCrews } from './problem.crews.ts'
import type { ProblemNames } from './problem.names.ts'
import { isShortNotice } from './problem.shares.ts'
import { dayNumber, minuteNumber } from './roster-rules.params.ts'
import type { Override } from './rosters.types.ts'

/** Duties are tagged with the kind of their post, and with 'night' where at least this much of it is. */
const NIGHT_FROM_MINUTES = 180
const MOST_IMPORTANT = 10

function dutyFacts(shift: ShiftRow, postKind: string, calendar: DutyCalendar): DutyFacts {
  const portions = portionMinutes(shift, shift.zone, calendar)
  return {
    startsAt: minuteNumber(shift.startsAt),
    endsAt: minuteNumber(shift.endsAt),
    day: dayNumber(shift.localDay),
    minutes: shift.nominalMinutes,
    nightMinutes: portions.night,
    weekendMinutes: portions.weekend,
    holidayMinutes: portions.holiday,
    postId: shift.postId,
    ...(shift.templateId && { templateId: shift.templateId }),
    tags: [postKind, ...(portions.night >= NIGHT_FROM_MINUTES ? ['night'] : [])],
  }
}

const labelOf = (shift: ShiftRow, postName: string) => `${postName} ${shift.startLocal.replace('T', ' ')}`

export const toShift = (shift: ShiftAt, calendar: DutyCalendar): Shift => ({
  id: shift.id,
  name: labelOf(shift, shift.postName),
  ...dutyFacts(shift, shift.postKind, calendar),
  location:
    shift.latitude === null || shift.longitude === null
      ? null
      : { latitude: shift.latitude, longitude: shift.longitude },
})

export interface PastDuty {
  volunteerId: string
  source: string
  createdAt: Date
  checkedOutAt: Date | null
  shift: ShiftRow
  postName: string
  postKind: string
}

/** Rest runs from when somebody really left. `lateMinutes`: whoever withdraws later than so before the start is late. */
export function toHistory(duties: PastDuty[], calendar: DutyCalendar, lateMinutes: number): HistoryDuty[] {
  const known = new Map<string, DutyFacts>()
  return duties.map(({ volunteerId, checkedOutAt, shift, postName, postKind, ...coming }) => {
    const facts = known.get(shift.id) ?? dutyFacts(shift, postKind, calendar)
    known.set(shift.id, facts)
    const servedSome = checkedOutAt !== null && minutesOf({ startsAt: shift.startsAt, endsAt: checkedOutAt }) > 0
    return {
      ...facts,
      personId: volunteerId,
      name: labelOf(shift, postName),
      endsAt: servedSome ? minuteNumber(checkedOutAt) : facts.endsAt,
      shortNotice: isShortNotice(coming, shift, lateMinutes),
    }
  })
}

export interface Staffing {
  names: ProblemNames
  requirements: Map<string, RequirementRow>
  /** Names of the echelons of a set that may serve at a local start: of a rotation only the one on turn. */
  onTurn(setId: string, startLocal: string): string[]
  /** Names of the crews that may serve in seats of a requirement; none where others serve. */
  crewsFor(row: RequirementRow): string[]
  /** Whether those who are called when seats are empty may be looked at. */
  reserves: boolean
}

/** A slot without a set or crews is staffed from units as a whole. */
function ownGroups({ names, onTurn, crewsFor }: Staffing, shift: ShiftAt, row: RequirementRow): string[] {
  if (isServedByCrews(row)) return crewsFor(row)
  if (row.echelonSetId) return onTurn(row.echelonSetId, shift.startLocal)
  return row.unitIds.length > 0 ? row.unitIds.map(names.unit) : [names.unit(shift.unitId)]
}

/** Groups whose members may take the slot; an extra shift is open to whoever is called. */
function groupsOf(staffing: Staffing, shift: ShiftAt, row: RequirementRow): Pick<Requirement, 'groups'> {
  if (shift.extra) return {}
  const own = ownGroups(staffing, shift, row)
  const called = staffing.reserves ? row.reserveSetIds.flatMap(staffing.names.echelonsOf) : []
  return { groups: [...own, ...called] }
}

function toRequirement(staffing: Staffing, shift: ShiftAt, row: RequirementRow): Requirement {
  const { names } = staffing
  const given = <K extends keyof Requirement>(key: K, words: string[]) => (words.length > 0 ? { [key]: words } : {})
  const clearanceIds = row.qualificationIds.filter(names.isClearance)
  const skillIds = row.qualificationIds.filter((id) => !names.isClearance(id))
  return {
    ...given('qualifications', skillIds.map(names.qualification)),
    ...given('clearances', clearanceIds.map(names.qualification)),
    ...given('languages', row.languages),
    ...given('grades', row.grades),
    ...given('personClasses', row.personClasses),
    ...(row.echelonSetId || isServedByCrews(row) ? given('units', row.unitIds.map(names.unit)) : {}),
    ...groupsOf(staffing, shift, row),
  }
}

export function toSlots(staffing: Staffing, shifts: ShiftAt[], slotsOf: Map<string, SlotRow[]>): Slot[] {
  return shifts.flatMap((shift) =>
    (slotsOf.get(shift.id) ?? []).map((slot) => ({
      id: slot.id,
      shiftId: shift.id,
      role: slot.role,
      seat: slot.seat,
      need: slot.mandatory ? ('mandatory' as const) : ('desired' as const),
      priority: MOST_IMPORTANT - shift.postPriority,
      requirement: toRequirement(staffing, shift, staffing.requirements.get(slot.requirementId)!),
    })),
  )
}

const LIMITS = [
  ['maxMinutesPerWeek', 'minutes', 'week'],
  ['maxShiftsPerWeek', 'shifts', 'week'],
  ['maxNightsPerWeek', 'nights', 'week'],
  ['maxMinutesPerPeriod', 'minutes', 'period'],
] as const

/** Limits people have set for themselves; equal ones are one rule. */
export function ownLimits(facts: Iterable<VolunteerFacts>): RuleInstance[] {
  const people = new Map<string, string[]>()
  for (const { row } of facts) {
    for (const [limit] of LIMITS) {
      const max = row.limits[limit]
      if (max === undefined) continue
      const key = `${limit} ${max}`
      people.set(key, [...(people.get(key) ?? []), row.id])
    }
  }
  return [...people].sort().map(([key, personIds]): RuleInstance => {
    const [name, max] = key.split(' ')
    const [, measure, per] = LIMITS.find(([limit]) => limit === name)!
    return {
      id: `own ${key}`,
      rule: 'load-limit',
      params: { measure, window: { per }, max: Number(max) },
      strength: 'hard',
      scope: { people: { personIds: personIds.sort() } },
    }
  })
}

/** Rules are overridden by name; the engine wants ids. */
export const waivedIds = (rules: RuleInstance[], override: Override | null): { overrides?: string[] } =>
  override ? { overrides: rules.filter((one) => override.rules.includes(one.rule)).map((one) => one.id) } : {}
