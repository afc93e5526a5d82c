import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../db/columns.ts'

export const TASK_STATES = ['waiting', 'running', 'done', 'dead', 'cancelled'] as const

/**
 * What has to happen, and when: written in the transaction of the change that causes it.
 * A BullMQ job only points here, so it may be lost, late or doubled without harm.
 */
export const tasks = pgTable(
  'tasks',
  {
    id: primaryId(),
    name: text('name').notNull(),
    /** With the name, says "the same thing": scheduling it again moves the waiting task instead of adding one. */
    key: text('key').notNull(),
    queue: text('queue').notNull(),
    payload: jsonb('payload').notNull(),
    dueAt: instant('due_at').notNull(),
    state: text('state', { enum: TASK_STATES }).notNull().default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    nudges: integer('nudges').notNull().default(0),
    nudgedAt: instant('nudged_at'),
    lockedUntil: instant('locked_until'),
    createdAt: instant('created_at').notNull(),
    finishedAt: instant('finished_at'),
    error: text('error'),
  },
  (t) => [
    uniqueIndex('tasks_one_waiting_per_key').on(t.name, t.key).where(sql`${t.state} = 'waiting'`),
    index('tasks_due').on(t.dueAt).where(sql`${t.state} = 'waiting'`),
    index('tasks_running').on(t.lockedUntil).where(sql`${t.state} = 'running'`),
    index('tasks_dead').on(t.finishedAt).where(sql`${t.state} = 'dead'`),
    oneOf('tasks_state_known', t.state, TASK_STATES),
  ],
)
