import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** The next step of one call-out: at once, when answers are due, or when the shift is over. */
export const advanceCallOut = defineTask({
  name: 'call-outs.advance',
  payload: z.object({ callOutId: z.uuid() }),
  queue: 'searches',
})
