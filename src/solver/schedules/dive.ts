import type { Relaxation } from './relaxation.ts'

/** Rounds of line generation after each step down, unless the caller is in a hurry. */
const ROUNDS = 10
/** Further rounds where lines known so far do not reach the cutoff, before the way down is given up. */
const LAST_ROUNDS = 40
/** A line is as good as chosen when the relaxation gives it at least this much. */
const CHOSEN = 0.99
/** In each step, of the lines the relaxation likes best, at least this part of the people still free is fixed. */
const STEP_PART = 0.06

/**
 * Fixes the lines the relaxation likes best, few at a time, and solves anew in between. Gives a line for each person of
 * the rework, over all days; undefined when the way down cannot end at or below `cutoff`.
 */
export function dive(relaxation: Relaxation, cutoff: number, rounds = ROUNDS): Int8Array[] | undefined {
  for (;;) {
    const lines = relaxation.fixedLines
    if (lines) return lines
    fixBest(relaxation)
    if (!canReach(relaxation, cutoff, rounds) && !canReach(relaxation, cutoff, LAST_ROUNDS)) return undefined
  }
}

const canReach = (relaxation: Relaxation, cutoff: number, rounds: number): boolean =>
  relaxation.solve(cutoff, rounds) !== 'hopeless' && relaxation.objective <= cutoff + 1e-6

function fixBest(relaxation: Relaxation): void {
  const best = new Map<number, { number: number; value: number }>()
  const { values } = relaxation.solution!
  relaxation.offers.lines.forEach(({ member }, number) => {
    if (relaxation.isFixed(member)) return
    const value = values[number] ?? 0
    const known = best.get(member)
    if (!known || value > known.value) best.set(member, { number, value })
  })
  const ranked = [...best.values()].sort((a, b) => b.value - a.value || a.number - b.number)
  const atLeast = Math.max(1, Math.floor(ranked.length * STEP_PART))
  ranked.forEach(({ number, value }, place) => {
    if (value >= CHOSEN || place < atLeast) relaxation.fix(number)
  })
}
