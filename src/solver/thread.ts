import type { Problem, Progress, Solution } from './types.ts'

export interface SolveInThreadOptions {
  seed: number
  budget: { iterations?: number; milliseconds?: number }
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Worker threads that search side by side; 1 when missing. */
  threads?: number
  explain?: boolean
}

/** `solve` in worker threads: the caller's event loop stays free. Rejects only when a thread breaks. */
export async function solveInThread(_problem: Problem, _options: SolveInThreadOptions): Promise<Solution> {
  throw new Error('not built yet')
}
