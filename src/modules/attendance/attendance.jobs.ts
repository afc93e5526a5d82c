import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Due when a confirmed duty has waited for its holder as long as the unit's policy says. */
export const markNoShow = defineTask({
  name: 'attendance.mark-no-show',
  payload: z.object({ assignmentId: z.uuid() }),
})
