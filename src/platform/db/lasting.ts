import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { type Limits, type Mark, patience, within } from './patience.ts'
import type { Pool } from './pool.ts'
import { openSpan, type Work } from './transactions.ts'
import { type Post, watchedClient } from './watched.ts'

export interface LastingOptions {
  open(): Pool
  /** What holds for a call. */
  limits(): Limits
  /** What is under way on connections beside a dead one may go on for so long, in seconds. */
  graceSeconds: number
  /** Hears that a pool did not answer any more and was left for a new one. */
  onReplaced(): void
}

export interface Lasting {
  sql: postgres.Sql
  close(): Promise<void>
}

const LAST_WORDS_S = 5
const LEAVE = Symbol('leave')
/** Pause between two tries to find out what became of a transaction. */
const ASK_AGAIN_MS = 200

const isReading = (text: string) => /^\s*select\b/i.test(text)

/** Asks, of whichever connection answers, and for twice as long as a statement may take. */
async function findOut(mark: Mark, sql: postgres.Sql, limitMs: number): Promise<boolean> {
  for (const until = performance.now() + 2 * limitMs; ; await sleep(ASK_AGAIN_MS)) {
    try {
      return await within({ readMs: limitMs, writeMs: limitMs }, () => mark.isWritten(sql))
    } catch (error) {
      if (performance.now() < until) continue
      mark.inDoubt = true
      throw error
    }
  }
}

/**
 * A client that lasts longer than its connections: every call has a deadline, and when the database stays silent a new
 * pool takes the place of the old one. Whoever holds the client notices only that some calls failed.
 */
export function lastingClient({ open, limits, graceSeconds, onReplaced }: LastingOptions): Lasting {
  const retired = new Set<Pool>()
  let current = enter(open())

  function replace(pool: Pool, isDead: boolean): void {
    if (pool !== current.pool) return
    current = enter(open())
    onReplaced()
    retired.add(pool)
    // Where others still get answers they may finish; the one connection that does not is taken away after that.
    void pool.end(isDead ? 0 : graceSeconds).then(() => retired.delete(pool))
  }

  function enter(pool: Pool) {
    const post: Post = {
      pool,
      limitMs: (text) => (isReading(text) ? limits().readMs : limits().writeMs),
      onSilence: replace,
    }
    const begin = (...given: [...string[], Work]) => {
      const work = given.pop() as Work
      const mark = patience()?.mark
      const limitMs = limits().writeMs
      const open = pool.client.begin as (...args: unknown[]) => Promise<unknown>
      return openSpan(post, {
        limitMs,
        open: (inside) => open(...given, inside),
        work: mark ? (tx) => mark.write(tx).then(() => work(tx)) : work,
        wasCommitted: mark && (() => findOut(mark, sql, limitMs)),
      })
    }
    return { pool, client: watchedClient(pool.client, post, { begin }) }
  }

  const sql: postgres.Sql = new Proxy(current.client, {
    apply: (_target, self, given) => Reflect.apply(current.client as never, self, given),
    get: (_target, name) => (name === LEAVE ? () => replace(current.pool, false) : Reflect.get(current.client, name)),
  })
  const close = async () => {
    await Promise.all([current.pool, ...retired].map((pool) => pool.end(LAST_WORDS_S)))
  }
  return { sql, close }
}

/** Has a lasting client take new connections, as one of those it has was found dead by other means. */
export function leaveConnections(sql: postgres.Sql): void {
  const leave: unknown = Reflect.get(sql, LEAVE)
  if (typeof leave === 'function') leave()
}
