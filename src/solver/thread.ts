import { Worker } from 'node:worker_threads'
import { bestOf, failuresOf } from './best-of.ts'
import { asksForCover } from './solve.ts'
import type { Problem, Progress, Solution } from './types.ts'
import { problemFaults } from './validate.ts'

export interface SolveInThreadOptions {
  seed: number
  /**
   * By `iterations` alone the roster depends on problem, seed and `threads` only, as each thread searches for itself and
   * of equal rosters the first thread's is taken. With `milliseconds` it also depends on how fast the machine is. Threads
   * on personal schedules share their best roster at any time: with two or more of them no run can be made again.
   */
  budget: { iterations?: number; milliseconds?: number }
  signal?: AbortSignal
  /** Tells of the first thread. */
  onProgress?: (progress: Progress) => void
  /** Worker threads that search side by side, with seeds of their own; 1 when missing. The best roster wins. */
  threads?: number
  explain?: boolean
  /** Hears of a thread that broke while another one made a roster. */
  onThreadLost?: (error: Error) => void
}

/** Words of `ThreadTask.stop`: not 0 when somebody has called the run off, when a thread has proved its roster best. */
export const CALLED_OFF = 0
export const PROVED_BEST = 1

/** What a thread is given to start with. */
export interface ThreadTask {
  problem: Problem
  seed: number
  budget: { iterations?: number; milliseconds?: number }
  explain: boolean
  /** Shared by all threads of the run. In a run that counts iterations only, no thread looks at what others have proved. */
  stop: Int32Array
}

export type ThreadMessage = { progress: Progress } | { solution: Solution } | { failure: string; isInput: boolean }

/**
 * `solve` in worker threads: the caller's event loop stays free. An abort ends the run with its best roster so far, as
 * does, in a timed run, the proof of one thread that its roster is the best.
 * Rejects with `TypeError` for a problem that contradicts itself, with `Error` when every thread breaks.
 */
export async function solveInThread(problem: Problem, options: SolveInThreadOptions): Promise<Solution> {
  if (asksForCover(problem) && problemFaults(problem).length === 0) {
    const { canSchedule, solveSchedulesInThreads } = await import('./schedules/index.ts')
    if (canSchedule(problem)) return solveSchedulesInThreads(problem, options)
  }
  const stop = new Int32Array(new SharedArrayBuffer(8))
  const callOff = () => Atomics.store(stop, CALLED_OFF, 1)
  if (options.signal?.aborted) callOff()
  options.signal?.addEventListener('abort', callOff, { once: true })
  try {
    const tasks = Array.from(
      { length: Math.max(1, options.threads ?? 1) },
      (_, i): ThreadTask => ({
        problem,
        seed: options.seed + i * SEED_STEP,
        budget: options.budget,
        explain: options.explain ?? true,
        stop,
      }),
    )
    const settled = await Promise.allSettled(
      tasks.map((task, i) => runThread(task, i === 0 ? options.onProgress : undefined)),
    )
    const best = bestOf(settled)
    for (const failure of failuresOf(settled)) options.onThreadLost?.(failure)
    return best
  } finally {
    options.signal?.removeEventListener('abort', callOff)
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
