import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Makes a roster: loads the facts, lets the engine work, saves what it found. */
export const generateRoster = defineTask({
  name: 'rosters.generate',
  payload: z.object({ runId: z.uuid() }),
  queue: 'generation',
  attempts: 5,
})
