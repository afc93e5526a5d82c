import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'
import { SWAP_STATES } from './swaps.states.ts'

/** A swap was asked for, taken, decided or carried out. */
export const swapChanged = defineEvent('swap.changed', z.object({ swapId: z.uuid(), to: z.enum(SWAP_STATES) }))
