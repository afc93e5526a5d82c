import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** The next step of one search. */
export const advanceCascade = defineTask({
  name: 'gap-filling.advance-cascade',
  payload: z.object({ cascadeId: z.uuid() }),
  queue: 'searches',
})
/** Due when the offers of a wave run out. */
export const expireWave = defineTask({
  name: 'gap-filling.expire-wave',
  payload: z.object({ cascadeId: z.uuid(), wave: z.int() }),
})
/** Due when the shift of a gap is over. */
export const closeGap = defineTask({
  name: 'gap-filling.close-gap',
  payload: z.object({ gapId: z.uuid() }),
})
/** Due when a level of the chain of responsibility has had its time to react. */
export const climbEscalation = defineTask({
  name: 'gap-filling.climb-escalation',
  payload: z.object({ escalationId: z.uuid() }),
})
/** Due when those who answer for a unit hear of its open gaps. */
export const summariseGaps = defineTask({
  name: 'gap-filling.summarise-gaps',
  payload: z.object({ unitId: z.uuid() }),
})
