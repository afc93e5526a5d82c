import type { DeliveryRow, WebhookRow } from './webhooks.repository.ts'

export const webhookView = (webhook: WebhookRow) => ({
  id: webhook.id,
  unitId: webhook.unitId,
  url: webhook.url,
  events: webhook.events,
  state: webhook.state,
  stateReason: webhook.stateReason,
  failingSince: webhook.failingSince?.toISOString() ?? null,
  oldSecretUntil: webhook.oldSecretUntil?.toISOString() ?? null,
  createdAt: webhook.createdAt.toISOString(),
  updatedAt: webhook.updatedAt.toISOString(),
  version: webhook.version,
})

export const deliveryView = (delivery: DeliveryRow) => ({
  id: delivery.id,
  webhookId: delivery.webhookId,
  event: delivery.event,
  data: delivery.data,
  state: delivery.state,
  attempts: delivery.attempts,
  dueAt: delivery.state === 'waiting' ? delivery.dueAt.toISOString() : null,
  lastStatus: delivery.lastStatus,
  error: delivery.error,
  createdAt: delivery.createdAt.toISOString(),
  deliveredAt: delivery.deliveredAt?.toISOString() ?? null,
})
