import { worker } from '../../platform/auth/actor.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { takeAlong } from '../../platform/queue/tasks.ts'
import { assignmentsMoved } from '../rosters/rosters.events.ts'
import { followUp } from './confirmations.jobs.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'
import { togetherRepository } from './together.repository.ts'

/** Pieces of work that are done with the one whose turn it is. */
const ALONG = 9

/**
 * What follows from the plain yes of many people, a moment after it: the receipts, and whatever others do when they hear
 * that duties were confirmed. The mark on each duty says that this is still to come; whoever takes the mark away does it
 * in the same transaction, so it is done once, however often it is asked for.
 */
export function createFollowing({ db, clock, news, notifications }: ConfirmationsDeps) {
  async function follow(occasion: Occasion, assignmentIds: string[]): Promise<void> {
    const confirmed = await togetherRepository(occasion.tx).claimFollowUps(assignmentIds)
    if (confirmed.length === 0) return
    for (const group of Map.groupBy(confirmed, (one) => one.rosterId).values()) {
      const moves = group.map(({ assignmentId }) => ({ assignmentId, from: 'pending' as const }))
      await news.record(assignmentsMoved, { to: 'confirmed', moves, seatSettled: false }, occasion)
    }
    const receipts = [...new Map(confirmed.map((one) => [one.receipt, one])).values()]
    await notifications.notify(
      occasion,
      receipts.map(({ volunteerId, requestId, receipt }) => receiptMessage(volunteerId, requestId, receipt)),
    )
  }

  return {
    follow,

    /** Does what follows from these confirmations, and from others that wait for the same. */
    async followUp(assignmentIds: string[]): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const along = await takeAlong(tx, followUp, ALONG, now)
        const ids = [assignmentIds, ...along.map((one) => one.assignmentIds)].flat()
        await follow({ tx, actor: worker(followUp.name), now }, ids)
      })
    },
  }
}

/** The number of a decision, to whom it concerns. */
export const receiptMessage = (volunteerId: string, requestId: string, receipt: string) => ({
  volunteerId,
  template: 'confirmation-receipt',
  subjectId: requestId,
  purpose: `confirmation-receipt:${receipt}`,
  params: { receipt },
})
