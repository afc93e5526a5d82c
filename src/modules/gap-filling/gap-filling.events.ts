import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** Seats are empty and somebody is looked for. All in one transaction. */
export const gapsOpened = defineEvent('gap.opened', z.object({ gapIds: z.array(z.uuid()) }))

/** These seats have a holder again. */
export const gapsFilled = defineEvent('gap.filled', z.object({ gapIds: z.array(z.uuid()) }))

/** Everybody in reserve was asked, and nobody comes. */
export const gapExhausted = defineEvent('gap.exhausted', z.object({ gapId: z.uuid() }))
