import { and, eq, gt, inArray } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { confirmationItems } from './confirmations.tables.ts'

/** Duties beside what their holders were told of them. */
export const changesRepository = (db: Handle) => ({
  /** Those at a post that are still ahead, as they are now. */
  heldAt: (postId: string, now: Date) =>
    db
      .select({
        requestId: confirmationItems.requestId,
        told: confirmationItems.told,
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        startLocal: shifts.startLocal,
        endLocal: shifts.endLocal,
        zone: shifts.zone,
        postName: posts.name,
        postAddress: posts.address,
        role: slots.role,
      })
      .from(assignments)
      .innerJoin(confirmationItems, eq(confirmationItems.assignmentId, assignments.id))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(slots, eq(slots.id, assignments.slotId))
      .where(
        and(
          eq(shifts.postId, postId),
          inArray(assignments.state, ['pending', 'confirmed']),
          gt(assignments.startsAt, now),
        ),
      )
      .orderBy(assignments.startsAt, assignments.id),
})
