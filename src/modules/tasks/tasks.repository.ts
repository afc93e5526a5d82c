import { and, eq, type SQL } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { tasks } from '../../platform/queue/queue.tables.ts'

export type TaskRow = typeof tasks.$inferSelect

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
      .where(and(eq(tasks.id, id), eq(tasks.state, 'dead')))
      .returning()
    return row
  },
})
