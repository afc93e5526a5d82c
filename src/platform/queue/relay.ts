import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Clock } from '../../time/clock.ts'
import type { Db } from '../db/client.ts'
import type { Log } from '../telemetry/log.ts'
import type { NudgeProducer } from './bull.ts'
import { tasks } from './queue.tables.ts'
import type { QueueName } from './tasks.ts'

export interface RelayDeps {
  db: Db
  clock: Clock
  log: Log
  producer: NudgeProducer
  /** Gets the ids of tasks that are due now and that the queue did not take. */
  onRefused?: (taskIds: string[]) => void
}

/** Tasks due later than this are not handed over yet: a queue is no place to keep next month. */
const HORIZON_MS = 26 * 3_600_000
/** A task that is this late and was nudged is nudged again: its job must have been lost. */
const LATE_MS = 20_000
const BATCH = 1_000
/** A task that has failed and is tried again within so long is not settled: its first two retries come that soon. */
const AGAIN_SOON_MS = 2_000

export type Relay = ReturnType<typeof createRelay>

/** Turns task rows into BullMQ jobs, and rows that were left behind into jobs again. */
export function createRelay({ db, clock, log, producer, onRefused }: RelayDeps) {
  /** Hands over what nobody has been told of. Returns how many tasks it nudged. */
  async function nudge(): Promise<number> {
    const now = clock.now()
    const fresh = db
      .select({ id: tasks.id })
      .from(tasks)
      .where(
        and(eq(tasks.state, 'waiting'), isNull(tasks.nudgedAt), lte(tasks.dueAt, new Date(now.getTime() + HORIZON_MS))),
      )
      .orderBy(asc(tasks.dueAt))
      .limit(BATCH)
      .for('update', { skipLocked: true })
    const taken = await db
      .update(tasks)
      .set({ nudgedAt: now, nudges: sql`${tasks.nudges} + 1` })
      .where(inArray(tasks.id, fresh))
      .returning({ id: tasks.id, name: tasks.name, queue: tasks.queue, dueAt: tasks.dueAt, nudges: tasks.nudges })
    if (taken.length > 0) await handOver(taken, now)
    return taken.length
  }

  async function handOver(
    fresh: { id: string; name: string; queue: string; dueAt: Date; nudges: number }[],
    now: Date,
  ): Promise<void> {
    const byQueue = Map.groupBy(fresh, (task) => task.queue as QueueName)
    for (const [queue, group] of byQueue) {
      const nudges = group.map((task) => ({
        name: task.name,
        taskId: task.id,
        jobId: `${task.id}-${task.nudges}`,
        delayMs: Math.max(0, task.dueAt.getTime() - now.getTime()),
      }))
      try {
        await producer.add(queue, nudges)
      } catch (error) {
        log.warn({ error: String(error), queue, tasks: group.length }, 'the queue does not take jobs')
        onRefused?.(group.filter((task) => task.dueAt <= now).map((task) => task.id))
      }
    }
  }

  /** Finds what was left behind: ids of tasks whose process died, and of those that are overdue as their job was lost. */
  async function sweep(): Promise<{ abandoned: string[]; overdue: string[] }> {
    const now = clock.now()
    const late = new Date(now.getTime() - LATE_MS)
    const isAbandoned = and(eq(tasks.state, 'running'), lt(tasks.lockedUntil, now))
    await db
      .update(tasks)
      .set({ state: 'cancelled', finishedAt: now, error: 'its process died and the same was asked for again' })
      .where(
        and(
          isAbandoned,
          sql`exists (select 1 from tasks twin where twin.name = ${tasks.name} and twin.key = ${tasks.key} and twin.state = 'waiting')`,
        ),
      )
    const abandoned = await db.select({ id: tasks.id }).from(tasks).where(isAbandoned).limit(BATCH)
    const overdue = await db
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(eq(tasks.state, 'waiting'), lt(tasks.dueAt, late), lt(tasks.nudgedAt, late)))
      .orderBy(asc(tasks.dueAt))
      .limit(BATCH)
    const ids = (rows: { id: string }[]) => rows.map((row) => row.id)
    return { abandoned: ids(abandoned), overdue: ids(overdue) }
  }

  /**
   * Forgets nudges given before a task fell due: a queue counts real time, so where a clock was pushed its delayed
   * jobs come too late. Where the clock is the machine's this only tells the queue twice.
   */
  async function forgetEarlyNudges(): Promise<void> {
    await db
      .update(tasks)
      .set({ nudgedAt: null })
      .where(and(eq(tasks.state, 'waiting'), lte(tasks.dueAt, clock.now()), lt(tasks.nudgedAt, tasks.dueAt)))
  }

  /** Tells the queue of everything again, as it has lost what it held. */
  async function retell(): Promise<void> {
    log.info({}, 'the queue is empty: all that waits is handed over')
    await db
      .update(tasks)
      .set({ nudgedAt: null })
      .where(and(eq(tasks.state, 'waiting'), isNotNull(tasks.nudgedAt)))
  }

  /** Tasks that are due, being done or about to be tried again at this moment, and those of them nobody was told of. */
  async function pending(): Promise<{ all: number; untold: number }> {
    const now = clock.now()
    const soon = new Date(now.getTime() + AGAIN_SOON_MS).toISOString()
    const [row] = await db
      .select({
        all: sql<number>`count(*)::int`,
        untold: sql<number>`(count(*) filter (where ${tasks.state} = 'waiting' and ${tasks.nudgedAt} is null))::int`,
      })
      .from(tasks)
      .where(
        sql`${tasks.state} = 'running' or ${tasks.state} = 'waiting' and ${tasks.dueAt} <=
          case when ${tasks.error} is null then ${now.toISOString()}::timestamptz else ${soon}::timestamptz end`,
      )
    return row!
  }

  /** When the next waiting task falls due. */
  async function nextDueAt(): Promise<Date | undefined> {
    const [row] = await db
      .select({ dueAt: tasks.dueAt })
      .from(tasks)
      .where(eq(tasks.state, 'waiting'))
      .orderBy(asc(tasks.dueAt))
      .limit(1)
    return row?.dueAt
  }

  return { nudge, sweep, retell, forgetEarlyNudges, pending, nextDueAt }
}
