import type { Relaxation } from './relaxation.ts'

export interface Pace {
  /** Rounds of line generation after each step down. */
  rounds: number
  /** In each step, of the lines the relaxation likes best, at least this part of the people still free is fixed. */
  part: number
  /** And at least this part of all people. */
  partOfAll: number
}

const CAREFUL: Pace = { rounds: 10, part: 0.06, partOfAll: 0 }
/** For the way down from the whole: reworks mend what it leaves sooner than a careful way takes. */
export const HASTY: Pace = { rounds: 4, part: 0.06, partOfAll: 0.04 }
/** Further rounds where lines known so far do not reach the cutoff, before the way down is given up. */
const LAST_ROUNDS = 40
/** A line is as good as chosen when the relaxation gives it at least this much. */
const CHOSEN = 0.99

/**
 * Fixes the lines the relaxation likes best, few at a time, and solves anew in between. Gives a line for each person of
 * the rework, over all days; undefined when the way down cannot end at or below `cutoff`.
 */
export function dive(relaxation: Relaxation, cutoff: number, pace = CAREFUL): Int8Array[] | undefined {
  for (;;) {
    const lines = relaxation.fixedLines
    if (lines) return lines
    fixBest(relaxation, pace)
    if (!canReach(relaxation, cutoff, pace.rounds) && !canReach(relaxation, cutoff, LAST_ROUNDS)) return undefined
  }
}

const canReach = (relaxation: Relaxation, cutoff: number, rounds: number): boolean =>
  relaxation.solve(cutoff, rounds) !== 'hopeless' && relaxation.objective <= cutoff + 1e-6

function fixBest(relaxation: Relaxation, { part, partOfAll }: Pace): void {
  const best = new Map<number, { number: number; value: number }>()
  const { values } = relaxation.solution!
  relaxation.offers.lines.forEach(({ member }, number) => {
    if (relaxation.isFixed(member)) return
    const value = values[number] ?? 0
    const known = best.get(member)
    if (!known || value > known.value) best.set(member, { number, value })
  })
  const ranked = [...best.values()].sort((a, b) => b.value - a.value || a.number - b.number)
  const ofAll = Math.floor(relaxation.rework.people.length * partOfAll)
  const atLeast = Math.max(1, ofAll, Math.floor(ranked.length * part))
  ranked.forEach(({ number, value }, place) => {
    if (value >= CHOSEN || place < atLeast) relaxation.fix(number)
  })
}
