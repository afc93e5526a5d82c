import { z } from 'zod'
import { defineEvent } from './news.ts'

/** A task was put aside as dead: it failed as often as it may, or there was no use in trying again. */
export const taskDied = defineEvent('task.died', z.object({ taskId: z.uuid(), name: z.string() }))
