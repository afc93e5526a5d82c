import { and, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { createDelivery, type DeliveryDeps } from './notifications.delivery.ts'
import { deliverMessage } from './notifications.jobs.ts'
import { type Merged, mergeWaiting } from './notifications.merging.ts'
import { notificationsRepository } from './notifications.repository.ts'
import { createResolution } from './notifications.resolution.ts'
import type { MessageList } from './notifications.schemas.ts'
import { createSettling } from './notifications.settling.ts'
import { messages } from './notifications.tables.ts'
import type { MessageRow, NewMessage } from './notifications.types.ts'
import { messageChange, messageView, queuedChange } from './notifications.views.ts'

export type Notifications = ReturnType<typeof createNotifications>

/**
 * Messages are rows, written together with what they tell of. Promises: a message whose transaction was rolled back
 * never goes out, one that was committed goes out at least to the log, the same purpose is never told twice, and what
 * is no longer true when its turn comes is not sent.
 */
export function createNotifications(deps: DeliveryDeps) {
  const { db, channels } = deps
  const settling = createSettling(deps)
  const groups = channels.filter((channel) => channel.group).map((channel) => channel.name)
  const repository = notificationsRepository(db)

  /** What a unit is told, every group hears as well. */
  const withCopies = (message: NewMessage): (NewMessage & { via?: string })[] =>
    message.unitId && !message.contact
      ? [message, ...groups.map((via) => ({ ...message, via, purpose: `${message.purpose}@${via}` }))]
      : [message]

  async function write(
    occasion: Occasion,
    news: (NewMessage & { via?: string })[],
    test = false,
  ): Promise<{ rows: MessageRow[]; merged: Merged[] }> {
    const { tx, actor, now } = occasion
    const rows = news.map(({ params = {}, sendAfter = now, ...message }) => ({
      ...message,
      id: newId(),
      params,
      state: 'queued' as const,
      test,
      createdAt: now,
      sendAfter,
      dueAt: sendAfter,
    }))
    const fresh = await notificationsRepository(tx).insertNew(rows)
    await audit(tx, actor, now, ...fresh.map(queuedChange))
    const { rows: settled, merged } = await mergeWaiting(occasion, fresh)
    const errands = settled.map(({ id, sendAfter }) => ({ payload: { messageId: id }, key: id, dueAt: sendAfter }))
    await schedule(tx, deliverMessage, errands, now)
    return { rows: settled, merged }
  }

  return {
    /**
     * Writes messages in the transaction of what they tell of; a purpose that is known already is left alone. Returns
     * which messages that still waited were merged into these.
     */
    async notify(occasion: Occasion, news: NewMessage[]): Promise<Merged[]> {
      if (news.length === 0) return []
      return (await write(occasion, news.flatMap(withCopies))).merged
    },

    /** One message of examples; returns its id. */
    async notifyTest(occasion: Occasion, message: NewMessage & { via?: string }): Promise<string> {
      const { rows } = await write(occasion, [message], true)
      return rows[0]!.id
    },

    /** Takes back messages that have not begun to go out, because another one says it all. */
    async withdraw({ tx, actor, now }: Occasion, volunteerIds: string[], purpose: string): Promise<void> {
      if (volunteerIds.length === 0) return
      // What was merged into a message would be lost with it.
      const alone = sql`not (${messages.params} ? 'mergedSubjects')`
      const mine = and(eq(messages.purpose, purpose), inArray(messages.volunteerId, volunteerIds), alone)!
      const gone = await notificationsRepository(tx).cancelQueued(mine, 'said by another message')
      await audit(
        tx,
        actor,
        now,
        ...gone.map((message) => messageChange(message, 'cancelled', 'queued', message.error!)),
      )
    },

    deliver: createDelivery(deps, settling),
    ...createResolution({ ...deps, settling }),

    async listMessages(actor: Actor, query: z.output<typeof MessageList>) {
      const conditions = [
        withinPath(actor.unitPath),
        query.volunteerId ? eq(messages.volunteerId, query.volunteerId) : undefined,
        query.subjectId ? eq(messages.subjectId, query.subjectId) : undefined,
        query.state ? eq(messages.state, query.state) : undefined,
        query.template ? eq(messages.template, query.template) : undefined,
      ]
      const rows = await repository.list(conditions, keyset(query, { createdAt: messages.createdAt }, messages.id))
      return toPage(
        query,
        rows.map((row) => row.message),
        (row: MessageRow) => row.createdAt,
        messageView,
      )
    },

    close: async () => {
      await Promise.all(channels.map((channel) => channel.close()))
    },
  }
}
