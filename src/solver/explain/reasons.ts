import { isoDate } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import { SlotQuestion } from '../eligibility.ts'
import type { Layout } from '../evaluate.ts'
import { personLabel } from '../model.ts'
import type { RosterState } from '../state.ts'
import type { Failure, OpenSlot, Unlock } from '../types.ts'

const NEAREST = 3

type Look = Omit<OpenSlot, 'slotId' | 'open' | 'need' | 'text'>

/** Why each open seat is open. Slots of one shift with the same requirement share one look. */
export function openSlots(plan: Plan, layout: Layout, state: RosterState): OpenSlot[] {
  const { model } = plan
  const looks = new Map<string, Look>()
  const reasons: OpenSlot[] = []
  model.slots.forEach((slot, i) => {
    const open = state.open(i)
    if (open <= 0 || slot.need === 'optional') return
    const key = `${model.shiftOfSlot[i]} ${state.fits.classOf(i)} ${slot.role}`
    if (!looks.has(key)) looks.set(key, lookAt(plan, layout, state, i))
    const look = looks.get(key)!
    reasons.push({ slotId: slot.id, open, need: slot.need, ...look, text: textFor(plan, i, look) })
  })
  return reasons
}

function lookAt(plan: Plan, layout: Layout, state: RosterState, slot: number): Look {
  const question = new SlotQuestion(plan, layout, slot)
  const counts = new Map<string, { ruleId: string; rule: Failure['rule']; count: number; alone: number }>()
  const misses: { person: number; failures: Failure[] }[] = []
  let eligible = 0
  plan.model.people.forEach((_person, person) => {
    const failures = question.failures(person)
    if (failures.length === 0) {
      eligible++
      return
    }
    const rules = new Map(failures.map((failure) => [failure.ruleId, failure.rule]))
    for (const [ruleId, rule] of rules) {
      const entry = counts.get(ruleId) ?? { ruleId, rule, count: 0, alone: 0 }
      entry.count++
      if (rules.size === 1) entry.alone++
      counts.set(ruleId, entry)
    }
    insertNearest(misses, { person, failures })
  })
  return {
    considered: plan.model.people.length,
    eligible,
    eliminated: [...counts.values()].sort((a, b) => b.count - a.count || (a.ruleId < b.ruleId ? -1 : 1)),
    nearest: misses.map(({ person, failures }) => ({ personId: plan.model.people[person]!.id, failures })),
    unlocks: misses.flatMap(({ person, failures }) => unlocksFor(plan, state, slot, person, failures)),
  }
}

/** Rules that cannot be overridden weigh most, then the number of failures. */
const farness = (failures: Failure[]): number =>
  failures.filter((failure) => !failure.overridable).length * 100 + failures.length

function insertNearest(
  misses: { person: number; failures: Failure[] }[],
  miss: { person: number; failures: Failure[] },
): void {
  let at = misses.length
  while (at > 0 && farness(misses[at - 1]!.failures) > farness(miss.failures)) at--
  if (at >= NEAREST) return
  misses.splice(at, 0, miss)
  if (misses.length > NEAREST) misses.pop()
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
    return { kind: 'release', text: { zh: `免去 ${who} 的 ${what}`, en: `Release ${who} from ${what}` } }
  }
  const to = personLabel(model.people[taker]!)
  return { kind: 'move', text: { zh: `将 ${who} 的 ${what} 改由 ${to} 承担`, en: `Give ${what} of ${who} to ${to}` } }
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
