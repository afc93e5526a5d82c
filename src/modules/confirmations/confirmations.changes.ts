import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { postChanged } from '../posts/posts.events.ts'
import { changesRepository } from './changes.repository.ts'
import { hasChanged, markOf } from './confirmations.rules.ts'

/** A duty became another one than its holder was told of: they hear at once what it was and what it is, and answer anew. */
export const createChanges = ({ notifications }: { notifications: Notifications }) => ({
  async onPostChanged({ postId }: z.output<typeof postChanged.payload>, occasion: Occasion): Promise<void> {
    const { tx, actor, now } = occasion
    const ahead = await changesRepository(tx).heldAt(postId, now)
    const changed = ahead.filter((duty) => hasChanged(duty.told, duty))
    if (changed.length === 0) return
    await audit(
      tx,
      actor,
      now,
      ...changed.map((duty) => ({
        action: 'assignment.change-told',
        subject: { type: 'assignment', id: duty.assignmentId },
      })),
    )
    await notifications.notify(
      occasion,
      [...Map.groupBy(changed, (duty) => duty.requestId)].map(([requestId, duties]) => ({
        volunteerId: duties[0]!.volunteerId,
        template: 'duties-changed',
        subjectId: requestId,
        purpose: `duties-changed:${requestId}:${markOf(...duties)}:${now.getTime()}`,
        mergeKey: `duties-changed:${requestId}`,
      })),
    )
  },
})
