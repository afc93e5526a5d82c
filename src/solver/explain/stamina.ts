import { isoDate } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import type { Duty } from '../model.ts'
import type { RosterState } from '../state.ts'
import type { Conflict } from '../types.ts'
import type { Alone, Excused } from './alone.ts'

/** With more pairs of person and slot the proof would take too long. */
const MOST_PAIRS = 3_000_000

/**
 * Cover that nobody can arrange because people need rest: for slots of one length (of one requirement, and all of them
 * together) the most that each person could serve with nobody else in the way, by the plain rules alone, summed up, is
 * less than the seats. Seats held against the rules are left out, and whoever holds one may serve all they fit.
 */
export function staminaConflicts(plan: Plan, state: RosterState, alone: Alone, excused: Excused): Conflict[] {
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
  const conflicts = [...isShort].map((key) => shortageOf(plan, alone, groups.get(key)!, excused))
  return conflicts.filter((conflict) => conflict !== undefined)
}

function shortageOf(plan: Plan, alone: Alone, slots: number[], excused: Excused): Conflict | undefined {
  const { duties, seats: allSeats } = plan.model
  const { fits } = alone.state
  const inTime = [...slots].sort(
    (a, b) => duties[a]!.end - duties[b]!.end || duties[a]!.start - duties[b]!.start || a - b,
  )
  if (!isInStep(inTime.map((slot) => duties[slot]!))) return undefined
  const seats = slots.reduce((sum, slot) => sum + Math.max(0, allSeats[slot]! - (excused.seats.get(slot) ?? 0)), 0)
  const lists = new Map(slots.map((slot) => [fits.classOf(slot), fits.peopleFor(slot)]))
  const people = new Set([...lists.values()].flatMap((list) => [...list]))
  if (people.size * slots.length > MOST_PAIRS) return undefined
  let most = 0
  for (const person of people) {
    const fitting = inTime.filter((slot) => fits.allows(person, slot))
    most += excused.people.has(person) ? fitting.length : mostDuties(plan, alone, person, fitting)
  }
  return most < seats ? describe(plan, inTime, seats, people.size, seats - most) : undefined
}

/** Whichever ends first also starts first, on no later day: only then is it best to take the first one possible. */
const isInStep = (duties: Duty[]): boolean =>
  duties.every((duty, i) => i === 0 || (duties[i - 1]!.start <= duty.start && duties[i - 1]!.day <= duty.day))

/**
 * More of these duties of one length nobody can serve. Between rests and inside limits on the load, taking the next one
 * possible gives most; days in a row are looked at apart, since a day left out early may be worth several duties later.
 */
function mostDuties(plan: Plan, alone: Alone, person: number, slots: number[]): number {
  const { duties } = plan.model
  const possible = slots.filter((slot) => alone.state.canTake(person, slot))
  const byLoad = mostByLoad(alone.state, person, possible)
  if (alone.longestRun === Number.POSITIVE_INFINITY || byLoad <= alone.longestRun) return byLoad
  const gap = alone.gapAfter(duties[possible[0]!]!.minutes)
  const byRuns = mostInRuns(
    possible.map((slot) => duties[slot]!),
    gap,
    alone.longestRun,
  )
  return Math.min(byLoad, byRuns)
}

/** Takes every duty that can still be taken, earliest end first. */
function mostByLoad(state: RosterState, person: number, slots: number[]): number {
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

/**
 * The most of these duties, given in order of time, that lie `gap` minutes apart and on at most `longest` days in a row:
 * for each duty as the last one taken, and each number of days its run has by then, the most that can be taken.
 */
export function mostInRuns(duties: readonly Duty[], gap: number, longest: number): number {
  if (longest < 1) return 0
  const best = duties.map(() => new Int32Array(longest + 1))
  /** Of duties over before the one looked at: the most by day of the last one and length of its run. */
  const byDay = new Map<number, Int32Array>()
  let [over, older] = [0, 0]
  duties.forEach((duty, i) => {
    for (; over < i && duties[over]!.end + gap <= duty.start; over++) {
      const { day } = duties[over]!
      const known = byDay.get(day)
      byDay.set(day, known ? known.map((count, run) => Math.max(count, best[over]![run]!)) : best[over]!)
    }
    for (const [day, counts] of byDay) {
      if (day >= duty.day - 1) continue
      older = Math.max(older, ...counts)
      byDay.delete(day)
    }
    const [same, before] = [byDay.get(duty.day), byDay.get(duty.day - 1)]
    best[i]![1] = 1 + Math.max(older, same?.[1] ?? 0)
    for (let run = 2; run <= longest; run++) {
      const earlier = Math.max(same?.[run] ?? 0, before?.[run - 1] ?? 0)
      if (earlier > 0) best[i]![run] = earlier + 1
    }
  })
  return Math.max(0, ...best.flatMap((counts) => [...counts]))
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
