import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

const payload = z.object({ swapId: z.uuid() })

/** Due when a swap has waited long enough. */
export const expireSwap = defineTask({ name: 'swaps.expire-swap', payload })
/** Due when people shall be reminded of a swap that nobody has taken. */
export const remindSwap = defineTask({ name: 'swaps.remind-swap', payload })
