/** Entry of a worker thread: solves one problem and posts progress and the solution. */
import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { PROVED, solve } from './solve.ts'
import { CALLED_OFF, PROVED_BEST, type ThreadMessage, type ThreadTask } from './thread.ts'

const task = workerData as ThreadTask
const post = (message: ThreadMessage): void => parentPort?.postMessage(message)
const startedAt = performance.now()
const isTimed = task.budget.milliseconds !== undefined

try {
  const solution = await solve(task.problem, {
    seed: task.seed,
    budget: { ...task.budget, elapsedMs: () => performance.now() - startedAt },
    signal: {
      get aborted() {
        return Atomics.load(task.stop, CALLED_OFF) !== 0 || (isTimed && Atomics.load(task.stop, PROVED_BEST) !== 0)
      },
    },
    onProgress(progress) {
      if (progress.phase === PROVED) Atomics.store(task.stop, PROVED_BEST, 1)
      post({ progress })
    },
    explain: task.explain,
  })
  post({ solution })
} catch (error) {
  const failure = error instanceof Error ? error.message : String(error)
  post({ failure, isInput: error instanceof TypeError })
}
