import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../time/clock.ts'
import type { Db } from '../db/client.ts'
import type { Log } from '../telemetry/log.ts'
import { createConsumer, createProducer, createQueueMemory, type QueueBackend } from './bull.ts'
import type { News } from './news.ts'
import { createRelay } from './relay.ts'
import { createRunner, type Handler } from './runner.ts'

export interface NightWatchDeps {
  db: Db
  clock: Clock
  log: Log
  backend: QueueBackend
  handlers: Handler[]
  /** Hears of each task that is put aside as dead. */
  news?: News
  concurrency: number
  /** Milliseconds between two looks at the table for new tasks. */
  pollMs?: number
  /** Milliseconds between two sweeps for what was left behind. */
  sweepMs?: number
}

export interface NightWatch {
  /** Looks for new tasks now instead of at the next poll. */
  kick(): void
  /** Resolves when nothing is due, being done or, having failed, tried again within moments. Throws after `timeoutMs`. */
  settled(timeoutMs?: number): Promise<void>
  /** When the next waiting task falls due, for a clock that is pushed. */
  nextDueAt(): Promise<Date | undefined>
  close(): Promise<void>
}

const LOOK_AGAIN_MS = 20
/** What falls due while waiting may have been handed over with a delay. */
const LATE_AGAIN_MS = 200
/** After so long without an end some job may have been lost. */
const LOST_AFTER_MS = 2_000

/** Everything that happens without a request: relay, workers and the sweep that is the guarantee behind both. */
export function startNightWatch(deps: NightWatchDeps): NightWatch {
  const { db, clock, log, backend, handlers, news, concurrency, pollMs = 250, sweepMs = 5_000 } = deps
  const stop = new AbortController()
  const producer = createProducer(backend, log)
  const memory = createQueueMemory(backend)
  const runner = createRunner({ db, clock, log, handlers, news })
  const inHand = new Set<Promise<void>>()
  // Without a queue the work goes on here, one task after the other.
  const doHere = (taskIds: string[]) => {
    const work = (async () => {
      for (const id of taskIds) if (!stop.signal.aborted) await runner.run(id)
    })().finally(() => inHand.delete(work))
    inHand.add(work)
  }
  const relay = createRelay({ db, clock, log, producer, onRefused: doHere })
  const consumer = createConsumer(backend, log, { concurrency, run: (id) => runner.run(id) })
  let wake = new AbortController()

  const loop = async (name: string, everyMs: number, work: () => Promise<unknown>) => {
    while (!stop.signal.aborted) {
      try {
        await work()
      } catch (error) {
        log.warn({ error: String(error) }, `${name} failed`)
      }
      const pause = AbortSignal.any([stop.signal, name === 'relay' ? wake.signal : stop.signal])
      await sleep(everyMs, undefined, { signal: pause }).catch(() => {})
      if (name === 'relay' && wake.signal.aborted) wake = new AbortController()
    }
  }
  const drainNudges = async () => {
    while (!stop.signal.aborted && (await relay.nudge()) > 0);
  }
  // The queue had its chance with these; now they are done here, whether or not a queue is there at all. What a dead
  // process has left waits for nothing else.
  const doLeftBehind = async () => {
    const { abandoned, overdue } = await relay.sweep()
    for (const id of abandoned) doHere([id])
    for (const id of overdue) {
      if (stop.signal.aborted) return
      await runner.run(id)
    }
  }
  // A queue that does not answer has not forgotten; what is due meanwhile is done without it.
  const lookAfter = async () => {
    if (await memory.wasLost().catch(() => false)) await relay.retell()
    await doLeftBehind()
  }
  const loops = [loop('relay', pollMs, drainNudges), loop('sweep', sweepMs, lookAfter)]
  const kick = () => wake.abort()

  return {
    kick,
    nextDueAt: relay.nextDueAt,
    async settled(timeoutMs = 60_000) {
      let waited = 0
      for (let left = await relay.pending(); left.all > 0; left = await relay.pending()) {
        if (waited % LATE_AGAIN_MS === 0) await relay.forgetEarlyNudges()
        if (left.untold > 0) kick()
        if (waited > timeoutMs) throw new Error(`Tasks are still due after ${timeoutMs} ms.`)
        await sleep(LOOK_AGAIN_MS)
        waited += LOOK_AGAIN_MS
        if (waited % LOST_AFTER_MS === 0) await doLeftBehind()
      }
    },
    async close() {
      stop.abort()
      runner.stop()
      await Promise.allSettled([...loops, ...inHand])
      await Promise.allSettled([consumer.close(), producer.close()])
      memory.close()
    },
  }
}
