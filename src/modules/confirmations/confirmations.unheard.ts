import type { z } from 'zod'
import type { Occasion } from '../../platform/queue/news.ts'
import type { messageFailed } from '../notifications/notifications.events.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { confirmationsRepository } from './confirmations.repository.ts'

/** Messages without which somebody does not know when and where to be. */
const VITAL = ['confirmation-request', 'duties-changed']

/** Reaction: who could not be told of their duties by any way is named to whoever answers for the unit, at once. */
export const createUnheard =
  ({ notifications }: { notifications: Pick<Notifications, 'notify'> }) =>
  async (
    { messageId, template, subjectId }: z.output<typeof messageFailed.payload>,
    occasion: Occasion,
  ): Promise<void> => {
    if (!VITAL.includes(template)) return
    const found = await confirmationsRepository(occasion.tx).findRequest(subjectId)
    if (!found) return
    await notifications.notify(occasion, [
      {
        unitId: found.unit.id,
        template: 'duties-unheard',
        subjectId,
        purpose: `duties-unheard:${messageId}`,
        mergeKey: 'duties-unheard',
      },
    ])
  }
