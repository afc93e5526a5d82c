import type { Level, Score } from './types.ts'

/** From the most important to the least. */
export const LEVELS: readonly Level[] = [
  'hard',
  'unmetMandatory',
  'movedConfirmed',
  'unmetDesired',
  'movedPending',
  'justice',
  'wishes',
]

export const LEVEL_COUNT = LEVELS.length
export const HARD = 0
export const UNMET_MANDATORY = 1
export const MOVED_CONFIRMED = 2
export const UNMET_DESIRED = 3
export const MOVED_PENDING = 4
export const JUSTICE = 5
export const WISHES = 6

export const levelIndex = (level: Level): number => LEVELS.indexOf(level)

/**
 * What one point of each level is worth when two rosters are compared by one number: far more than all that lies
 * below it can change in one move, so that the order of levels is kept.
 */
export const LEVEL_WORTH: readonly number[] = [1e17, 1e15, 1e13, 1e11, 1e9, 1e3, 1]

const TOLERANCE = 1e-6

export function scoreFrom(totals: ArrayLike<number>): Score {
  const score = {} as Score
  for (let level = 0; level < LEVEL_COUNT; level++) {
    score[LEVELS[level]!] = Math.round(totals[level]! * 1e6) / 1e6
  }
  return score
}

/** Negative when `a` is the better one. */
export function compareScores(a: Score, b: Score): number {
  for (const level of LEVELS) {
    const difference = a[level] - b[level]
    if (Math.abs(difference) > TOLERANCE) return difference
  }
  return 0
}

/** The same for totals in the order of `LEVELS`. */
export function compareTotals(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const difference = a[level]! - b[level]!
    if (Math.abs(difference) > TOLERANCE) return difference
  }
  return 0
}
