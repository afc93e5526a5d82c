import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Twenty tries with growing pauses outlast a mail server that is away for two hours. */
export const deliverMessage = defineTask({
  name: 'notifications.deliver-message',
  payload: z.object({ messageId: z.uuid() }),
  attempts: 20,
})

/** Sends what somebody urgently waits for by the next contact point, unless it is known to have arrived. */
export const fallBack = defineTask({
  name: 'notifications.fall-back',
  payload: z.object({ messageId: z.uuid() }),
})
