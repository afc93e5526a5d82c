import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { confirmationItems, confirmationRequests } from './confirmations.tables.ts'

type Folded = Pick<typeof confirmationRequests.$inferSelect, 'id' | 'confirmBy'>

export const mergingRepository = (db: Handle) => ({
  /**
   * Moves what questions of the same roster asked, that were never sent, under this one; the earliest deadline holds.
   * Ids that are no such questions are passed over.
   */
  async fold(ids: string[], into: string, now: Date): Promise<Folded | undefined> {
    const open = await db
      .update(confirmationRequests)
      .set({ supersededAt: now })
      .where(
        and(
          inArray(confirmationRequests.id, ids),
          ne(confirmationRequests.id, into),
          isNull(confirmationRequests.supersededAt),
        ),
      )
      .returning({ confirmBy: confirmationRequests.confirmBy })
    await db
      .update(confirmationItems)
      .set({ requestId: into })
      .where(and(inArray(confirmationItems.requestId, ids), ne(confirmationItems.requestId, into)))
    if (open.length === 0) return undefined
    const earliest = new Date(Math.min(...open.map((one) => one.confirmBy.getTime())))
    const [row] = await db
      .update(confirmationRequests)
      .set({ confirmBy: sql`least(${confirmationRequests.confirmBy}, ${earliest.toISOString()}::timestamptz)` })
      .where(eq(confirmationRequests.id, into))
      .returning({ id: confirmationRequests.id, confirmBy: confirmationRequests.confirmBy })
    return row
  },

  /** Duties that these questions ask about, and those questions among them that still hold, newest first. */
  async asked(ids: string[]): Promise<{ assignmentIds: Set<string>; openIds: string[] }> {
    if (ids.length === 0) return { assignmentIds: new Set(), openIds: [] }
    const items = await db
      .select({ assignmentId: confirmationItems.assignmentId })
      .from(confirmationItems)
      .where(inArray(confirmationItems.requestId, ids))
    const open = await db
      .select({ id: confirmationRequests.id })
      .from(confirmationRequests)
      .where(and(inArray(confirmationRequests.id, ids), isNull(confirmationRequests.supersededAt)))
      .orderBy(sql`${confirmationRequests.createdAt} desc`)
    return { assignmentIds: new Set(items.map((item) => item.assignmentId)), openIds: open.map((row) => row.id) }
  },
})
