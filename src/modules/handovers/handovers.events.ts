import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** The crew of a post is not relieved: nobody of the next shift has come in time. */
export const reliefMissing = defineEvent('handover.relief-missing', z.object({ handoverId: z.uuid() }))

/** Both crews have signed. */
export const handoverCompleted = defineEvent('handover.completed', z.object({ handoverId: z.uuid() }))
