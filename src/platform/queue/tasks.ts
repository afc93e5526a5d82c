import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { insertMany } from '../db/bulk.ts'
import type { Handle } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { tasks } from './queue.tables.ts'

/**
 * `generation` takes minutes of a core, `searches` wait for each other, `follow-ups` are many rows at a time and leave the
 * machine to those who wait for an answer; none of them may hold up the rest.
 */
export type QueueName = 'tasks' | 'searches' | 'follow-ups' | 'generation'

/** A job: its name and what it carries. Payloads are ids, never copies of rows. */
export interface TaskKind<P extends object = object> {
  /** 'module.verb-noun' */
  name: string
  payload: z.ZodType<P>
  queue: QueueName
  /** Tries before it is put aside as dead. */
  attempts: number
}

export function defineTask<P extends object>(kind: {
  name: string
  payload: z.ZodType<P>
  queue?: QueueName
  attempts?: number
}): TaskKind<P> {
  return { queue: 'tasks', attempts: 8, ...kind }
}

export interface Errand<P extends object> {
  payload: P
  /** What it is about: scheduling the same name and key again moves the waiting task. */
  key: string
  dueAt: Date
}

const rowsOf = <P extends object>(kind: TaskKind<P>, errands: Errand<P>[], now: Date) =>
  errands.map((errand) => ({
    id: newId(),
    name: kind.name,
    key: errand.key,
    queue: kind.queue,
    payload: errand.payload,
    dueAt: errand.dueAt,
    createdAt: now,
  }))

/** Writes what has to happen, in the transaction of the change that causes it. */
export async function schedule<P extends object>(
  tx: Handle,
  kind: TaskKind<P>,
  errands: Errand<P> | Errand<P>[],
  now: Date,
): Promise<void> {
  await insertMany(
    tx,
    tasks,
    rowsOf(kind, [errands].flat(), now),
    sql`on conflict (name, key) where state = 'waiting'
      do update set due_at = excluded.due_at, payload = excluded.payload, nudged_at = null`,
  )
}

/**
 * The same, but what waits already stays as it is. Whoever does that task meanwhile waits for this transaction, and so
 * sees what it has written.
 */
export async function scheduleUnlessWaiting<P extends object>(
  tx: Handle,
  kind: TaskKind<P>,
  errand: Errand<P>,
  now: Date,
): Promise<void> {
  await insertMany(
    tx,
    tasks,
    rowsOf(kind, [errand], now),
    sql`on conflict (name, key) where state = 'waiting' do update set due_at = tasks.due_at`,
  )
}

/**
 * Takes up to `most` tasks of a kind that are due and wait for their turn into this transaction, as done: whoever does a
 * thing for many can do it for these too. Answers with their payloads; what is rolled back waits again, and so does what
 * has a payload that cannot be read, for whoever does it alone.
 */
export async function takeAlong<P extends object>(
  tx: Handle,
  kind: TaskKind<P>,
  most: number,
  now: Date,
): Promise<P[]> {
  const waiting = tx
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.name, kind.name), eq(tasks.state, 'waiting'), lte(tasks.dueAt, now)))
    .orderBy(asc(tasks.dueAt))
    .limit(most)
    .for('update', { skipLocked: true })
  const taken = await tx
    .update(tasks)
    .set({ state: 'done', finishedAt: now })
    .where(inArray(tasks.id, waiting))
    .returning({ id: tasks.id, payload: tasks.payload })
  const read = taken.map(({ id, payload }) => ({ id, ...kind.payload.safeParse(payload) }))
  const unreadable = read.filter((one) => !one.success).map((one) => one.id)
  if (unreadable.length > 0) {
    await tx.update(tasks).set({ state: 'waiting', finishedAt: null }).where(inArray(tasks.id, unreadable))
  }
  return read.flatMap((one) => (one.success ? [one.data as P] : []))
}

/** Calls off what has not begun. Nothing happens when it already has. */
export async function cancelTasks(
  tx: Handle,
  kind: TaskKind<never> | TaskKind,
  keys: string[],
  now: Date,
): Promise<void> {
  if (keys.length === 0) return
  await tx
    .update(tasks)
    .set({ state: 'cancelled', finishedAt: now })
    .where(and(eq(tasks.name, kind.name), inArray(tasks.key, keys), eq(tasks.state, 'waiting')))
}
