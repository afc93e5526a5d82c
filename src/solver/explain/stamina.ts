import { isoDate } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import { RosterState } from '../state.ts'
import type { Conflict } from '../types.ts'

/** With more pairs of person and slot the proof would take too long. */
const MOST_PAIRS = 3_000_000

/** Hard rules under which taking the next possible duty first gives one person as many duties as can be. */
const PLAIN = new Set(['no-overlap', 'minimum-rest', 'consecutive-days'])

/**
 * Cover that nobody can arrange because people need rest: for slots of one length (of one requirement, and all of them
 * together) the most that each person could serve with nobody else in the way, summed up, is less than the seats. A proof only where the hard
 * rules on timelines are of the plain kind; elsewhere nothing is said.
 */
export function staminaConflicts(plan: Plan, state: RosterState): Conflict[] {
  if (!isPlain(plan)) return []
  const { model } = plan
  const groups = new Map<string, number[]>()
  const isShort = new Set<string>()
  model.slots.forEach((slot, i) => {
    if (slot.need !== 'mandatory') return
    const { minutes } = model.duties[i]!
    for (const key of [`${state.fits.classOf(i)} ${minutes}`, `all ${minutes}`]) {
      const group = groups.get(key)
      if (group) group.push(i)
      else groups.set(key, [i])
      if (state.open(i) > 0) isShort.add(key)
    }
  })
  const alone = new RosterState(plan, state.fits)
  const conflicts = [...isShort].map((key) => shortageOf(plan, alone, groups.get(key)!))
  return conflicts.filter((conflict) => conflict !== undefined)
}

function shortageOf(plan: Plan, alone: RosterState, slots: number[]): Conflict | undefined {
  const { model } = plan
  const inTime = [...slots].sort((a, b) => model.duties[a]!.end - model.duties[b]!.end || a - b)
  const seats = slots.reduce((sum, slot) => sum + model.seats[slot]!, 0)
  const lists = new Map(slots.map((slot) => [alone.fits.classOf(slot), alone.fits.peopleFor(slot)]))
  const people = new Set([...lists.values()].flatMap((list) => [...list]))
  if (people.size * slots.length > MOST_PAIRS) return undefined
  let most = 0
  for (const person of people) most += mostDuties(alone, person, inTime)
  return most < seats ? describe(plan, inTime, seats, people.size, seats - most) : undefined
}

function isPlain(plan: Plan): boolean {
  return plan.persons.every(({ isHard, rule }) => {
    if (!isHard) return true
    if (rule.scope || (rule.rule === 'consecutive-days' && rule.params.min !== undefined)) return false
    if (rule.rule === 'load-limit')
      return rule.params.min === undefined && ['minutes', 'shifts'].includes(rule.params.measure)
    return PLAIN.has(rule.rule)
  })
}

/** Takes every duty that can still be taken, earliest end first. */
function mostDuties(state: RosterState, person: number, slots: number[]): number {
  const mark = state.mark()
  let count = 0
  for (const slot of slots) {
    if (!state.canTake(person, slot)) continue
    state.assign(person, slot)
    count++
  }
  state.undo(mark)
  return count
}

function describe(plan: Plan, slots: number[], seats: number, people: number, short: number): Conflict {
  const { model } = plan
  const days = [...new Set(slots.map((slot) => model.duties[slot]!.day))].sort((a, b) => a - b)
  const roles = [...new Set(slots.map((slot) => model.slots[slot]!.role))].sort()
  const span = `${isoDate(days[0]!)} – ${isoDate(days.at(-1)!)}`
  return {
    days,
    roles,
    slotIds: slots.map((slot) => model.slots[slot]!.id),
    seats,
    people,
    short,
    text: {
      zh: `${span} ${roles.join('、')}：${seats} 个名额，${people} 人按休息与工时规则最多承担 ${seats - short} 个，缺 ${short} 个`,
      en: `${span}, ${roles.join(', ')}: ${seats} seats; with rest and limits ${people} people can serve ${seats - short} at most, ${short} short`,
    },
  }
}
