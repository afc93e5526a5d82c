import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { messageFailed } from './notifications.events.ts'
import { deliverMessage, fallBack } from './notifications.jobs.ts'
import { notificationsRepository, type Recipient } from './notifications.repository.ts'
import { chooseWay, endOf, noteTry, patienceFor, receiptReading } from './notifications.rules.ts'
import type { Channel, MessageRow, Outcome, Templates, Way } from './notifications.types.ts'
import { messageChange } from './notifications.views.ts'

export interface SettlingDeps extends Pick<Foundations, 'clock' | 'news'> {
  channels: Channel[]
  templates: Templates
}

type HandedOver = Extract<Outcome, { state: 'accepted' | 'unknown' }>
type Ending = HandedOver | { state: 'delivered' | 'failed' | 'cancelled'; error: string | null }

export type Settling = ReturnType<typeof createSettling>

const SENDER = worker('notifications')
const ownAddress = ({ volunteerId, unitId }: MessageRow) =>
  volunteerId ? `volunteer/${volunteerId}` : `unit/${unitId}`

/** What becomes of a message: its ends, the next contact point, and what channels report afterwards. */
export function createSettling({ clock, news, channels, templates }: SettlingDeps) {
  const open = channels.filter((channel) => !channel.group).map((channel) => channel.name)
  const channelOf = (name: string | null) => channels.find((channel) => channel.name === name)

  /** Moves a message on: in one transaction its state, its audit row and the news of a failure. */
  async function settle(tx: Tx, actor: Actor, message: MessageRow, ending: Ending): Promise<MessageRow | undefined> {
    const now = clock.now()
    const sent = ending.state === 'accepted' || ending.state === 'unknown'
    const changes = {
      error: null,
      ways: message.ways,
      ...ending,
      ...(sent ? { sentAt: message.sentAt ?? now } : {}),
      ...(ending.state === 'delivered' ? { deliveredAt: now } : {}),
    }
    const settled = await notificationsRepository(tx).release(message, changes)
    if (!settled) return undefined
    await audit(tx, actor, now, messageChange(settled, ending.state, message.state, settled.error ?? undefined))
    if (ending.state === 'failed') {
      const { id: messageId, template, subjectId } = settled
      await news.record(messageFailed, { messageId, template, subjectId }, { tx, actor, now })
    }
    return settled
  }

  /** Back into the queue until `dueAt`, with a task of its own. */
  async function putOff(tx: Tx, message: MessageRow, dueAt: Date, changes: Partial<MessageRow>): Promise<undefined> {
    const waiting = { ...changes, state: 'queued' as const, sendAfter: dueAt, handedOverAt: null }
    const put = await notificationsRepository(tx).release(message, waiting)
    if (!put) return
    await schedule(tx, deliverMessage, { payload: { messageId: message.id }, key: message.id, dueAt }, clock.now())
  }

  /** Where the message goes next: for the copy of a group its channel, else the contact points in order. */
  function wayOf(message: MessageRow, { contacts }: Recipient): { channel: Channel; address: string } | undefined {
    const name = message.via
    const way = name
      ? { channel: name, address: `group/${name}` }
      : chooseWay(contacts, open, ownAddress(message), message.ways)
    const channel = way && channelOf(way.channel)
    return channel && { channel, address: way.address }
  }

  const isReplaceable = async (tx: Tx, message: MessageRow): Promise<boolean> =>
    !message.via && wayOf(message, await notificationsRepository(tx).recipientOf(message)) !== undefined

  /** No contact point is left: failed, unless one of them may have brought it after all. */
  const lastWord = (tx: Tx, message: MessageRow, error: string) =>
    settle(tx, SENDER, message, endOf(message.ways, error))

  /** This contact point failed for good: the next one is tried, or it was the last. */
  async function goOn(tx: Tx, message: MessageRow, error: string): Promise<void> {
    if (!(await isReplaceable(tx, message))) {
      await lastWord(tx, message, error)
      return
    }
    await putOff(tx, message, clock.now(), { ways: message.ways, error, reservedAt: null })
  }

  /** What somebody urgently waits for goes another way when nobody says for a while that it has arrived. */
  async function watchArrival(tx: Tx, message: MessageRow, channel: Channel | undefined): Promise<void> {
    const wait = patienceFor(message.state, channel?.receipts ?? false)
    if (!templates[message.template]?.urgent || wait === undefined || !(await isReplaceable(tx, message))) return
    const now = clock.now()
    const dueAt = new Date(now.getTime() + wait)
    await schedule(tx, fallBack, { payload: { messageId: message.id }, key: message.id, dueAt }, now)
  }

  const readReceipts = async (tx: Tx, message: MessageRow, channel: string, providerId: string | undefined) => {
    const references = [message.id, ...(providerId === undefined ? [] : [providerId])]
    for (const receipt of await notificationsRepository(tx).unread(channel, references)) {
      const current = (await notificationsRepository(tx).lock(message.id))!
      await report(tx, current, channel, receipt)
      await notificationsRepository(tx).markRead(receipt.id, clock.now())
    }
  }

  /** The channel took it, or may have: whatever it reported meanwhile is read now. */
  async function handedOver(tx: Tx, message: MessageRow, outcome: HandedOver, channel: Channel): Promise<void> {
    const providerId = outcome.state === 'accepted' ? outcome.providerId : undefined
    if (providerId !== undefined) await notificationsRepository(tx).lockReference(channel.name, providerId)
    const settled = await settle(tx, SENDER, message, outcome)
    if (!settled) return
    await watchArrival(tx, settled, channel)
    await readReceipts(tx, settled, channel.name, providerId)
  }

  /** Brings a receipt to bear on a message that is locked; what is known better already stays. */
  async function report(
    tx: Tx,
    message: MessageRow,
    channel: string,
    { state, error }: { state: 'delivered' | 'failed'; error: string | null },
  ): Promise<void> {
    const reading = receiptReading(message, channel, state)
    if (reading === 'nothing') return
    const way = message.ways.find((one) => one.channel === channel)!
    if (reading === 'arrived') {
      const ways = noteTry(message.ways, way, { state: 'accepted' }, clock.now(), 0)
      await settle(tx, SENDER, { ...message, ways }, { state: 'delivered', error: null })
      return
    }
    const reason = error ?? 'The channel reports that it did not arrive.'
    const ways = noteTry(message.ways, way, { state: 'failed', error: reason }, clock.now(), 0)
    if (reading === 'noted') await notificationsRepository(tx).release(message, { ways })
    else await goOn(tx, { ...message, ways }, reason)
  }

  /** A sender died after its words may have left the house. */
  async function doubt(tx: Tx, message: MessageRow): Promise<void> {
    const way: Pick<Way, 'channel' | 'address'> = { channel: message.channel!, address: message.address! }
    const outcome = { state: 'unknown', error: 'The sender did not live to see whether it was taken.' } as const
    const ways = noteTry(message.ways, way, outcome, clock.now())
    await handedOver(tx, { ...message, ways }, outcome, channelOf(message.channel)!)
  }

  return { settle, putOff, wayOf, isReplaceable, goOn, lastWord, handedOver, report, doubt, watchArrival }
}
