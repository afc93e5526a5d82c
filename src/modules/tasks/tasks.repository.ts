import { and, asc, count, eq, gte, min, ne, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { tasks } from '../../platform/queue/queue.tables.ts'
import { tellOfDead } from './tasks.jobs.ts'

export type TaskRow = typeof tasks.$inferSelect

/** Dead tasks of one name. */
export interface DeadKind {
  name: string
  count: number
  /** When the first of them died. */
  since: Date
}

const isDead = eq(tasks.state, 'dead')
/** An alarm that could not be told is no reason for another one. */
const isAlarmed = and(isDead, ne(tasks.name, tellOfDead.name))

export const tasksRepository = (db: Handle) => ({
  async find(id: string): Promise<TaskRow | undefined> {
    const [row] = await db.select().from(tasks).where(eq(tasks.id, id))
    return row
  },

  list: (conditions: (SQL | undefined)[], page: Keyset): Promise<TaskRow[]> =>
    db
      .select()
      .from(tasks)
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** The changed row, or undefined when the task is not dead. */
  async changeDead(id: string, changes: Partial<TaskRow>): Promise<TaskRow | undefined> {
    const [row] = await db
      .update(tasks)
      .set(changes)
      .where(and(eq(tasks.id, id), isDead))
      .returning()
    return row
  },

  /** When the first of those died that died at this moment or later and are dead still. */
  async firstDead(since: Date): Promise<Date | undefined> {
    const [row] = await db
      .select({ at: min(tasks.finishedAt) })
      .from(tasks)
      .where(and(isAlarmed, gte(tasks.finishedAt, since)))
    return row?.at ?? undefined
  },

  deadKinds: (): Promise<DeadKind[]> =>
    db
      .select({
        name: tasks.name,
        count: count(),
        since: sql<Date>`min(${tasks.finishedAt})`.mapWith(tasks.finishedAt),
      })
      .from(tasks)
      .where(isAlarmed)
      .groupBy(tasks.name)
      .orderBy(asc(tasks.name)),
})
