import { linkHolder } from '../../platform/auth/actor.ts'
import { findLink, holdLink } from '../../platform/auth/links.ts'
import type { ConfirmationsDeps } from './confirmations.service.ts'
import { pageRepository } from './page.repository.ts'

/** Stopping messages by the link that mail carries for it; the link is good for nothing else. */
export const createStopping = ({ db, clock, volunteers }: ConfirmationsDeps) => ({
  /** What its page shows; undefined for links that are unknown, expired or revoked. Changes nothing. */
  async openStopping(secret: string) {
    const link = await findLink(db, secret, 'messages', clock.now())
    return link && pageRepository(db).wishesOf(link.volunteerId)
  },

  /** Stops messages, or has them come again; false for a link that is not good. */
  stopByMail: (secret: string, stop: boolean, requestId: string): Promise<boolean> =>
    db.transaction(async (tx) => {
      const now = clock.now()
      const link = await holdLink(tx, secret, 'messages', now)
      if (!link) return false
      await volunteers.stopMessages({ tx, actor: linkHolder(link.id, requestId), now }, link.volunteerId, stop)
      return true
    }),
})
