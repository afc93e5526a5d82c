import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, worker } from '../../platform/auth/actor.ts'
import { mintLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { messageFailed } from './notifications.events.ts'
import { deliverMessage } from './notifications.jobs.ts'
import { notificationsRepository, type Recipient } from './notifications.repository.ts'
import { chooseWay, fill } from './notifications.rules.ts'
import type { MessageList } from './notifications.schemas.ts'
import { messages } from './notifications.tables.ts'
import type { Channel, Loaded, MessageRow, NewMessage, Parcel, Templates } from './notifications.types.ts'
import { messageView } from './notifications.views.ts'

export type Notifications = ReturnType<typeof createNotifications>

export interface NotificationsDeps extends Foundations {
  /** The log channel must be among them; e-mail is used where it is. */
  channels: Channel[]
  templates: Templates
  address: { readonly publicUrl: string }
}

/** A sender that has not come back after this long is taken for dead; shorter than the lease of a task. */
const LEASE_MS = 50_000
const SENDER = worker('notifications')

interface Ending {
  state: 'accepted' | 'failed' | 'unknown' | 'cancelled'
  error?: string
  providerId?: string
}

/** A message on its way: claimed, written, and all that is needed to settle it. */
interface Claimed {
  message: MessageRow
  channel: Channel
  parcel: Parcel
}

/**
 * Messages are rows, written together with what they tell of. Promises: a message whose transaction was rolled back
 * never goes out, one that was committed goes out at least to the log, the same purpose is never told twice, and what
 * is no longer true when its turn comes is not sent.
 */
export function createNotifications({ db, clock, news, channels, templates, address }: NotificationsDeps) {
  const open = channels.map((channel) => channel.name)
  const repository = notificationsRepository(db)

  const change = (message: MessageRow, to: string, from: string, reason?: string) => ({
    action: `message.${to}`,
    subject: { type: 'message', id: message.id },
    unitId: message.unitId,
    from,
    to,
    reason,
    facts: { template: message.template, attempt: message.attempts },
  })

  /** Ends a message: in one transaction its state, its audit row and the news of a failure. */
  async function settle(tx: Tx, message: MessageRow, ending: Ending): Promise<void> {
    const now = clock.now()
    const sent = ending.state === 'accepted' || ending.state === 'unknown'
    const settled = await notificationsRepository(tx).release(message, { ...ending, ...(sent ? { sentAt: now } : {}) })
    if (!settled) return
    await audit(tx, SENDER, now, change(settled, ending.state, 'sending', ending.error))
    if (ending.state !== 'failed') return
    const { id: messageId, template, subjectId } = settled
    await news.record(messageFailed, { messageId, template, subjectId }, { tx, actor: SENDER, now })
  }

  const end = async (tx: Tx, message: MessageRow, state: Ending['state'], error: string): Promise<undefined> => {
    await settle(tx, message, { state, error })
  }

  async function write(tx: Tx, message: MessageRow, recipient: Recipient, loaded: Loaded<unknown>): Promise<Claimed> {
    const template = templates[message.template]!
    const tongue = recipient.locale
    const own = message.volunteerId ? `volunteer/${message.volunteerId}` : `unit/${message.unitId}`
    const way = chooseWay(recipient.contacts, open, own)
    const secret =
      loaded.link && (await mintLink(tx, { ...loaded.link, volunteerId: message.volunteerId! }, clock.now()))
    const link = secret && `${address.publicUrl}${loaded.link!.path}/${secret}`
    const values = { ...template.words(loaded.facts, tongue), name: recipient.name, ...(link ? { link } : {}) }
    await notificationsRepository(tx).release(message, { channel: way.channel, address: way.address })
    return {
      message,
      channel: channels.find((channel) => channel.name === way.channel)!,
      parcel: {
        messageId: message.id,
        volunteerId: message.volunteerId,
        template: message.template,
        to: way.address,
        tongue,
        subject: fill(template.texts[tongue].subject, values),
        text: fill(template.texts[tongue].text, values),
        ...(link ? { link } : {}),
      },
    }
  }

  /** Looks again when a sender that may have died would be due. */
  async function watchOther(tx: Tx, id: string, now: Date): Promise<undefined> {
    const message = await notificationsRepository(tx).find(id)
    if (message?.state !== 'sending' && message?.state !== 'queued') return
    await schedule(tx, deliverMessage, { payload: { messageId: id }, key: id, dueAt: message.sendAfter }, now)
  }

  /** Short transaction before the long talk: claims the message and writes it, link and all. */
  async function prepare(tx: Tx, id: string): Promise<Claimed | undefined> {
    const now = clock.now()
    const message = await notificationsRepository(tx).claim(id, now, new Date(now.getTime() + LEASE_MS))
    if (!message) return watchOther(tx, id, now)
    const template = templates[message.template]
    if (!template) return end(tx, message, 'failed', `There is no template ${message.template}.`)
    const loaded = await template.load(tx, message, now)
    if (!loaded) return end(tx, message, 'cancelled', 'no longer wanted')
    const recipient = await notificationsRepository(tx).recipientOf(message)
    if (recipient.doNotContact) return end(tx, message, 'failed', 'do-not-contact')
    return write(tx, message, recipient, loaded)
  }

  /** A message that could not even be written, for the last time. */
  async function giveUp(tx: Tx, id: string, error: unknown): Promise<undefined> {
    const now = clock.now()
    const message = await notificationsRepository(tx).claim(id, now, now)
    if (message) await end(tx, message, 'failed', String(error).slice(0, 300))
  }

  async function putBack(message: MessageRow, error: string): Promise<never> {
    await repository.release(message, { state: 'queued', sendAfter: clock.now(), error })
    throw new Error(error)
  }

  return {
    /** Writes messages in the transaction of what they tell of; a purpose that is known already is left alone. */
    async notify({ tx, actor, now }: Occasion, news: NewMessage[]): Promise<void> {
      if (news.length === 0) return
      const rows = news.map(({ params = {}, sendAfter = now, ...message }) => ({
        ...message,
        id: newId(),
        params,
        state: 'queued' as const,
        createdAt: now,
        sendAfter,
      }))
      const fresh = await notificationsRepository(tx).insertNew(rows)
      await audit(
        tx,
        actor,
        now,
        ...fresh.map((message) => ({
          action: 'message.queued',
          subject: { type: 'message', id: message.id },
          unitId: message.unitId,
          to: 'queued',
          facts: { template: message.template },
        })),
      )
      const errands = fresh.map(({ id, sendAfter }) => ({ payload: { messageId: id }, key: id, dueAt: sendAfter }))
      await schedule(tx, deliverMessage, errands, now)
    },

    /** Takes back messages that have not begun to go out, because another one says it all. */
    async withdraw({ tx, actor, now }: Occasion, volunteerIds: string[], purpose: string): Promise<void> {
      if (volunteerIds.length === 0) return
      const mine = and(eq(messages.purpose, purpose), inArray(messages.volunteerId, volunteerIds))!
      const gone = await notificationsRepository(tx).cancelQueued(mine, 'said by another message')
      await audit(tx, actor, now, ...gone.map((message) => change(message, 'cancelled', 'queued', message.error!)))
    },

    /**
     * Sends one message. May be called any number of times, by any number of processes: one of them talks to the
     * channel. Throws when it has to be tried again.
     */
    async deliver(id: string, attempt = 1): Promise<void> {
      const last = attempt >= deliverMessage.attempts
      const claimed = await db
        .transaction((tx) => prepare(tx, id))
        .catch((error) => {
          if (!last) throw error
          return db.transaction((tx) => giveUp(tx, id, error))
        })
      if (!claimed) return
      const { message, channel, parcel } = claimed
      const outcome = await channel.deliver(parcel)
      if (outcome.state === 'later' && !last) return putBack(message, outcome.error)
      const ending: Ending = outcome.state === 'later' ? { state: 'failed', error: outcome.error } : outcome
      await db.transaction((tx) => settle(tx, message, ending))
    },

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
