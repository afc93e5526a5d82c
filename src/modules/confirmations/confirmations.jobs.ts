import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

const payload = z.object({ requestId: z.uuid() })

/** Due a while before the deadline of a request. */
export const remindRequest = defineTask({ name: 'confirmations.remind-request', payload })
/** Due at the deadline of a request. */
export const lapseRequest = defineTask({ name: 'confirmations.lapse-request', payload })
/** What follows from confirmations that were written together. */
export const followUp = defineTask({
  name: 'confirmations.follow-up',
  payload: z.object({ assignmentIds: z.array(z.uuid()) }),
  queue: 'follow-ups',
})
