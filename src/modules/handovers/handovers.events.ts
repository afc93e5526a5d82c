import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** The crew of a post is not relieved: nobody of the next shift has come in time. */
export const reliefMissing = defineEvent('handover.relief-missing', z.object({ handoverId: z.uuid() }))

/** Both crews have signed, and who took over has read these reports, each up to this filing. */
export const handoverCompleted = defineEvent(
  'handover.completed',
  z.object({
    handoverId: z.uuid(),
    volunteerId: z.uuid(),
    reports: z.array(z.object({ id: z.uuid(), number: z.int() })),
  }),
)
