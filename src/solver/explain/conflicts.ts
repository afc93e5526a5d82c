import { isoDate } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import type { RosterState } from '../state.ts'
import type { Conflict, Text } from '../types.ts'
import { aloneUnder, excusedFrom } from './alone.ts'
import { staminaConflicts } from './stamina.ts'

/** Moments with more pairs of seat and person are left out: the proof would take too long. */
const MOST_PAIRS = 1_000_000

/** Seats of one moment, as slots, and who could take them. */
interface Moment {
  slots: number[]
  seats: number[]
}

/**
 * Cover that no roster within the hard rules can have, proven by matching: mandatory seats that are served at one moment,
 * of which the people who pass the rules of person and slot can fill only so many. Moments are the starts of shifts with
 * an open mandatory seat. Besides, cover that fails because people need rest. Seats held against the rules (by pins, the
 * freeze, overrides) count as filled, and nothing is said that the roster in `state` belies.
 */
export function findConflicts(plan: Plan, state: RosterState): Conflict[] {
  const { model } = plan
  const isMandatory = (slot: number) => model.slots[slot]!.need === 'mandatory'
  const open = model.slots.map((_slot, i) => i).filter((slot) => isMandatory(slot) && state.open(slot) > 0)
  if (open.length === 0) return []
  const alone = aloneUnder(plan, state.fits)
  const excused = excusedFrom(plan, state, alone)
  /** Where duties may overlap, or a rule is set aside, one person can fill a seat of every slot: a stand-in for each. */
  const standIn = (person: number, slot: number) =>
    alone.isOneAtATime && !excused.people.has(person) ? person : (slot + 1) * model.people.length + person
  const instants = [...new Set(open.map((slot) => model.duties[slot]!.start))].sort((a, b) => a - b)
  const conflicts = new Map<string, Conflict>()
  for (const instant of instants) {
    const slots = model.slots
      .map((_slot, i) => i)
      .filter((i) => isMandatory(i) && model.duties[i]!.start <= instant && instant < model.duties[i]!.end)
    const pairs = slots.reduce((sum, slot) => sum + model.seats[slot]! * state.fits.peopleFor(slot).length, 0)
    if (pairs > MOST_PAIRS) continue
    const seats = slots.flatMap((slot) => {
      const count = Math.max(0, model.seats[slot]! - (excused.seats.get(slot) ?? 0))
      return new Array<number>(count).fill(slot)
    })
    const short = shortage({ slots, seats }, (slot) =>
      [...state.fits.peopleFor(slot)]
        .filter((person) => state.fits.allows(person, slot))
        .map((person) => standIn(person, slot)),
    )
    if (short) conflicts.set(short.seats.join(' '), describe(plan, short))
  }
  const isBelied = ({ slotIds, short }: Conflict) =>
    slotIds.reduce((sum, id) => sum + Math.max(0, state.open(model.slotIndex.get(id)!)), 0) < short
  const found = [...conflicts.values(), ...staminaConflicts(plan, state, alone, excused)]
  return sharpest(found.filter((conflict) => !isBelied(conflict)))
}

/** Without those that say nothing beyond another one about fewer (or the same) slots. */
function sharpest(conflicts: Conflict[]): Conflict[] {
  const kept: { conflict: Conflict; slots: Set<string> }[] = []
  for (const conflict of [...conflicts].sort((a, b) => a.slotIds.length - b.slotIds.length)) {
    const slots = new Set(conflict.slotIds)
    const isSaid = kept.some((other) => other.conflict.short >= conflict.short && isWithin(other.slots, slots))
    if (!isSaid) kept.push({ conflict, slots })
  }
  return kept.map((entry) => entry.conflict).sort((a, b) => a.days[0]! - b.days[0]! || b.short - a.short)
}

const isWithin = (inner: Set<string>, outer: Set<string>): boolean =>
  inner.size <= outer.size && [...inner].every((id) => outer.has(id))

interface Shortage {
  seats: number[]
  /** People and stand-ins, one for each seat that can be filled. */
  fillers: number[]
}

/**
 * Hall's condition: after a maximum matching (augmenting paths) the seats reachable from an unmatched seat by
 * alternating paths have fewer candidates together than they are.
 */
function shortage(moment: Moment, candidatesOf: (slot: number) => number[]): Shortage | undefined {
  const candidates = new Map(moment.slots.map((slot) => [slot, candidatesOf(slot)]))
  const seatOf = new Map<number, number>()
  const reached = new Set<number>()
  const augment = (seat: number, seen: Set<number>): boolean => {
    for (const person of candidates.get(moment.seats[seat]!)!) {
      if (seen.has(person)) continue
      seen.add(person)
      const other = seatOf.get(person)
      if (other === undefined || augment(other, seen)) {
        seatOf.set(person, seat)
        return true
      }
    }
    return false
  }
  const unmatched: number[] = []
  moment.seats.forEach((_slot, seat) => {
    if (!augment(seat, new Set())) unmatched.push(seat)
  })
  if (unmatched.length === 0) return undefined
  const people = new Set<number>()
  for (const seat of unmatched) {
    reached.add(seat)
    augment(seat, people)
  }
  for (const person of people) reached.add(seatOf.get(person)!)
  return { seats: [...reached].sort((a, b) => a - b).map((seat) => moment.seats[seat]!), fillers: [...people] }
}

function describe(plan: Plan, short: Shortage): Conflict {
  const { model } = plan
  const slots = [...new Set(short.seats)]
  const days = [...new Set(slots.map((slot) => model.duties[slot]!.day))].sort((a, b) => a - b)
  const roles = [...new Set(slots.map((slot) => model.slots[slot]!.role))].sort()
  const people = new Set(short.fillers.map((filler) => filler % model.people.length)).size
  const missing = short.seats.length - short.fillers.length
  return {
    days,
    roles,
    slotIds: slots.map((slot) => model.slots[slot]!.id),
    seats: short.seats.length,
    people,
    short: missing,
    text: conflictText(days.map(isoDate).join(', '), roles.join(', '), { seats: short.seats.length, people, missing }),
  }
}

const conflictText = (
  days: string,
  roles: string,
  { seats, people, missing }: { seats: number; people: number; missing: number },
): Text => ({
  zh: `${days} ${roles}：${seats} 个名额只有 ${people} 人可用，缺 ${missing} 人`,
  en: `${days}, ${roles}: ${seats} seats and only ${people} people who can serve; ${missing} short`,
})
