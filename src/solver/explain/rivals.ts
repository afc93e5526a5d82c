import { compareTotals, HARD, LEVEL_COUNT, LEVELS } from '../score.ts'
import type { RosterState } from '../state.ts'
import type { WhyAssigned } from '../types.ts'

export type NextBest = Omit<NonNullable<WhyAssigned['nextBest']>, 'personId'> & { person: number }

const NONE = 1e-6

/** Of people who are free, the one with whom the roster would cost least; undefined when each would break a hard rule. */
export function cheapestRival(
  state: RosterState,
  slot: number,
  person: number,
  rivals: readonly number[],
): NextBest | undefined {
  let best: { person: number; change: Float64Array } | undefined
  for (const rival of rivals) {
    const change = changeWith(state, slot, person, rival)
    if (change[HARD]! > NONE) continue
    if (!best || compareTotals(change, best.change) < 0) best = { person: rival, change }
  }
  if (!best) return undefined
  const level = best.change.findIndex((cost) => Math.abs(cost) > NONE)
  return {
    person: best.person,
    tried: rivals.length,
    ...(level >= 0 && { level: LEVELS[level]!, more: Math.round(best.change[level]! * 1e6) / 1e6 }),
  }
}

/** What each level would cost more if `rival` had the slot in place of `person`. */
function changeWith(state: RosterState, slot: number, person: number, rival: number): Float64Array {
  const before = Float64Array.from(state.totals)
  const mark = state.mark()
  state.unassign(person, slot)
  state.assign(rival, slot)
  const change = new Float64Array(LEVEL_COUNT)
  for (let level = 0; level < LEVEL_COUNT; level++) change[level] = state.totals[level]! - before[level]!
  state.undo(mark)
  return change
}
