import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

const Day = z.object({ planId: z.uuid(), day: z.string() })

/** Due when a local day of a plan begins: its visits are written down, and those of the next day are seen to. */
export const openVisitDay = defineTask({
  name: 'standing-duties.open-visit-day',
  payload: z.object({ planId: z.uuid() }),
})
/** Due some time after the visits: whoever has not reported is asked. */
export const chaseVisits = defineTask({ name: 'standing-duties.chase-visits', payload: Day })
/** Due later: visits nobody has reported are missing, and whoever is responsible hears so. */
export const missVisits = defineTask({ name: 'standing-duties.miss-visits', payload: Day })
