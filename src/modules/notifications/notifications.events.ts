import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** A message could not reach its recipient and will not be tried again. */
export const messageFailed = defineEvent(
  'message.failed',
  z.object({ messageId: z.uuid(), template: z.string(), subjectId: z.uuid() }),
)
