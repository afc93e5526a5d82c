import { bind } from '../../platform/queue/runner.ts'
import { deliverWebhook } from './webhooks.jobs.ts'
import type { Webhooks } from './webhooks.service.ts'

export const webhooksWorkers = (webhooks: Webhooks) => [
  bind(deliverWebhook, ({ deliveryId }) => webhooks.deliver(deliveryId)),
]
