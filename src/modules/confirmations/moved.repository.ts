import { and, desc, eq, ne } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { earlier, later } from '../../time/intervals.ts'
import { messages } from '../notifications/notifications.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import type { DutyRow, NewRequest, RequestRow } from './confirmations.repository.ts'
import { confirmationItems, confirmationRequests } from './confirmations.tables.ts'
import type { Told } from './confirmations.types.ts'

type Item = { told: Told; consentId: string | null }

/** Questions about duties that were moved. */
export const movedRepository = (db: Handle) => {
  async function askedUnder(assignmentId: string): Promise<RequestRow | undefined> {
    const [row] = await db
      .select({ request: confirmationRequests })
      .from(confirmationItems)
      .innerJoin(confirmationRequests, eq(confirmationRequests.id, confirmationItems.requestId))
      .where(eq(confirmationItems.assignmentId, assignmentId))
      .orderBy(desc(confirmationRequests.createdAt), desc(confirmationRequests.id))
      .limit(1)
      .for('no key update')
    return row?.request
  }

  /** True when the question asks for other duties as well, which keep the time they were given. */
  async function asksForMore(requestId: string, assignmentId: string): Promise<boolean> {
    const rows = await db
      .select({ id: assignments.id })
      .from(confirmationItems)
      .innerJoin(assignments, eq(assignments.id, confirmationItems.assignmentId))
      .where(
        and(
          eq(confirmationItems.requestId, requestId),
          ne(confirmationItems.assignmentId, assignmentId),
          eq(assignments.state, 'pending'),
        ),
      )
      .limit(1)
    return rows.length > 0
  }

  return {
    /** The question a duty was asked by, open once more until the new deadline; a new one where there was none. */
    async reopen(fresh: NewRequest & { id: string }, duty: DutyRow, item: Item): Promise<RequestRow> {
      const { assignmentId, startsAt } = duty
      const asked = await askedUnder(assignmentId)
      const requestId = asked?.id ?? (await insert(fresh))
      const shared = asked !== undefined && (await asksForMore(requestId, assignmentId))
      const confirmBy = shared ? earlier(later(asked.confirmBy, fresh.confirmBy), startsAt) : fresh.confirmBy
      const [request] = await db
        .update(confirmationRequests)
        .set({ confirmBy, mode: fresh.mode, remindedAt: null, escalatedAt: null, supersededAt: null })
        .where(eq(confirmationRequests.id, requestId))
        .returning()
      await db
        .insert(confirmationItems)
        .values({ ...item, requestId, assignmentId })
        .onConflictDoUpdate({
          target: [confirmationItems.requestId, confirmationItems.assignmentId],
          set: { consentId: item.consentId },
        })
      return request!
    },

    /** The question is still in the queue. */
    async isUnsent(requestId: string): Promise<boolean> {
      const [row] = await db
        .select({ id: messages.id })
        .from(messages)
        .where(
          and(
            eq(messages.subjectId, requestId),
            eq(messages.template, 'confirmation-request'),
            eq(messages.state, 'queued'),
          ),
        )
        .limit(1)
      return row !== undefined
    },

    setTold: async (requestId: string, assignmentId: string, told: Told): Promise<void> => {
      await db
        .update(confirmationItems)
        .set({ told })
        .where(and(eq(confirmationItems.requestId, requestId), eq(confirmationItems.assignmentId, assignmentId)))
    },
  }

  /** The one question of this version to this person. */
  async function insert(fresh: NewRequest & { id: string }): Promise<string> {
    const [row] = await db
      .insert(confirmationRequests)
      .values(fresh)
      .onConflictDoUpdate({
        target: [confirmationRequests.rosterId, confirmationRequests.versionNumber, confirmationRequests.volunteerId],
        set: { supersededAt: null },
      })
      .returning({ id: confirmationRequests.id })
    return row!.id
  }
}
