/** Entry of a worker thread of a run over personal schedules. */
import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { Exchange } from './exchange.ts'
import { solveSchedules } from './solve-schedules.ts'
import type { ScheduleMessage, ScheduleTask } from './threads.ts'

/** The first thread waits so long for the others to end, for what they may still have found. */
const LAST_WAIT_MS = 1500

const task = workerData as ScheduleTask
const post = (message: ScheduleMessage): void => parentPort?.postMessage(message)
const startedAt = performance.now()
const exchange = new Exchange(task.memory, task.thread, task.threads)

try {
  const solution = await solveSchedules(
    task.problem,
    {
      seed: task.seed,
      budget: { ...task.budget, elapsedMs: () => performance.now() - startedAt },
      signal: {
        get aborted() {
          return Atomics.load(task.cancelled, 0) === 1
        },
      },
      onProgress: (progress) => post({ progress }),
      explain: task.explain,
    },
    {
      exchange,
      beforeEnd() {
        exchange.finish()
        if (task.thread === 0) exchange.waitForEnd(LAST_WAIT_MS)
      },
    },
  )
  post({ solution })
} catch (error) {
  const failure = error instanceof Error ? error.message : String(error)
  post({ failure, isInput: error instanceof TypeError })
}
