import { and, eq, lt, lte, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Clock } from '../../time/clock.ts'
import { worker } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { Log } from '../telemetry/log.ts'
import { keepAlive, LEASE_MS } from './lease.ts'
import type { News } from './news.ts'
import { taskDied } from './queue.events.ts'
import { tasks } from './queue.tables.ts'
import type { TaskKind } from './tasks.ts'

/** What a handler is told besides its payload. */
export interface TaskContext {
  taskId: string
  attempt: number
  /** Aborted when the process stops; long work should end soon and may throw. */
  signal: AbortSignal
}

export interface Handler {
  kind: TaskKind
  run(payload: unknown, context: TaskContext): Promise<void>
}

/** Binds a task to the one service call that does it. */
export const bind = <P extends object>(
  kind: TaskKind<P>,
  run: (payload: P, context: TaskContext) => Promise<unknown>,
): Handler => ({
  kind: kind as unknown as TaskKind,
  run: async (payload, context) => {
    const read = kind.payload.safeParse(payload)
    if (!read.success)
      throw new HopelessTask(`its payload is not what ${kind.name} takes: ${z.prettifyError(read.error)}`)
    await run(read.data, context)
  },
})

/** Thrown by a handler when trying again cannot help. */
export class HopelessTask extends Error {}

const backOffMs = (attempt: number) => Math.min(2 ** attempt * 500, 10 * 60_000)

export interface RunnerDeps {
  db: Db
  clock: Clock
  log: Log
  handlers: Handler[]
  /** Hears of each task that is put aside as dead. */
  news?: News | undefined
}

export type Runner = ReturnType<typeof createRunner>

type TaskRow = typeof tasks.$inferSelect

/**
 * Claims a task row, does it, settles it. Any number of runners may be told of the same task: one does it, and another
 * one only when the first is not heard of any more, which then has no say about it either.
 */
export function createRunner({ db, clock, log, handlers, news }: RunnerDeps) {
  const byName = new Map(handlers.map((handler) => [handler.kind.name, handler]))
  const stopping = new AbortController()

  const leaseEnd = (now: Date) => new Date(now.getTime() + LEASE_MS)

  const claim = async (id: string) => {
    const now = clock.now()
    const isDue = and(eq(tasks.state, 'waiting'), lte(tasks.dueAt, now))
    const isAbandoned = and(eq(tasks.state, 'running'), lt(tasks.lockedUntil, now))
    const [task] = await db
      .update(tasks)
      .set({ state: 'running', attempts: sql`${tasks.attempts} + 1`, lockedUntil: leaseEnd(now) })
      .where(and(eq(tasks.id, id), or(isDue, isAbandoned)))
      .returning()
    return task
  }

  const isMine = ({ id, attempts }: TaskRow) =>
    and(eq(tasks.id, id), eq(tasks.state, 'running'), eq(tasks.attempts, attempts))

  const hold = (task: TaskRow) =>
    keepAlive(() =>
      db
        .update(tasks)
        .set({ lockedUntil: leaseEnd(clock.now()) })
        .where(isMine(task)),
    )

  const settleDone = (task: TaskRow) =>
    db.update(tasks).set({ state: 'done', finishedAt: clock.now(), lockedUntil: null, error: null }).where(isMine(task))

  const settleFailed = async (task: TaskRow, kind: TaskKind | undefined, error: unknown) => {
    const hopeless = !kind || error instanceof HopelessTask || task.attempts >= kind.attempts
    const text = error instanceof Error ? error.message.split('\nparams:')[0]!.slice(0, 500) : String(error)
    log[hopeless ? 'error' : 'warn'](
      { task: task.name, taskId: task.id, attempt: task.attempts, error: text },
      'task failed',
    )
    const now = clock.now()
    await db.transaction(async (tx) => {
      // Whoever wanted the same thing meanwhile has a newer row: then this one gives way to it.
      const settled = await tx.execute(sql`
        update tasks set
          state = case when ${hopeless} then 'dead'
            when exists (select 1 from tasks twin where twin.name = tasks.name and twin.key = tasks.key and twin.state = 'waiting')
            then 'cancelled' else 'waiting' end,
          due_at = ${new Date(now.getTime() + backOffMs(task.attempts)).toISOString()}::timestamptz,
          finished_at = case when ${hopeless} then ${now.toISOString()}::timestamptz end,
          nudged_at = null, locked_until = null, error = ${text}
        where id = ${task.id} and state = 'running' and attempts = ${task.attempts} returning id`)
      if (!hopeless || settled.length === 0) return
      await news?.record(taskDied, { taskId: task.id, name: task.name }, { tx, actor: worker(task.name), now })
    })
  }

  return {
    /** Does the task if it is due and nobody else has it; otherwise nothing happens. */
    async run(id: string): Promise<void> {
      const task = await claim(id)
      if (!task) return
      const handler = byName.get(task.name)
      try {
        if (!handler) throw new HopelessTask(`nobody knows how to do ${task.name}`)
        if (task.attempts > handler.kind.attempts) throw new HopelessTask('whoever took it up last died of it')
        using _held = hold(task)
        await handler.run(task.payload, { taskId: id, attempt: task.attempts, signal: stopping.signal })
      } catch (error) {
        await settleFailed(task, handler?.kind, error)
        return
      }
      await settleDone(task)
    },
    stop: () => stopping.abort(new Error('the process stops')),
  }
}
