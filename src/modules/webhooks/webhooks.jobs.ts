import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

export const deliverWebhook = defineTask({
  name: 'webhooks.deliver-event',
  payload: z.object({ deliveryId: z.uuid() }),
})
