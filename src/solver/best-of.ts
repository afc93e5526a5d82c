import { compareScores } from './score.ts'
import type { Solution } from './types.ts'

/**
 * The best roster of all threads that made one, of equal ones the one that is proved best. A thread that broke costs
 * nothing but its own work: only where no thread made a roster the first failure is thrown.
 */
export function bestOf(settled: readonly PromiseSettledResult<Solution>[]): Solution {
  const solutions = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  if (solutions.length === 0) throw failuresOf(settled)[0]
  return solutions.reduce((best, other) => (isBetter(other, best) ? other : best))
}

/** What the threads that broke have said. */
export const failuresOf = (settled: readonly PromiseSettledResult<Solution>[]): Error[] =>
  settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []))

function isBetter(a: Solution, b: Solution): boolean {
  const difference = compareScores(a.score, b.score)
  return difference < 0 || (difference === 0 && a.stopped === 'optimal' && b.stopped !== 'optimal')
}
