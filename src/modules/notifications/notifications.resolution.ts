import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { fallBack } from './notifications.jobs.ts'
import { notificationsProblems } from './notifications.problems.ts'
import { notificationsRepository } from './notifications.repository.ts'
import { noteTry } from './notifications.rules.ts'
import type { Receipt, Resolution } from './notifications.schemas.ts'
import type { Settling } from './notifications.settling.ts'
import type { MessageRow, Templates } from './notifications.types.ts'
import { messageChange, messageView } from './notifications.views.ts'

export interface ResolutionDeps extends Pick<Foundations, 'db' | 'clock'> {
  settling: Settling
  templates: Templates
}

const FALL_BACK = worker(fallBack.name)

/** What is learnt of a message after it has left: by receipts, by an organizer, or by nothing being heard. */
export function createResolution({ db, clock, settling, templates }: ResolutionDeps) {
  /** The contact point it went by last, for another try. */
  const lastWay = (message: MessageRow) =>
    message.ways.find((way) => way.channel === message.channel && way.address === message.address)

  async function requeue(tx: Tx, actor: Actor, message: MessageRow, changes: Partial<MessageRow>, reason: string) {
    await settling.putOff(tx, message, clock.now(), { ...changes, reservedAt: null, error: reason })
    await audit(tx, actor, clock.now(), messageChange(message, 'queued', message.state, reason))
  }

  async function sendAgain(tx: Tx, actor: Actor, message: MessageRow, reason: string): Promise<void> {
    const way = lastWay(message)
    // The same contact point may be used once more, as an organizer takes the risk that it comes twice.
    const again = { state: 'later', error: message.error ?? reason } as const
    const ways = way ? noteTry(message.ways, way, again, clock.now(), 0) : message.ways
    await requeue(tx, actor, message, { ways }, reason)
  }

  /** One receipt; may come any number of times, in any order, and before the channel's own answer has been read. */
  async function takeOne(
    tx: Tx,
    channel: string,
    { reference, state, error }: z.output<typeof Receipt>,
  ): Promise<void> {
    const now = clock.now()
    const repository = notificationsRepository(tx)
    await repository.lockReference(channel, reference)
    const receipt = await repository.insertReceipt({
      id: newId(),
      channel,
      reference,
      state,
      error: error ?? null,
      receivedAt: now,
    })
    const message = receipt && (await repository.lockByReference(channel, reference))
    // While the message is being sent the sender reads it, when it knows what the channel answered.
    if (!message || message.state === 'sending') return
    await settling.report(tx, message, channel, receipt)
    await repository.markRead(receipt.id, now)
  }

  return {
    async takeReceipts(channel: 'sms' | 'email', receipts: z.output<typeof Receipt>[]): Promise<void> {
      for (const receipt of receipts) await db.transaction((tx) => takeOne(tx, channel, receipt))
    },

    /** An organizer says what became of a message that nobody knows of. */
    async resolve(actor: Actor, id: string, { outcome, reason }: z.output<typeof Resolution>) {
      return db.transaction(async (tx) => {
        const repository = notificationsRepository(tx)
        const path = await repository.placeOf(id)
        assertCovers(actor, path, () => notificationsProblems.unknown(id))
        const message = (await repository.lock(id))!
        if (message.state !== 'unknown') throw notificationsProblems.notInDoubt(message.state)
        const words = reason ?? `an organizer says: ${outcome}`
        if (outcome === 'send-again') await sendAgain(tx, actor, message, words)
        else {
          const state = outcome === 'arrived' ? ('delivered' as const) : ('failed' as const)
          await settling.settle(tx, actor, message, { state, error: outcome === 'arrived' ? null : words })
        }
        return messageView((await repository.find(id))!)
      })
    },

    /** Sends what is urgent by the next contact point when nobody has said that it arrived; never the same one again. */
    async fallBack(id: string): Promise<void> {
      await db.transaction(async (tx) => {
        const message = await notificationsRepository(tx).lock(id)
        if (message?.state !== 'accepted' && message?.state !== 'unknown') return
        const wanted = await templates[message.template]?.load(tx, message, clock.now())
        if (!wanted || !(await settling.isReplaceable(tx, message))) return
        await requeue(tx, FALL_BACK, message, {}, 'nobody says that it has arrived')
      })
    },
  }
}
