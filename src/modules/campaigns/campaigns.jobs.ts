import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Due so many minutes before the deadline of a round: reminds those who have something left to do. */
export const chaseRound = defineTask({
  name: 'campaigns.chase-round',
  payload: z.object({ roundId: z.uuid(), minutes: z.int() }),
})
/** Due at the deadline of a round. */
export const endRound = defineTask({ name: 'campaigns.end-round', payload: z.object({ roundId: z.uuid() }) })
