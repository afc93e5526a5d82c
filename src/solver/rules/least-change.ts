import { type Model, matchesDuty } from '../model.ts'
import type { Level } from '../types.ts'
import type { InstanceOf, PersonCheck, PersonRule } from './rule.ts'

type LeastChange = InstanceOf<'least-change'>

/** What was published of one kind: for each person a slot for every shift and role they were to serve in. */
type Promised = Map<number, number[]>

/** A number for the shift and role of each slot: a change of seat within them disturbs nobody. */
function placesOf(model: Model): Int32Array {
  const places = new Map<string, number>()
  return Int32Array.from(model.slots, ({ role }, slot) => {
    const key = `${model.shiftOfSlot[slot]} ${role}`
    if (!places.has(key)) places.set(key, places.size)
    return places.get(key)!
  })
}

function promisedBy(model: Model, places: Int32Array, { scope }: LeastChange, confirmed: boolean): Promised {
  const promised: Promised = new Map()
  for (const assignment of model.problem.published ?? []) {
    const slot = model.slotIndex.get(assignment.slotId)
    const person = model.personIndex.get(assignment.personId)
    if (slot === undefined || person === undefined || assignment.confirmed !== confirmed) continue
    if (!matchesDuty(model.duties[slot]!, scope?.duties)) continue
    const own = promised.get(person) ?? []
    if (!own.some((other) => places[other] === places[slot])) promised.set(person, [...own, slot])
  }
  return promised
}

/** One point for each place lost from the one numbered `from` (0 is the first) to the one before `to`. */
function lostCheck(
  model: Model,
  places: Int32Array,
  promised: Promised,
  { level, from, to }: { level: Exclude<Level, 'hard'>; from: number; to: number },
): PersonCheck {
  return {
    level,
    concerns: (person) => promised.has(person),
    visit(person, duties, report) {
      let lost = 0
      for (const slot of promised.get(person) ?? []) {
        if (duties.some((duty) => duty.slot >= 0 && places[duty.slot] === places[slot])) continue
        if (lost >= from && lost < to) report(1, 0, 1, -1, -1, model.duties[slot]!)
        lost++
      }
    },
  }
}

/**
 * One point at `movedConfirmed` for each person who confirmed and no longer serves in every shift and role they
 * confirmed. At `movedPending` one point for each further place such a person loses, and for each place lost that nobody
 * had confirmed.
 */
export const leastChange: PersonRule<'least-change'> = {
  name: 'least-change',
  on: 'person',
  asks: { zh: '尽量不改动已发布的安排', en: 'As little change as possible to what is published' },
  overridable: true,
  level: 'movedPending',
  unit: 'people',
  reach: () => 0,
  compile(model, rule) {
    if (!model.problem.published?.length) return []
    const places = placesOf(model)
    const confirmed = promisedBy(model, places, rule, true)
    const pending = promisedBy(model, places, rule, false)
    const perPerson = rule.level ?? 'movedConfirmed'
    const perPlace = rule.level ?? 'movedPending'
    const every = Number.POSITIVE_INFINITY
    return [
      lostCheck(model, places, confirmed, { level: perPerson, from: 0, to: 1 }),
      lostCheck(model, places, confirmed, { level: perPlace, from: 1, to: every }),
      lostCheck(model, places, pending, { level: perPlace, from: 0, to: every }),
    ]
  },
  reason: ({ who, duties }) => ({
    zh: `${who} 原已排在 ${duties[0]!.label}，现被改动`,
    en: `${who} was published at ${duties[0]!.label} and is moved`,
  }),
}
