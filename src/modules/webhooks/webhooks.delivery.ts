import { audit } from '../../platform/audit/audit.ts'
import { worker } from '../../platform/auth/actor.ts'
import type { Vault } from '../../platform/auth/secret-key.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { FetchError, type SafeFetch } from '../../platform/http/safe-fetch.ts'
import { signedHeaders } from '../../platform/http/standard-webhooks.ts'
import { keepAlive, ROW_LEASE_MS } from '../../platform/queue/lease.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { deliverWebhook } from './webhooks.jobs.ts'
import { type DeliveryRow, type WebhookRow, webhooksRepository } from './webhooks.repository.ts'
import { MOST_ATTEMPTS, nextAttemptAt, PATIENCE_MS } from './webhooks.rules.ts'

const DEADLINE_MS = 15_000
const LONGEST_WAIT_S = 86_400
const ACTOR = worker(deliverWebhook.name)

/** What an attempt came to. */
interface Outcome {
  status?: number
  error?: string
  retryAfterMs?: number
}

/** The body of every attempt of a delivery, byte for byte the same. */
export const bodyOf = ({ event, createdAt, data }: DeliveryRow): string =>
  JSON.stringify({ type: event, timestamp: createdAt.toISOString(), data })

const isOver = ({ state }: WebhookRow) => state === 'disabled'

export function createWebhookDelivery({ db, clock, vault }: Foundations & { vault: Vault }, fetch: SafeFetch) {
  async function disable(tx: Tx, { id, unitId }: WebhookRow, reason: string, now: Date): Promise<void> {
    const disabled = await webhooksRepository(tx).disable(id, reason, now)
    if (!disabled) return
    await audit(tx, ACTOR, now, {
      action: 'webhook.disabled',
      subject: { type: 'webhook', id },
      unitId,
      from: 'active',
      to: 'disabled',
      reason,
    })
  }

  /** A sender that was not heard of for so long is taken for dead. */
  const leaseEnd = () => new Date(clock.now().getTime() + ROW_LEASE_MS)

  async function claim(tx: Tx, id: string): Promise<{ delivery: DeliveryRow; webhook: WebhookRow } | undefined> {
    const now = clock.now()
    const repository = webhooksRepository(tx)
    const delivery = await repository.claim(id, now, leaseEnd())
    const found = await repository.findDelivery(id)
    if (!found) return undefined
    if (!delivery) {
      // Somebody else is at it: looked at again when they would be late.
      if (!['waiting', 'sending'].includes(found.delivery.state)) return undefined
      const errand = { payload: { deliveryId: id }, key: id, dueAt: found.delivery.dueAt }
      await schedule(tx, deliverWebhook, errand, now)
      return undefined
    }
    if (!isOver(found.webhook)) return { delivery, webhook: found.webhook }
    await repository.release(delivery, { state: 'failed', error: 'The webhook is switched off.' })
  }

  async function attempt(delivery: DeliveryRow, webhook: WebhookRow): Promise<Outcome> {
    const now = clock.now()
    const body = bodyOf(delivery)
    const { secret, oldSecret, oldSecretUntil } = webhook
    const locked = oldSecret && oldSecretUntil && oldSecretUntil > now ? [secret, oldSecret] : [secret]
    // Rows from before secrets were locked away hold them as they are.
    const secrets = locked.map((one) => (vault.isLocked(one) ? vault.unlock(one, webhook.id) : one))
    try {
      const { status, headers } = await fetch(webhook.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signedHeaders(delivery.id, body, secrets, now) },
        body,
        deadlineMs: DEADLINE_MS,
      })
      const seconds = Number(/^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0] ?? 0)
      const retryAfterMs = Math.min(seconds, LONGEST_WAIT_S) * 1_000
      return status >= 200 && status < 300 ? { status } : { status, error: `HTTP ${status}`, retryAfterMs }
    } catch (error) {
      if (!(error instanceof FetchError)) throw error
      return { error: error.message }
    }
  }

  /** An attempt that failed: the next one, or none any more. */
  async function fail(tx: Tx, delivery: DeliveryRow, webhook: WebhookRow, outcome: Outcome): Promise<void> {
    const now = clock.now()
    const repository = webhooksRepository(tx)
    const isGone = outcome.status === 410
    const dueAt = isGone ? undefined : nextAttemptAt(delivery.id, delivery.attempts, now, outcome.retryAfterMs)
    const facts = { lastStatus: outcome.status ?? null, error: outcome.error! }
    const released = await repository.release(
      delivery,
      dueAt ? { ...facts, state: 'waiting', dueAt } : { ...facts, state: 'failed' },
    )
    if (!released) return
    if (dueAt)
      await schedule(tx, deliverWebhook, { payload: { deliveryId: delivery.id }, key: delivery.id, dueAt }, now)
    const since = webhook.failingSince ?? now
    if (!webhook.failingSince) await repository.note(webhook.id, { failingSince: since })
    if (isGone) return disable(tx, webhook, 'The receiver answered 410: gone for good.', now)
    const days = (now.getTime() - since.getTime()) / 86_400_000
    if (days * 86_400_000 >= PATIENCE_MS) {
      await disable(tx, webhook, `Nothing has arrived for ${Math.floor(days)} days; last: ${outcome.error}`, now)
    }
  }

  async function succeed(tx: Tx, delivery: DeliveryRow, webhook: WebhookRow, status: number): Promise<void> {
    const repository = webhooksRepository(tx)
    const changes = { state: 'delivered' as const, deliveredAt: clock.now(), lastStatus: status, error: null }
    if (!(await repository.release(delivery, changes))) return
    if (webhook.failingSince) await repository.note(webhook.id, { failingSince: null })
  }

  /**
   * One attempt. May be called any number of times, by any number of processes: one of them talks to the receiver. A
   * receiver may still hear the same event twice, and knows it by `webhook-id`.
   */
  return async function deliver(id: string): Promise<void> {
    const claimed = await db.transaction((tx) => claim(tx, id))
    if (!claimed) return
    const { delivery, webhook } = claimed
    const spent = delivery.attempts > MOST_ATTEMPTS
    using _held = keepAlive(() => webhooksRepository(db).release(delivery, { dueAt: leaseEnd() }))
    const outcome = spent ? { error: 'All attempts were cut short.' } : await attempt(delivery, webhook)
    await db.transaction((tx) =>
      outcome.error === undefined
        ? succeed(tx, delivery, webhook, outcome.status!)
        : fail(tx, delivery, webhook, outcome),
    )
  }
}
