import { Worker } from 'node:worker_threads'
import { bestOf, failuresOf } from '../best-of.ts'
import { evaluate } from '../evaluate.ts'
import { explain } from '../explain/index.ts'
import type { SolveInThreadOptions } from '../thread.ts'
import type { Problem, Progress, Solution } from '../types.ts'
import { type SharedMemory, shareMemory } from './exchange.ts'

export interface ScheduleTask {
  problem: Problem
  seed: number
  budget: SolveInThreadOptions['budget']
  explain: boolean
  thread: number
  threads: number
  memory: SharedMemory
  cancelled: Int32Array
}

export type ScheduleMessage = { progress: Progress } | { solution: Solution } | { failure: string; isInput: boolean }

/** Keeps the seeds of the threads of neighbouring runs apart. */
const SEED_STEP = 1_000_003

/**
 * `solveSchedules` in worker threads that share the best roster: the first bounds the whole problem before it joins the
 * others in reworking parts. Rejects with `TypeError` for a problem that contradicts itself.
 */
export async function solveSchedulesInThreads(problem: Problem, options: SolveInThreadOptions): Promise<Solution> {
  const cancelled = new Int32Array(new SharedArrayBuffer(4))
  const cancel = () => Atomics.store(cancelled, 0, 1)
  if (options.signal?.aborted) cancel()
  options.signal?.addEventListener('abort', cancel, { once: true })
  const { period, people } = problem
  const memory = shareMemory(people.length, period.toDay - period.fromDay)
  const threads = Math.max(1, options.threads ?? 1)
  try {
    const settled = await Promise.allSettled(
      Array.from({ length: threads }, (_, thread) =>
        runThread(
          {
            problem,
            seed: options.seed + thread * SEED_STEP,
            budget: options.budget,
            explain: thread === 0 && (options.explain ?? true),
            thread,
            threads,
            memory,
            cancelled,
          },
          thread === 0 ? options.onProgress : undefined,
        ),
      ),
    )
    const roster = chosenFrom(problem, settled, options.explain ?? true)
    for (const failure of failuresOf(settled)) options.onThreadLost?.(failure)
    return roster
  } finally {
    options.signal?.removeEventListener('abort', cancel)
  }
}

/** The first thread's roster, the only one that is explained; where that thread broke, the best of the others. */
function chosenFrom(problem: Problem, settled: PromiseSettledResult<Solution>[], inFull: boolean): Solution {
  const [first] = settled
  if (first!.status === 'fulfilled') return first!.value
  const best = bestOf(settled)
  if (!inFull) return best
  return { ...best, ...evaluate(problem, best.assignments), ...explain(problem, best.assignments) }
}

function runThread(task: ScheduleTask, onProgress: ((progress: Progress) => void) | undefined): Promise<Solution> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task })
    worker.on('message', (message: ScheduleMessage) => {
      if ('progress' in message) onProgress?.(message.progress)
      else if ('solution' in message) resolve(message.solution)
      else reject(message.isInput ? new TypeError(message.failure) : new Error(message.failure))
    })
    worker.on('error', reject)
    worker.on('exit', (code) => reject(new Error(`A thread of the roster engine ended with code ${code}, no roster.`)))
  })
}
