import { Worker } from 'node:worker_threads'
import { compareScores } from './score.ts'
import { asksForCover } from './solve.ts'
import type { Problem, Progress, Solution } from './types.ts'
import { problemFaults } from './validate.ts'

export interface SolveInThreadOptions {
  seed: number
  budget: { iterations?: number; milliseconds?: number }
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Worker threads that search side by side, with seeds of their own; 1 when missing. The best roster wins. */
  threads?: number
  explain?: boolean
}

/** What a thread is given to start with. `cancelled[0]` becomes 1 when the run is to end. */
export interface ThreadTask {
  problem: Problem
  seed: number
  budget: { iterations?: number; milliseconds?: number }
  explain: boolean
  cancelled: Int32Array
}

export type ThreadMessage = { progress: Progress } | { solution: Solution } | { failure: string; isInput: boolean }

/**
 * `solve` in worker threads: the caller's event loop stays free. An abort ends the run with its best roster so far.
 * Rejects with `TypeError` for a problem that contradicts itself, with `Error` when a thread breaks.
 */
export async function solveInThread(problem: Problem, options: SolveInThreadOptions): Promise<Solution> {
  if (asksForCover(problem) && problemFaults(problem).length === 0) {
    const { canSchedule, solveSchedulesInThreads } = await import('./schedules/index.ts')
    if (canSchedule(problem)) return solveSchedulesInThreads(problem, options)
  }
  const cancelled = new Int32Array(new SharedArrayBuffer(4))
  const cancel = () => Atomics.store(cancelled, 0, 1)
  if (options.signal?.aborted) cancel()
  options.signal?.addEventListener('abort', cancel, { once: true })
  try {
    const tasks = Array.from(
      { length: Math.max(1, options.threads ?? 1) },
      (_, i): ThreadTask => ({
        problem,
        seed: options.seed + i * SEED_STEP,
        budget: options.budget,
        explain: options.explain ?? true,
        cancelled,
      }),
    )
    const solutions = await Promise.all(
      tasks.map((task, i) => runThread(task, i === 0 ? options.onProgress : undefined)),
    )
    return solutions.reduce((best, other) => (compareScores(other.score, best.score) < 0 ? other : best))
  } finally {
    options.signal?.removeEventListener('abort', cancel)
  }
}

/** Keeps the seeds of the threads of neighbouring runs apart. */
const SEED_STEP = 1_000_003

function runThread(task: ThreadTask, onProgress: ((progress: Progress) => void) | undefined): Promise<Solution> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task })
    worker.on('message', (message: ThreadMessage) => {
      if ('progress' in message) onProgress?.(message.progress)
      else if ('solution' in message) resolve(message.solution)
      else reject(message.isInput ? new TypeError(message.failure) : new Error(message.failure))
    })
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`The roster engine's thread ended with code ${code} and no roster.`)))
  })
}
