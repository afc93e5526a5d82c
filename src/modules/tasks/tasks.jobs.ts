import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Tells those who run the service that tasks are dead, of which the first died at `since`, and nobody has seen to them. */
export const tellOfDead = defineTask({
  name: 'tasks.tell-of-dead',
  payload: z.object({ since: z.iso.datetime() }),
})
