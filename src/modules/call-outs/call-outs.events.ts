import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** People are wanted urgently, and calling begins. */
export const callOutOpened = defineEvent('call-out.opened', z.object({ unitId: z.uuid(), callOutId: z.uuid() }))

/** Somebody has said whether they come. */
export const callAnswered = defineEvent('call-out.answered', z.object({ callOutId: z.uuid(), callId: z.uuid() }))

/** Nobody is left to call although people are missing. */
export const callOutShort = defineEvent('call-out.short', z.object({ unitId: z.uuid(), callOutId: z.uuid() }))

/** Over, one way or the other. */
export const callOutClosed = defineEvent('call-out.closed', z.object({ unitId: z.uuid(), callOutId: z.uuid() }))
