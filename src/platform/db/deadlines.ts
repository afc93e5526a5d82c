import { AsyncLocalStorage } from 'node:async_hooks'

/** Coarse on purpose: one ticker serves all that is waited for, as queries are many and deadlines hardly ever come. */
const TICK_MS = 50

interface Deadline {
  dueAt: number
  expire(): void
}

const running = new Set<Deadline>()
/** Deadlines come on behalf of nobody: what runs then does not run as part of whatever began first. */
const onBehalfOfNobody = AsyncLocalStorage.snapshot()
let ticks = 0
let ticker: NodeJS.Timeout | undefined

function tick(): void {
  ticks += 1
  for (const deadline of running) {
    if (deadline.dueAt > ticks) continue
    running.delete(deadline)
    deadline.expire()
  }
  if (running.size > 0) return
  clearInterval(ticker)
  ticker = undefined
}

/**
 * Calls `expire` after about `ms`, unless what it returns is called before. Counts ticks and not the clock: a process
 * that was held up for seconds must not take answers for late which it has only not read yet.
 */
export function after(ms: number, expire: () => void): () => void {
  const deadline = { dueAt: ticks + Math.ceil(ms / TICK_MS), expire }
  running.add(deadline)
  ticker ??= onBehalfOfNobody(() => setInterval(tick, TICK_MS).unref())
  return () => running.delete(deadline)
}
