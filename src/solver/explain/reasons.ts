import { isoDate } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import { SlotQuestion } from '../eligibility.ts'
import type { Layout } from '../evaluate.ts'
import { PeopleKinds } from '../people-kinds.ts'
import type { RosterState } from '../state.ts'
import type { Failure, OpenSlot, RuleInstance } from '../types.ts'
import { unlocksFor } from './unlocks.ts'

const NEAREST = 3
/** So many of those who fail least of a requirement are looked at more closely. */
const NEAR_MISFITS = 64
/** After so many looks at one person and one slot, further open slots are looked at in part. */
const MOST_LOOKS = 2_000_000
/** What looking in part means: so many people who fit, so many who do not, so many asked to take a duty over. */
const SAMPLE = { fitting: 32, misfits: 8, takers: 200 }

type Look = Omit<OpenSlot, 'slotId' | 'open' | 'need' | 'text'>
type Eliminated = OpenSlot['eliminated'][number]
interface Miss {
  person: number
  failures: Failure[]
}

/**
 * Why each open seat is open. First the rules of fit are asked, then, of the people who fit, all others. Slots of one
 * shift with the same requirement share one look.
 */
export function openSlots(plan: Plan, layout: Layout, state: RosterState, mostLooks = MOST_LOOKS): OpenSlot[] {
  const { model } = plan
  const looks = new Map<string, Look>()
  const misfits = new Map<number, Misfits>()
  const reasons: OpenSlot[] = []
  let kinds: PeopleKinds | undefined
  let looked = 0
  model.slots.forEach((slot, i) => {
    const open = state.open(i)
    if (open <= 0 || slot.need === 'optional') return
    kinds ??= new PeopleKinds(
      plan,
      plan.pairs.filter(({ isHard, byRequirement }) => isHard && byRequirement),
    )
    const fitClass = state.fits.classOf(i)
    const isShort = looked > mostLooks
    if (!misfits.has(fitClass)) {
      misfits.set(fitClass, misfitsOf(kinds, state, i, isShort))
      looked += misfits.get(fitClass)!.asked
    }
    const key = `${model.shiftOfSlot[i]} ${fitClass} ${slot.role}`
    if (!looks.has(key)) {
      const look = isShort ? glanceAt : lookAt
      looks.set(key, look(plan, layout, state, i, misfits.get(fitClass)!))
      looked += state.fits.peopleFor(i).length
    }
    const look = looks.get(key)!
    reasons.push({ slotId: slot.id, open, need: slot.need, ...look, text: textFor(plan, i, look) })
  })
  return reasons
}

/** People who fail the requirement itself, whatever the shift: counted once for all slots that ask the same. */
interface Misfits {
  counts: Map<string, Eliminated>
  /** Of those, the ones who fail fewest rules. */
  nearest: number[]
  /** So many had to be asked. */
  asked: number
}

/** People alike are asked once; where what they hold begins or ends they are asked one by one, unless time is short. */
function misfitsOf(kinds: PeopleKinds, state: RosterState, slot: number, isShort: boolean): Misfits {
  const misfits: Misfits = { counts: new Map(), nearest: [], asked: 0 }
  const near: { person: number; failing: number }[] = []
  const ask = (person: number, alike: number[]): void => {
    misfits.asked++
    const rules = state.fits.misfit(person, slot)
    for (const rule of rules) count(misfits.counts, rule, rules.length === 1, alike.length)
    for (const one of alike) {
      if (!insertSorted(near, { person: one, failing: rules.length }, byFailing, NEAR_MISFITS)) return
    }
  }
  kinds.people.forEach((people, kind) => {
    if (state.fits.mayFit(people[0]!, slot)) return
    if (kinds.isBounded[kind] && !isShort) for (const person of people) ask(person, [person])
    else ask(people[0]!, people)
  })
  return { ...misfits, nearest: near.map((entry) => entry.person) }
}

const MOST_PEOPLE = 1e9
const byFailing = ({ person, failing }: { person: number; failing: number }): number => failing * MOST_PEOPLE + person

function count(counts: Map<string, Eliminated>, { id, rule }: RuleInstance, isAlone: boolean, people = 1): void {
  const entry = counts.get(id) ?? { ruleId: id, rule, count: 0, alone: 0 }
  entry.count += people
  if (isAlone) entry.alone += people
  counts.set(id, entry)
}

function lookAt(plan: Plan, layout: Layout, state: RosterState, slot: number, misfits: Misfits): Look {
  const question = new SlotQuestion(plan, layout, slot)
  const rules = new Map(plan.model.problem.rules.map((rule) => [rule.id, rule]))
  const counts = new Map([...misfits.counts].map(([id, entry]) => [id, { ...entry }]))
  const misses: Miss[] = []
  let eligible = 0
  for (const person of state.fits.peopleFor(slot)) {
    const failures = question.failures(person)
    if (failures.length === 0) eligible++
    const failing = new Set(failures.map((failure) => failure.ruleId))
    for (const id of failing) count(counts, rules.get(id)!, failing.size === 1)
    if (failures.length > 0) insertSorted(misses, { person, failures }, (miss) => farness(miss.failures))
  }
  addMisses(misses, question, misfits.nearest)
  return {
    considered: plan.model.people.length,
    eligible,
    eliminated: [...counts.values()].sort(byCount),
    ...told(plan, state, slot, misses, Number.POSITIVE_INFINITY),
  }
}

/** The rules of fit for everybody, all others for a few people spread over the list. */
function glanceAt(plan: Plan, layout: Layout, state: RosterState, slot: number, misfits: Misfits): Look {
  const question = new SlotQuestion(plan, layout, slot)
  const list = state.fits.peopleFor(slot)
  const sample = [...spread(list, SAMPLE.fitting), ...misfits.nearest.slice(0, SAMPLE.misfits)]
  const misses: Miss[] = []
  addMisses(misses, question, sample)
  return {
    considered: plan.model.people.length,
    eligible: list.length,
    isPartial: true,
    sampled: sample.length,
    eliminated: [...misfits.counts.values()].sort(byCount),
    ...told(plan, state, slot, misses, SAMPLE.takers),
  }
}

/** So many entries at most, evenly over the list. */
export function spread(list: ArrayLike<number>, most: number): number[] {
  const count = Math.min(most, list.length)
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!)
}

function addMisses(misses: Miss[], question: SlotQuestion, people: readonly number[]): void {
  for (const person of people) {
    const failures = question.failures(person)
    if (failures.length > 0) insertSorted(misses, { person, failures }, (miss) => farness(miss.failures))
  }
}

const told = (plan: Plan, state: RosterState, slot: number, misses: Miss[], mostTakers: number) => ({
  nearest: misses.map(({ person, failures }) => ({ personId: plan.model.people[person]!.id, failures })),
  unlocks: misses.flatMap(({ person, failures }) => unlocksFor(plan, state, slot, person, failures, mostTakers)),
})

const byCount = (a: Eliminated, b: Eliminated): number => b.count - a.count || (a.ruleId < b.ruleId ? -1 : 1)

/** Rules that cannot be overridden weigh most, then the number of failures. */
const farness = (failures: Failure[]): number =>
  failures.filter((failure) => !failure.overridable).length * 100 + failures.length

/** Keeps the few entries with the smallest keys, first come first. False when there was no place. */
function insertSorted<T>(entries: T[], entry: T, keyOf: (entry: T) => number, most = NEAREST): boolean {
  let at = entries.length
  while (at > 0 && keyOf(entries[at - 1]!) > keyOf(entry)) at--
  if (at >= most) return false
  entries.splice(at, 0, entry)
  if (entries.length > most) entries.pop()
  return true
}

function textFor(plan: Plan, slot: number, look: Look): OpenSlot['text'] {
  const duty = plan.model.duties[slot]!
  const { role } = plan.model.slots[slot]!
  const main = look.eliminated.slice(0, 3)
  const list = main.map((entry) => `${entry.rule} ${entry.count}`).join(', ')
  const by = {
    zh: list === '' ? '' : `；未过规则：${list}`,
    en: list === '' ? '' : `; eliminated by ${list}`,
  }
  const where = {
    zh: `${duty.label} ${isoDate(duty.day)} ${role} 空缺`,
    en: `${duty.label} on ${isoDate(duty.day)}, ${role} is open`,
  }
  const { considered, eligible, sampled } = look
  if (look.isPartial) {
    return {
      zh: `${where.zh}：${considered} 人中至多 ${eligible} 人可用${by.zh}；其余规则只抽查了 ${sampled} 人`,
      en: `${where.en}: at most ${eligible} of ${considered} people could serve${by.en}; all other rules were asked of ${sampled} people only`,
    }
  }
  return {
    zh: `${where.zh}：${considered} 人中 ${eligible} 人可用${by.zh}`,
    en: `${where.en}: ${eligible} of ${considered} people could serve${by.en}`,
  }
}
