import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** A report was not filed in time, not even as nil. One occurrence of one obligation. */
export const reportMissing = defineEvent(
  'report.missing',
  z.object({ reportId: z.uuid(), obligationId: z.uuid(), unitId: z.uuid() }),
)

/** A report was filed or amended; the first filing has number 1. */
export const reportFiled = defineEvent(
  'report.filed',
  z.object({ reportId: z.uuid(), obligationId: z.uuid(), unitId: z.uuid(), number: z.int() }),
)
