import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { createVault } from '../../platform/auth/secret-key.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import { createSafeFetch, objectionTo } from '../../platform/http/safe-fetch.ts'
import { secretOf } from '../../platform/http/standard-webhooks.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { createWebhookDelivery } from './webhooks.delivery.ts'
import { deliverWebhook } from './webhooks.jobs.ts'
import { webhookProblems } from './webhooks.problems.ts'
import { type DeliveryRow, type WebhookRow, webhooksRepository } from './webhooks.repository.ts'
import type { DeliveryList, NewWebhook, WebhookList, WebhookPatch } from './webhooks.schemas.ts'
import { webhookDeliveries, webhooks } from './webhooks.tables.ts'
import { webhookReactions } from './webhooks.telling.ts'
import { deliveryView, webhookView } from './webhooks.views.ts'

export type Webhooks = ReturnType<typeof createWebhooks>

export interface WebhooksDeps extends Foundations {
  organisation: Organisation
  /** Hosts of the settings that may be called although they are not on the open internet. */
  trustedHosts: string[]
  /** Signing secrets are locked away with it. */
  secretKey: Buffer
}

const BOTH_SECRETS_MS = 86_400_000
const newWebhookSecret = () => secretOf(randomBytes(32))

/**
 * Tells other systems what happens. Promises: an event is written down with the change it tells of, is tried ten times
 * over three days, is signed, goes to nobody inside the network unless the settings say so, and names ids only.
 */
export function createWebhooks(deps: WebhooksDeps) {
  const { db, clock, organisation, trustedHosts: trusted } = deps
  const repository = webhooksRepository(db)
  const vault = createVault(deps.secretKey, 'webhooks')

  async function get(handle: Handle, actor: Actor, id: string): Promise<WebhookRow> {
    const found = await webhooksRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => webhookProblems.unknown(id))
    return found!.webhook
  }

  function checkUrl(url: string | undefined): void {
    const found = findings()
    const objection = url === undefined ? undefined : objectionTo(url, { trusted })
    if (objection) found.add('/body/url', 'url-forbidden', `The address ${objection}.`)
    found.throwIfAny()
  }

  const change = (webhook: WebhookRow, verb: string, facts?: Record<string, unknown>) => ({
    action: `webhook.${verb}`,
    subject: { type: 'webhook', id: webhook.id },
    unitId: webhook.unitId,
    facts,
  })

  return {
    ...webhookReactions,
    deliver: createWebhookDelivery({ ...deps, vault }, createSafeFetch({ trusted })),

    async createWebhook(actor: Actor, input: z.output<typeof NewWebhook>) {
      checkUrl(input.url)
      return db.transaction(async (tx) => {
        const unit = await organisation.getUnit(actor, input.unitId, tx)
        const now = clock.now()
        const secret = newWebhookSecret()
        const id = newId()
        const locked = vault.lock(secret, id)
        const row = {
          ...input,
          id,
          unitId: unit.id,
          secret: locked,
          state: 'active' as const,
          createdAt: now,
          updatedAt: now,
        }
        const webhook = await webhooksRepository(tx).insert(row)
        await audit(tx, actor, now, change(webhook, 'created', { url: webhook.url, events: webhook.events }))
        return { ...webhookView(webhook), secret }
      })
    },

    showWebhook: async (actor: Actor, id: string) => webhookView(await get(db, actor, id)),

    async listWebhooks(actor: Actor, query: z.output<typeof WebhookList>) {
      const conditions = [withinPath(actor.unitPath), query.unitId ? eq(webhooks.unitId, query.unitId) : undefined]
      const rows = await repository.list(conditions, keyset(query, { createdAt: webhooks.createdAt }, webhooks.id))
      return toPage(
        query,
        rows.map((row) => row.webhook),
        (row: WebhookRow) => row.createdAt,
        webhookView,
      )
    },

    async updateWebhook(actor: Actor, id: string, version: number, patch: z.output<typeof WebhookPatch>) {
      checkUrl(patch.url)
      return db.transaction(async (tx) => {
        const before = await get(tx, actor, id)
        const now = clock.now()
        // Switched on again it begins with a clean slate.
        const fresh = patch.state === 'active' ? { stateReason: null, failingSince: null } : {}
        const off = patch.state === 'disabled' ? { stateReason: 'by hand' } : {}
        const after = await webhooksRepository(tx).update(id, version, { ...patch, ...fresh, ...off, updatedAt: now })
        if (!after) throw stale(before.version)
        await audit(tx, actor, now, change(after, 'changed', { fields: Object.keys(patch) }))
        return webhookView(after)
      })
    },

    async deleteWebhook(actor: Actor, id: string, version: number) {
      await db.transaction(async (tx) => {
        const before = await get(tx, actor, id)
        if (!(await webhooksRepository(tx).remove(id, version))) throw stale(before.version)
        await audit(tx, actor, clock.now(), change(before, 'deleted', { url: before.url }))
      })
    },

    /** Makes a new secret; the one before signs as well for a day, so that no event is refused meanwhile. */
    async rotateSecret(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const before = await get(tx, actor, id)
        const now = clock.now()
        const secret = newWebhookSecret()
        const oldSecretUntil = new Date(now.getTime() + BOTH_SECRETS_MS)
        const changes = { secret: vault.lock(secret, id), oldSecret: before.secret, oldSecretUntil, updatedAt: now }
        const after = await webhooksRepository(tx).update(id, before.version, changes)
        if (!after) throw stale(before.version)
        await audit(tx, actor, now, change(after, 'secret-rotated'))
        return { ...webhookView(after), secret }
      })
    },

    async listDeliveries(actor: Actor, id: string, query: z.output<typeof DeliveryList>) {
      await get(db, actor, id)
      const conditions = [
        eq(webhookDeliveries.webhookId, id),
        query.state ? eq(webhookDeliveries.state, query.state) : undefined,
        query.event ? eq(webhookDeliveries.event, query.event) : undefined,
      ]
      const page = keyset(query, { createdAt: webhookDeliveries.createdAt }, webhookDeliveries.id)
      const rows = await repository.listDeliveries(conditions, page)
      return toPage(query, rows, (row: DeliveryRow) => row.createdAt, deliveryView)
    },

    /** Sends an ended delivery again, under the same id, with all its attempts before it. */
    async replayDelivery(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const found = await webhooksRepository(tx).findDelivery(id)
        assertCovers(actor, found?.unitPath, () => webhookProblems.deliveryUnknown(id))
        const { webhook, delivery } = found!
        if (webhook.state === 'disabled') throw webhookProblems.disabled()
        const now = clock.now()
        const again = await webhooksRepository(tx).restart(id, now)
        if (!again) throw webhookProblems.underWay()
        await audit(tx, actor, now, change(webhook, 'delivery-replayed', { deliveryId: id, from: delivery.state }))
        await schedule(tx, deliverWebhook, { payload: { deliveryId: id }, key: id, dueAt: now }, now)
        return deliveryView(again)
      })
    },
  }
}
