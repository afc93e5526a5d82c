import { bind } from '../../platform/queue/runner.ts'
import { expireSwap, remindSwap } from './swaps.jobs.ts'
import type { Swaps } from './swaps.service.ts'

export const swapsWorkers = (swaps: Swaps) => [
  bind(expireSwap, ({ swapId }) => swaps.expire(swapId)),
  bind(remindSwap, ({ swapId }) => swaps.remind(swapId)),
]
