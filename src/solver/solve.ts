import type { Problem, Solution, SolveOptions } from './types.ts'

/**
 * Makes a roster. Always answers with the best it has when the budget ends or the run is aborted.
 * Throws `TypeError` when the problem contradicts itself (unknown ids, ends before starts), naming every fault.
 */
export async function solve(_problem: Problem, _options: SolveOptions): Promise<Solution> {
  throw new Error('not built yet')
}
