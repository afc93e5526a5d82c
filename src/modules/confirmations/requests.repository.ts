import { and, asc, eq, inArray, isNotNull, type SQL } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { confirmationItems, confirmationRequests } from './confirmations.tables.ts'

/** Requests as an organizer lists them. */
export const requestsRepository = (db: Handle) => ({
  listRequests: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ request: confirmationRequests })
      .from(confirmationRequests)
      .innerJoin(rosters, eq(rosters.id, confirmationRequests.rosterId))
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  answersOf: (requestIds: string[]) =>
    db
      .select({
        requestId: confirmationItems.requestId,
        assignmentId: assignments.id,
        state: assignments.state,
        startsAt: assignments.startsAt,
        endsAt: assignments.endsAt,
        decidedAt: assignments.decidedAt,
        declineReason: assignments.declineReason,
        receipt: confirmationItems.receipt,
        staysOn: confirmationItems.staysOn,
        consentId: confirmationItems.consentId,
        conspicuous: confirmationItems.conspicuous,
      })
      .from(confirmationItems)
      .innerJoin(assignments, eq(assignments.id, confirmationItems.assignmentId))
      .where(inArray(confirmationItems.requestId, requestIds))
      .orderBy(asc(assignments.startsAt), asc(assignments.id)),

  /** Says of a doubtful decision that it is the person's own; false where nobody doubted it. */
  async vouch(assignmentId: string): Promise<boolean> {
    const doubted = and(eq(confirmationItems.assignmentId, assignmentId), isNotNull(confirmationItems.conspicuous))
    const vouched = await db
      .update(confirmationItems)
      .set({ conspicuous: null })
      .where(doubted)
      .returning({ id: confirmationItems.assignmentId })
    return vouched.length > 0
  },
})

/** Condition "at least one of its duties is in this state". */
export const anyAnswer = (db: Handle, state: (typeof assignments.$inferSelect)['state']): SQL =>
  inArray(
    confirmationRequests.id,
    db
      .select({ id: confirmationItems.requestId })
      .from(confirmationItems)
      .innerJoin(assignments, eq(assignments.id, confirmationItems.assignmentId))
      .where(eq(assignments.state, state)),
  )

/** Condition "one of its items is so". */
export const anyItem = (db: Handle, condition: SQL): SQL =>
  inArray(
    confirmationRequests.id,
    db.select({ id: confirmationItems.requestId }).from(confirmationItems).where(condition),
  )
