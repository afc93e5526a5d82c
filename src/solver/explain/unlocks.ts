import { isoDate } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import { personLabel } from '../model.ts'
import type { RosterState } from '../state.ts'
import type { Failure, Slot, Unlock } from '../types.ts'
import { amountText } from './words.ts'

/**
 * What would let this person take the slot: giving up a duty that stands in the way, or rules overridden. So many
 * people at most (`mostTakers`) are asked whether they could take the duty given up.
 */
export function unlocksFor(
  plan: Plan,
  state: RosterState,
  slot: number,
  person: number,
  failures: Failure[],
  mostTakers: number,
): Unlock[] {
  const { model } = plan
  const personId = model.people[person]!.id
  const unlocks: Unlock[] = []
  const own = new Set(failures.flatMap((failure) => failure.slotIds))
  for (const slotId of own) {
    const other = model.slotIndex.get(slotId)
    if (other === undefined || other === slot || !state.holds(person, other)) continue
    const unlock = unlockByMoving(plan, state, slot, person, other, mostTakers)
    const { ruleId } = failures.find((failure) => failure.slotIds.includes(slotId))!
    if (unlock) unlocks.push({ ...unlock, personId, ruleId, slotId })
  }
  if (failures.every((failure) => failure.overridable)) unlocks.push(waiver(personId, failures))
  return unlocks
}

/** 'Waive grade and minimum-rest by 2 h: …' */
function waiver(personId: string, failures: Failure[]): Unlock {
  const ruleIds = [...new Set(failures.map((failure) => failure.ruleId))]
  const parts = failures.map((failure) => {
    const gap = gapOf(failure)
    const by = gap && amountText(gap.amount, gap.unit)
    return by
      ? { zh: `${failure.rule} 放宽 ${by.zh}`, en: `${failure.rule} by ${by.en}` }
      : { zh: failure.rule, en: failure.rule }
  })
  const listed = (tongue: 'zh' | 'en', between: string) => parts.map((part) => part[tongue]).join(between)
  const because = (tongue: 'zh' | 'en', between: string) => failures.map(({ text }) => text[tongue]).join(between)
  return {
    kind: 'waive',
    personId,
    ruleId: ruleIds[0]!,
    ...(ruleIds.length > 1 && { ruleIds }),
    ...(failures.length === 1 && gapOf(failures[0]!)),
    text: {
      zh: `破例（${listed('zh', '、')}）：${because('zh', '；')}`,
      en: `Waive ${listed('en', ' and ')}: ${because('en', '; ')}`,
    },
  }
}

/** How far what is seen lies from what is allowed. */
function gapOf({ observed, limit, unit }: Failure): { amount: number; unit: NonNullable<Failure['unit']> } | undefined {
  if (typeof observed !== 'number' || typeof limit !== 'number' || !unit) return undefined
  return { amount: Math.abs(limit - observed), unit }
}

function unlockByMoving(
  plan: Plan,
  state: RosterState,
  slot: number,
  person: number,
  other: number,
  mostTakers: number,
): Pick<Unlock, 'kind' | 'text'> | undefined {
  const { model } = plan
  const mark = state.mark()
  state.unassign(person, other)
  const helps = state.canTake(person, slot)
  let taker = -1
  if (helps) {
    state.assign(person, slot)
    const asked = state.fits.peopleFor(other).subarray(0, mostTakers)
    taker = asked.find((p) => p !== person && state.canTake(p, other)) ?? -1
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
