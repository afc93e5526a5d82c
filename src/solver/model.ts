import { weekdayOf } from './calendar.ts'
import type { DutyFacts, DutyFilter, Person, PersonFilter, Problem, Shift, Slot, Validity } from './types.ts'

/** A slot or a history duty as rules see it on a person's timeline. */
export interface Duty {
  /** Position in `Model.duties`: slots first, then history. */
  id: number
  /** Index of the slot, -1 for history. */
  slot: number
  start: number
  end: number
  day: number
  weekday: number
  minutes: number
  facts: DutyFacts
  label: string
}

/** A problem with ids turned into positions. */
export interface Model {
  problem: Problem
  people: Person[]
  shifts: Shift[]
  slots: Slot[]
  /** One duty for each slot, then one for each history entry. */
  duties: Duty[]
  shiftOfSlot: Int32Array
  seats: Int32Array
  slotsOfShift: number[][]
  slotsOfDay: Map<number, number[]>
  /** History of each person in order of time, cut to what the rules can still see. */
  history: Duty[][]
  personIndex: Map<string, number>
  slotIndex: Map<string, number>
  shiftIndex: Map<string, number>
  longestDuty: number
}

const toDuty = (id: number, slot: number, facts: DutyFacts, label: string): Duty => ({
  id,
  slot,
  start: facts.startsAt,
  end: facts.endsAt,
  day: facts.day,
  weekday: weekdayOf(facts.day),
  minutes: facts.minutes,
  facts,
  label,
})

export const byTime = (a: Duty, b: Duty): number => a.start - b.start || a.end - b.end || a.id - b.id

/** Where a duty belongs in a timeline. */
export function positionFor(timeline: readonly Duty[], duty: Duty): number {
  let at = timeline.length
  while (at > 0 && byTime(timeline[at - 1]!, duty) > 0) at--
  return at
}

const indexOf = (items: { id: string }[]): Map<string, number> => new Map(items.map((item, i) => [item.id, i]))

/** `reachDays`: how many days outside the period history can still matter to a rule. */
export function createModel(problem: Problem, reachDays: number): Model {
  const { people, shifts, slots, period } = problem
  const personIndex = indexOf(people)
  const shiftIndex = indexOf(shifts)
  const shiftOfSlot = Int32Array.from(slots, (slot) => shiftIndex.get(slot.shiftId)!)
  const duties = slots.map((_slot, i) => {
    const shift = shifts[shiftOfSlot[i]!]!
    return toDuty(i, i, shift, shift.name ?? shift.id)
  })
  const slotsOfShift: number[][] = shifts.map(() => [])
  shiftOfSlot.forEach((shift, i) => {
    slotsOfShift[shift]!.push(i)
  })
  const slotsOfDay = new Map<number, number[]>()
  duties.forEach((duty, slot) => {
    const list = slotsOfDay.get(duty.day)
    if (list) list.push(slot)
    else slotsOfDay.set(duty.day, [slot])
  })
  const history: Duty[][] = people.map(() => [])
  problem.history?.forEach((entry, i) => {
    const duty = toDuty(slots.length + i, -1, entry, entry.name ?? `history:${i}`)
    duties.push(duty)
    const near = entry.day >= period.fromDay - reachDays && entry.day < period.toDay + reachDays
    const person = personIndex.get(entry.personId)
    if (near && person !== undefined) history[person]!.push(duty)
  })
  for (const list of history) list.sort(byTime)
  return {
    problem,
    people,
    shifts,
    slots,
    duties,
    shiftOfSlot,
    seats: Int32Array.from(slots, (slot) => slot.seats ?? 1),
    slotsOfShift,
    slotsOfDay,
    history,
    personIndex,
    slotIndex: indexOf(slots),
    shiftIndex,
    longestDuty: duties.reduce((longest, duty) => Math.max(longest, duty.end - duty.start), 0),
  }
}

export const isValid = (held: Validity, start: number, end: number): boolean =>
  (held.from ?? Number.NEGATIVE_INFINITY) <= start && end <= (held.to ?? Number.POSITIVE_INFINITY)

/** 'city/east' contains 'city/east' and 'city/east/village-3', not 'city/eastern'. */
export const isWithinUnit = (path: string | undefined, unit: string): boolean =>
  path !== undefined && (path === unit || path.startsWith(`${unit}/`))

export function matchesPerson(person: Person, filter: PersonFilter | undefined): boolean {
  if (!filter) return true
  const { personIds, groupIds, personClasses, grades, units, qualifications } = filter
  return (
    (!personIds || personIds.includes(person.id)) &&
    (!groupIds || (person.groups ?? []).some((group) => groupIds.includes(group.id))) &&
    (!personClasses || personClasses.includes(person.personClass ?? '')) &&
    (!grades || grades.includes(person.grade ?? '')) &&
    (!units || units.some((unit) => isWithinUnit(person.unitPath, unit))) &&
    (!qualifications || (person.qualifications ?? []).some((held) => qualifications.includes(held.id)))
  )
}

export function matchesDuty(duty: Duty, filter: DutyFilter | undefined): boolean {
  if (!filter) return true
  const { postIds, templateIds, tags, weekdays, days } = filter
  return (
    (!postIds || postIds.includes(duty.facts.postId ?? '')) &&
    (!templateIds || templateIds.includes(duty.facts.templateId ?? '')) &&
    (!tags || (duty.facts.tags ?? []).some((tag) => tags.includes(tag))) &&
    (!weekdays || weekdays.includes(duty.weekday)) &&
    (!days || days.includes(duty.day))
  )
}

/** A filter worked out once for every duty: look up by `Duty.id`. */
export function dutyTable(model: Model, filter: DutyFilter | undefined): Uint8Array {
  return Uint8Array.from(model.duties, (duty) => (matchesDuty(duty, filter) ? 1 : 0))
}

/** The same for people: look up by position. */
export function personTable(model: Model, filter: PersonFilter | undefined): Uint8Array {
  return Uint8Array.from(model.people, (person) => (matchesPerson(person, filter) ? 1 : 0))
}

export const personLabel = (person: Person): string => person.name ?? person.id
