import { z } from 'zod'
import { pageOf, pageQuery } from '../../platform/http/page.ts'
import { Id, Instant, Version } from '../../platform/http/schemas.ts'
import { DELIVERY_STATES, WEBHOOK_EVENTS, WEBHOOK_STATES } from './webhooks.tables.ts'

const Event = z.enum(WEBHOOK_EVENTS)
const Events = z
  .array(Event)
  .min(1)
  .refine((events) => new Set(events).size === events.length, {
    error: 'names the same event twice',
    params: { code: 'event-twice' },
  })
const Url = z
  .string()
  .max(2_000)
  .meta({ description: 'https on port 443 or 8443, on the open internet; other hosts when the settings trust them' })
const State = z.enum(WEBHOOK_STATES)

export const NewWebhook = z.strictObject({
  unitId: Id.meta({ description: 'Hears what happens at this unit and below' }),
  url: Url,
  events: Events,
})

export const WebhookPatch = z.strictObject({ url: Url, events: Events, state: State }).partial()

export const Webhook = z
  .object({
    id: Id,
    unitId: Id,
    url: z.string(),
    events: z.array(Event),
    state: State,
    stateReason: z.string().nullable().meta({ description: 'Why it was switched off' }),
    failingSince: Instant.nullable().meta({ description: 'Since when nothing has arrived' }),
    oldSecretUntil: Instant.nullable().meta({ description: 'Until when the secret before the last change signs too' }),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: 'Webhook' })

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().meta({ description: 'Shown once, now: whsec_ and the signing key in base64' }),
}).meta({ id: 'WebhookWithSecret' })

export const WebhookList = z.strictObject({ ...pageQuery(['createdAt']), unitId: Id.optional() })
export const WebhookPage = pageOf(Webhook)

export const WebhookDelivery = z
  .object({
    id: Id.meta({ description: 'The webhook-id of every attempt' }),
    webhookId: Id,
    event: Event,
    data: z.record(z.string(), z.unknown()),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    dueAt: Instant.nullable().meta({ description: 'The next attempt' }),
    lastStatus: z.int().nullable(),
    error: z.string().nullable(),
    createdAt: Instant,
    deliveredAt: Instant.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })

export const DeliveryList = z.strictObject({
  ...pageQuery(['createdAt']),
  state: z.enum(DELIVERY_STATES).optional(),
  event: Event.optional(),
})
export const DeliveryPage = pageOf(WebhookDelivery)
