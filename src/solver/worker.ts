/** Entry of a worker thread: solves one problem and posts progress and the solution. */
import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { solve } from './solve.ts'
import type { ThreadMessage, ThreadTask } from './thread.ts'

const task = workerData as ThreadTask
const post = (message: ThreadMessage): void => parentPort?.postMessage(message)
const startedAt = performance.now()

try {
  const solution = await solve(task.problem, {
    seed: task.seed,
    budget: { ...task.budget, elapsedMs: () => performance.now() - startedAt },
    signal: {
      get aborted() {
        return Atomics.load(task.cancelled, 0) === 1
      },
    },
    onProgress: (progress) => post({ progress }),
    explain: task.explain,
  })
  post({ solution })
} catch (error) {
  const failure = error instanceof Error ? error.message : String(error)
  post({ failure, isInput: error instanceof TypeError })
}
