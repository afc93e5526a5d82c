import { audit } from '../../platform/audit/audit.ts'
import { worker } from '../../platform/auth/actor.ts'
import { mintLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { effectivePolicy } from '../organisation/organisation.rules.ts'
import { messageFailed } from './notifications.events.ts'
import { deliverMessage } from './notifications.jobs.ts'
import { notificationsRepository, type Recipient } from './notifications.repository.ts'
import { chooseWay, fill, holdUntil, noteTry, personFreeAt, quietUntil } from './notifications.rules.ts'
import type { Channel, Loaded, MessageRow, Outcome, Parcel, Template, Templates } from './notifications.types.ts'
import { messageChange } from './notifications.views.ts'

export interface DeliveryDeps extends Foundations {
  /** The log channel must be among them; the others are used where they are. */
  channels: Channel[]
  templates: Templates
  address: { readonly publicUrl: string }
}

/** A sender that has not come back after this long is taken for dead; shorter than the lease of a task. */
const LEASE_MS = 50_000
/** A contact point that only says "later" for so long is given up for the next one, if there is one. */
const PATIENCE_MS = 10 * 60_000
const SENDER = worker('notifications')

type Ending = Exclude<Outcome, { state: 'later' }> | { state: 'cancelled'; error: string }

/** A message on its way: claimed, written, and all that is needed to settle it. */
interface Claimed {
  message: MessageRow
  channel: Channel
  parcel: Parcel
}

/** A claimed message with what there is to say and to whom. */
interface Draft {
  message: MessageRow
  template: Template
  loaded: Loaded<unknown>
  recipient: Recipient
  way: { channel: Channel; address: string }
  now: Date
}

const ownAddress = ({ volunteerId, unitId }: MessageRow) =>
  volunteerId ? `volunteer/${volunteerId}` : `unit/${unitId}`

/** The sending of one message: when, by which contact point, and what follows from the channel's answer. */
export function createDelivery({ db, clock, news, channels, templates, address }: DeliveryDeps) {
  const open = channels.filter((channel) => !channel.group).map((channel) => channel.name)
  const channelOf = (name: string) => channels.find((channel) => channel.name === name)

  /** Ends a message: in one transaction its state, its audit row and the news of a failure. */
  async function settle(tx: Tx, message: MessageRow, ending: Ending): Promise<void> {
    const now = clock.now()
    const sent = ending.state === 'accepted' || ending.state === 'unknown'
    const changes = { error: null, ways: message.ways, ...ending, ...(sent ? { sentAt: now } : {}) }
    const settled = await notificationsRepository(tx).release(message, changes)
    if (!settled) return
    await audit(tx, SENDER, now, messageChange(settled, ending.state, 'sending', settled.error ?? undefined))
    if (ending.state !== 'failed') return
    const { id: messageId, template, subjectId } = settled
    await news.record(messageFailed, { messageId, template, subjectId }, { tx, actor: SENDER, now })
  }

  const end = async (tx: Tx, message: MessageRow, state: 'failed' | 'cancelled', error: string): Promise<undefined> => {
    await settle(tx, message, { state, error })
  }

  /** Back into the queue until `dueAt`, with a task of its own. */
  async function putOff(tx: Tx, message: MessageRow, dueAt: Date, changes: Partial<MessageRow>): Promise<undefined> {
    const put = await notificationsRepository(tx).release(message, { ...changes, state: 'queued', sendAfter: dueAt })
    if (!put) return
    const errand = { payload: { messageId: message.id }, key: message.id, dueAt }
    await schedule(tx, deliverMessage, errand, clock.now())
  }

  /** Where the message goes next: for the copy of a group its channel, else the contact points in order. */
  function wayOf(message: MessageRow, { contacts }: Recipient): Draft['way'] | undefined {
    const name = message.via
    const way = name
      ? { channel: name, address: `group/${name}` }
      : chooseWay(contacts, open, ownAddress(message), message.ways)
    const channel = way && channelOf(way.channel)
    return channel && { channel, address: way.address }
  }

  /** Until when quiet hours and the person's limits hold it back; the log disturbs nobody. */
  async function heldUntil(
    tx: Tx,
    { message, template, loaded, recipient, way, now }: Draft,
  ): Promise<Date | undefined> {
    if (template.urgent || way.channel.name === 'log') return undefined
    const line = await organisationRepository(tx).ancestry(recipient.unit)
    const policy = effectivePolicy(line.map((unit) => unit.policy))
    const free = personFreeAt(await notificationsRepository(tx).lastSent(message, now))
    // The end of the limit may fall into quiet hours.
    const first = free && free > now ? free : now
    return holdUntil(now, [free, quietUntil(first, recipient.unit.zone, policy)], loaded.notAfter)
  }

  /** Its place in the pace of the channel, when that lies ahead. */
  async function placeAhead(tx: Tx, { message, way, now }: Draft): Promise<Date | undefined> {
    if (!way.channel.pace || (message.reservedAt && message.reservedAt <= now)) return undefined
    const place = await notificationsRepository(tx).reserve(way.channel.name, way.channel.pace, now)
    return place > now ? place : undefined
  }

  async function write(tx: Tx, { message, template, recipient, loaded, way }: Draft): Promise<Claimed> {
    const tongue = recipient.locale
    const { insteadOfLink } = way.channel
    const wanted = insteadOfLink ? undefined : loaded.link
    const secret = wanted && (await mintLink(tx, { ...wanted, volunteerId: message.volunteerId! }, clock.now()))
    const link = secret && `${address.publicUrl}${wanted.path}/${secret}`
    const inText = link ?? (loaded.link && insteadOfLink?.())
    const values = {
      ...template.words(loaded.facts, tongue),
      name: recipient.name,
      ...(inText ? { link: inText } : {}),
    }
    await notificationsRepository(tx).release(message, { channel: way.channel.name, address: way.address })
    return {
      message,
      channel: way.channel,
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
    const way = wayOf(message, recipient)
    if (!way) return end(tx, message, 'failed', message.error ?? 'There is no way left to the recipient.')
    const draft = { message, template, loaded, recipient, way, now }
    // Nothing was tried yet, so this was no attempt.
    const untried = { attempts: message.attempts - 1 }
    const held = await heldUntil(tx, draft)
    if (held) return putOff(tx, message, held, untried)
    const place = await placeAhead(tx, draft)
    if (place) return putOff(tx, message, place, { ...untried, reservedAt: place })
    return write(tx, draft)
  }

  /** A message that could not even be written, for the last time. */
  async function giveUp(tx: Tx, id: string, error: unknown): Promise<undefined> {
    const now = clock.now()
    const message = await notificationsRepository(tx).claim(id, now, now)
    if (message) await end(tx, message, 'failed', String(error).slice(0, 300))
  }

  /** This contact point failed for good: the next one is tried, or the message has failed. */
  async function goOn(tx: Tx, message: MessageRow, error: string): Promise<void> {
    const recipient = await notificationsRepository(tx).recipientOf(message)
    const { ways } = message
    if (message.via || !wayOf(message, recipient)) return settle(tx, message, { state: 'failed', error })
    await putOff(tx, message, clock.now(), { ways, error, reservedAt: null })
  }

  /** Returns an error that the runner shall wait for and try again. */
  async function conclude(tx: Tx, claimed: Claimed, outcome: Outcome, last: boolean): Promise<Error | undefined> {
    const now = clock.now()
    const { message, channel, parcel } = claimed
    const ways = noteTry(message.ways, { channel: channel.name, address: parcel.to }, outcome, now)
    const noted = { ...message, ways }
    if (outcome.state === 'failed') await goOn(tx, noted, outcome.error)
    if (outcome.state !== 'later') {
      if (outcome.state !== 'failed') await settle(tx, noted, outcome)
      return undefined
    }
    const { error, retryAfterMs } = outcome
    const way = ways.find((one) => one.channel === channel.name && one.address === parcel.to)!
    const given = noteTry(message.ways, way, { state: 'failed', error }, now)
    const exhausted = last || way.tries >= deliverMessage.attempts
    const waited = now.getTime() - Date.parse(way.since) >= PATIENCE_MS
    if (exhausted || (waited && (await isReplaceable(tx, { ...message, ways: given })))) {
      await goOn(tx, { ...message, ways: given }, error)
      return undefined
    }
    if (retryAfterMs !== undefined) {
      await putOff(tx, message, new Date(now.getTime() + retryAfterMs), { ways, error, reservedAt: null })
      return undefined
    }
    await notificationsRepository(tx).release(message, {
      state: 'queued',
      sendAfter: now,
      ways,
      error,
      reservedAt: null,
    })
    return new Error(error)
  }

  const isReplaceable = async (tx: Tx, message: MessageRow): Promise<boolean> =>
    !message.via && wayOf(message, await notificationsRepository(tx).recipientOf(message)) !== undefined

  /**
   * Sends one message. May be called any number of times, by any number of processes: one of them talks to the
   * channel. Throws when it has to be tried again.
   */
  return async function deliver(id: string, attempt = 1): Promise<void> {
    const last = attempt >= deliverMessage.attempts
    const claimed = await db
      .transaction((tx) => prepare(tx, id))
      .catch((error) => {
        if (!last) throw error
        return db.transaction((tx) => giveUp(tx, id, error))
      })
    if (!claimed) return
    const outcome = await claimed.channel.deliver(claimed.parcel)
    const again = await db.transaction((tx) => conclude(tx, claimed, outcome, last))
    if (again) throw again
  }
}
