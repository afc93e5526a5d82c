import { bind } from '../../platform/queue/runner.ts'
import { deliverMessage, fallBack } from './notifications.jobs.ts'
import type { Notifications } from './notifications.service.ts'

export const notificationsWorkers = (notifications: Notifications) => [
  bind(deliverMessage, ({ messageId }, { attempt }) => notifications.deliver(messageId, attempt)),
  bind(fallBack, ({ messageId }) => notifications.fallBack(messageId)),
]
