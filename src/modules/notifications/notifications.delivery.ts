import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { gate } from '../../platform/db/gate.ts'
import { keepAlive, ROW_LEASE_MS } from '../../platform/queue/lease.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import { effectivePolicy } from '../organisation/organisation.rules.ts'
import { deliverMessage } from './notifications.jobs.ts'
import { notificationsRepository, type Recipient } from './notifications.repository.ts'
import { holdUntil, noteTry, othersFirst, personFreeAt, quietUntil } from './notifications.rules.ts'
import { createSettling, type Settling } from './notifications.settling.ts'
import type { Channel, Loaded, MessageRow, Outcome, Parcel, Templates } from './notifications.types.ts'
import { createWriting, type Draft, type WritingDeps } from './notifications.writing.ts'
import { exampleLoaded } from './templates.samples.ts'

export interface DeliveryDeps extends Foundations, WritingDeps {
  /** The log channel must be among them; the others are used where they are. */
  channels: Channel[]
  templates: Templates
}

/** A contact point that only says "later" for so long is given up for the next one, if there is one. */
const PATIENCE_MS = 10 * 60_000
const SENDER = worker('notifications')
/** Transactions at a time: many may talk to channels meanwhile, but the database is there for others as well. */
const TRANSACTIONS = 1

/** Another sender has taken the message over, as this one was away for too long. */
class LostClaim extends Error {}

/** A message on its way: claimed, written, and all that is needed to settle it. */
interface Claimed {
  message: MessageRow
  channel: Channel
  parcel: Parcel
}

/** The sending of one message: when, by which contact point, and what follows from the channel's answer. */
export function createDelivery(deps: DeliveryDeps, settling: Settling = createSettling(deps)) {
  const { db, clock, templates } = deps
  const { settle, putOff, goOn, wayOf } = settling
  const write = createWriting(deps)
  const oneOfFew = gate(TRANSACTIONS)

  const end = async (tx: Tx, message: MessageRow, state: 'failed' | 'cancelled', error: string): Promise<undefined> => {
    await settle(tx, SENDER, message, { state, error })
  }

  /** Until when quiet hours and the person's limits hold it back; the log disturbs nobody. */
  async function heldUntil(tx: Tx, { message, loaded, recipient, way, now }: Draft): Promise<Date | undefined> {
    if (message.test || templates[message.template]!.urgent || way.channel.name === 'log') return undefined
    const line = await organisationRepository(tx).ancestry(recipient.unit)
    const policy = effectivePolicy(line.map((unit) => unit.policy))
    const free = personFreeAt(await notificationsRepository(tx).lastSent(message, now))
    // The end of the limit may fall into quiet hours.
    const first = free && free > now ? free : now
    const { startsAt, notAfter } = loaded
    const isNear = startsAt && startsAt.getTime() - now.getTime() < policy.urgentBelowMinutes * 60_000
    const quietEnd = isNear ? undefined : quietUntil(first, recipient.unit.zone, policy)
    return holdUntil(now, [free, quietEnd], notAfter)
  }

  /** Its place in the pace of the channel, when that lies ahead. */
  async function placeAhead(tx: Tx, { message, way, now }: Draft): Promise<Date | undefined> {
    if (!way.channel.pace || (message.reservedAt && message.reservedAt <= now)) return undefined
    const place = await notificationsRepository(tx).reserve(way.channel.name, way.channel.pace, now)
    return place > now ? place : undefined
  }

  /** Looks again when a sender that may have died would be due. */
  async function watchOther(tx: Tx, id: string, now: Date): Promise<undefined> {
    const message = await notificationsRepository(tx).find(id)
    if (message?.state !== 'sending' && message?.state !== 'queued') return
    await schedule(tx, deliverMessage, { payload: { messageId: id }, key: id, dueAt: message.sendAfter }, now)
  }

  const load = (tx: Tx, message: MessageRow, now: Date): Promise<Loaded<unknown> | undefined> | Loaded<unknown> =>
    message.test
      ? exampleLoaded(templates[message.template]!, message, now)
      : templates[message.template]!.load(tx, message, now)

  async function recipientOf(tx: Tx, message: MessageRow): Promise<Recipient> {
    const repository = notificationsRepository(tx)
    const recipient = await repository.recipientOf(message)
    const { contacts } = recipient
    if (!templates[message.template]!.elsewhere || contacts.length < 2) return recipient
    return { ...recipient, contacts: othersFirst(contacts, await repository.waysOnSubject(message)) }
  }

  /** Short transaction before the long talk: claims the message and writes it, link and all. */
  async function prepare(tx: Tx, id: string): Promise<Claimed | undefined> {
    const now = clock.now()
    const message = await notificationsRepository(tx).claim(id, now, new Date(now.getTime() + ROW_LEASE_MS))
    if (!message) return watchOther(tx, id, now)
    if (message.handedOverAt) {
      await settling.doubt(tx, message)
      return undefined
    }
    if (!templates[message.template]) return end(tx, message, 'failed', `There is no template ${message.template}.`)
    const loaded = await load(tx, message, now)
    if (!loaded) return end(tx, message, 'cancelled', 'no longer wanted')
    const recipient = await recipientOf(tx, message)
    if (recipient.doNotContact) return end(tx, message, 'failed', 'do-not-contact')
    const way = wayOf(message, recipient)
    if (!way) {
      await settling.lastWord(tx, message, message.error ?? 'There is no way left to the recipient.')
      return undefined
    }
    const draft = { message, loaded, recipient, way, now }
    // Nothing was tried yet, so this was no attempt.
    const untried = { attempts: message.attempts - 1 }
    const held = await heldUntil(tx, draft)
    if (held) return putOff(tx, message, held, { ...untried, ...(message.ways.length === 0 ? { dueAt: held } : {}) })
    const place = await placeAhead(tx, draft)
    if (place) return putOff(tx, message, place, { ...untried, reservedAt: place })
    const { parcel, written } = await write(tx, draft)
    await notificationsRepository(tx).release(message, { channel: way.channel.name, address: way.address, ...written })
    return { message, channel: way.channel, parcel }
  }

  /** A message that could not even be written, for the last time. */
  async function giveUp(tx: Tx, id: string, error: unknown): Promise<undefined> {
    const now = clock.now()
    const message = await notificationsRepository(tx).claim(id, now, now)
    if (message) await end(tx, message, 'failed', String(error).slice(0, 300))
  }

  /** Not now: the same contact point again, or the next one, or none any more. Returns an error to wait for. */
  async function tryLater(
    tx: Tx,
    { message, channel, parcel }: Claimed,
    outcome: Extract<Outcome, { state: 'later' }>,
    last: boolean,
  ): Promise<Error | undefined> {
    const now = clock.now()
    const { error, retryAfterMs } = outcome
    const place = { channel: channel.name, address: parcel.to }
    const ways = noteTry(message.ways, place, outcome, now)
    const way = ways.find((one) => one.channel === place.channel && one.address === place.address)!
    const given = noteTry(message.ways, place, { state: 'failed', error }, now)
    const exhausted = last || way.tries >= deliverMessage.attempts
    const waited = now.getTime() - Date.parse(way.since) >= PATIENCE_MS
    if (exhausted || (waited && (await settling.isReplaceable(tx, { ...message, ways: given })))) {
      await goOn(tx, { ...message, ways: given }, error)
      return undefined
    }
    const waiting = { ways, error, reservedAt: null, handedOverAt: null }
    if (retryAfterMs !== undefined) return putOff(tx, message, new Date(now.getTime() + retryAfterMs), waiting)
    await notificationsRepository(tx).release(message, { state: 'queued', sendAfter: now, ...waiting })
    return new Error(error)
  }

  /** Returns an error that the runner shall wait for and try again. */
  async function conclude(tx: Tx, claimed: Claimed, outcome: Outcome, last: boolean): Promise<Error | undefined> {
    if (outcome.state === 'later') return tryLater(tx, claimed, outcome, last)
    const { message, channel, parcel } = claimed
    const ways = noteTry(message.ways, { channel: channel.name, address: parcel.to }, outcome, clock.now())
    const noted = { ...message, ways, channel: channel.name }
    if (outcome.state === 'failed') await goOn(tx, noted, outcome.error)
    else await settling.handedOver(tx, noted, outcome, channel)
    return undefined
  }

  /**
   * Sends one message. May be called any number of times, by any number of processes: one of them talks to the
   * channel. Throws when it has to be tried again.
   */
  return async function deliver(id: string, attempt = 1): Promise<void> {
    const last = attempt >= deliverMessage.attempts
    const claimed = await oneOfFew(() => db.transaction((tx) => prepare(tx, id))).catch((error) => {
      if (!last) throw error
      return db.transaction((tx) => giveUp(tx, id, error))
    })
    if (!claimed) return
    const handingOver = async () => {
      if (!(await notificationsRepository(db).markHandedOver(claimed.message, clock.now()))) throw new LostClaim()
    }
    const stillHere = () =>
      notificationsRepository(db).release(claimed.message, {
        sendAfter: new Date(clock.now().getTime() + ROW_LEASE_MS),
      })
    try {
      using _held = keepAlive(stillHere)
      const outcome = await claimed.channel.deliver(claimed.parcel, handingOver)
      const again = await oneOfFew(() => db.transaction((tx) => conclude(tx, claimed, outcome, last)))
      if (again) throw again
    } catch (error) {
      if (!(error instanceof LostClaim)) throw error
    }
  }
}
