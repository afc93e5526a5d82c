import { isoDate } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import { SlotQuestion } from '../eligibility.ts'
import type { Layout } from '../evaluate.ts'
import { personLabel } from '../model.ts'
import type { RosterState } from '../state.ts'
import type { Failure, OpenSlot, RuleInstance, Slot, Unlock } from '../types.ts'

const NEAREST = 3
/** So many of those who fail least of a requirement are looked at more closely. */
const NEAR_MISFITS = 64
/** After so many looks at one person and one slot, further open slots are explained by the rules of fit alone. */
const MOST_LOOKS = 2_000_000

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
export function openSlots(plan: Plan, layout: Layout, state: RosterState): OpenSlot[] {
  const { model } = plan
  const looks = new Map<string, Look>()
  const misfits = new Map<number, Misfits>()
  const reasons: OpenSlot[] = []
  let looked = 0
  model.slots.forEach((slot, i) => {
    const open = state.open(i)
    if (open <= 0 || slot.need === 'optional') return
    const fitClass = state.fits.classOf(i)
    if (!misfits.has(fitClass)) misfits.set(fitClass, misfitsOf(plan, state, i))
    const key = `${model.shiftOfSlot[i]} ${fitClass} ${slot.role}`
    if (!looks.has(key)) {
      const isShort = looked > MOST_LOOKS
      looked += state.fits.peopleFor(i).length
      const unfit = misfits.get(fitClass)!
      looks.set(key, isShort ? glanceAt(plan, state, i, unfit) : lookAt(plan, layout, state, i, unfit))
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
}

function misfitsOf(plan: Plan, state: RosterState, slot: number): Misfits {
  const counts = new Map<string, Eliminated>()
  const near: { person: number; failing: number }[] = []
  const fitting = new Set(state.fits.peopleFor(slot))
  for (let person = 0; person < plan.model.people.length; person++) {
    if (fitting.has(person)) continue
    const failing = state.fits.misfit(person, slot)
    for (const rule of failing) count(counts, rule, failing.length === 1)
    insertSorted(near, { person, failing: failing.length }, (entry) => entry.failing, NEAR_MISFITS)
  }
  return { counts, nearest: near.map((entry) => entry.person) }
}

function count(counts: Map<string, Eliminated>, { id, rule }: RuleInstance, isAlone: boolean): void {
  const entry = counts.get(id) ?? { ruleId: id, rule, count: 0, alone: 0 }
  entry.count++
  if (isAlone) entry.alone++
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
  for (const person of misfits.nearest) {
    insertSorted(misses, { person, failures: question.failures(person) }, (miss) => farness(miss.failures))
  }
  return {
    considered: plan.model.people.length,
    eligible,
    eliminated: [...counts.values()].sort(byCount),
    nearest: misses.map(({ person, failures }) => ({ personId: plan.model.people[person]!.id, failures })),
    unlocks: misses.flatMap(({ person, failures }) => unlocksFor(plan, state, slot, person, failures)),
  }
}

/** The rules of fit only. */
function glanceAt(plan: Plan, state: RosterState, slot: number, misfits: Misfits): Look {
  return {
    considered: plan.model.people.length,
    eligible: state.fits.peopleFor(slot).length,
    isPartial: true,
    eliminated: [...misfits.counts.values()].sort(byCount),
    nearest: [],
    unlocks: [],
  }
}

const byCount = (a: Eliminated, b: Eliminated): number => b.count - a.count || (a.ruleId < b.ruleId ? -1 : 1)

/** Rules that cannot be overridden weigh most, then the number of failures. */
const farness = (failures: Failure[]): number =>
  failures.filter((failure) => !failure.overridable).length * 100 + failures.length

/** Keeps the few entries with the smallest keys, first come first. */
function insertSorted<T>(entries: T[], entry: T, keyOf: (entry: T) => number, most = NEAREST): void {
  let at = entries.length
  while (at > 0 && keyOf(entries[at - 1]!) > keyOf(entry)) at--
  if (at >= most) return
  entries.splice(at, 0, entry)
  if (entries.length > most) entries.pop()
}

/** What would let this person take the slot: giving up a duty that stands in the way, or one rule overridden. */
function unlocksFor(plan: Plan, state: RosterState, slot: number, person: number, failures: Failure[]): Unlock[] {
  const { model } = plan
  const personId = model.people[person]!.id
  const unlocks: Unlock[] = []
  const own = new Set(failures.flatMap((failure) => failure.slotIds))
  for (const slotId of own) {
    const other = model.slotIndex.get(slotId)
    if (other === undefined || other === slot || !state.holds(person, other)) continue
    const unlock = unlockByMoving(plan, state, slot, person, other)
    if (unlock) unlocks.push({ ...unlock, personId, ruleId: failures[0]!.ruleId, slotId })
  }
  if (failures.length === 1 && failures[0]!.overridable) {
    const [failure] = failures
    unlocks.push({
      kind: 'waive',
      personId,
      ruleId: failure!.ruleId,
      text: { zh: `破例：${failure!.text.zh}`, en: `Override ${failure!.ruleId}: ${failure!.text.en}` },
    })
  }
  return unlocks
}

function unlockByMoving(
  plan: Plan,
  state: RosterState,
  slot: number,
  person: number,
  other: number,
): Pick<Unlock, 'kind' | 'text'> | undefined {
  const { model } = plan
  const mark = state.mark()
  state.unassign(person, other)
  const helps = state.canTake(person, slot)
  let taker = -1
  if (helps) {
    state.assign(person, slot)
    taker = state.fits.peopleFor(other).find((p) => p !== person && state.canTake(p, other)) ?? -1
  }
  state.undo(mark)
  if (!helps) return undefined
  const who = personLabel(model.people[person]!)
  const what = `${model.duties[other]!.label} ${isoDate(model.duties[other]!.day)}`
  if (taker < 0) {
    if (outranks(model.slots[other]!, model.slots[slot]!)) return undefined
    return { kind: 'release', text: { zh: `免去 ${who} 的 ${what}`, en: `Release ${who} from ${what}` } }
  }
  const to = personLabel(model.people[taker]!)
  return { kind: 'move', text: { zh: `将 ${who} 的 ${what} 改由 ${to} 承担`, en: `Give ${what} of ${who} to ${to}` } }
}

/** Is `a` as important as `b` or more? Then giving it up would only move the gap. */
function outranks(a: Slot, b: Slot): boolean {
  const order = { mandatory: 2, desired: 1, optional: 0 }
  return order[a.need] > order[b.need] || (a.need === b.need && (a.priority ?? 1) >= (b.priority ?? 1))
}

function textFor(plan: Plan, slot: number, look: Look): OpenSlot['text'] {
  const duty = plan.model.duties[slot]!
  const { role } = plan.model.slots[slot]!
  const main = look.eliminated.slice(0, 3)
  const list = main.map((entry) => `${entry.ruleId} ${entry.count}`).join(', ')
  return {
    zh: `${duty.label} ${isoDate(duty.day)} ${role} 空缺：${look.considered} 人中 ${look.eligible} 人可用；未过规则：${list}`,
    en: `${duty.label} on ${isoDate(duty.day)}, ${role} is open: ${look.eligible} of ${look.considered} people could serve; eliminated by ${list}`,
  }
}
