import { bind } from '../../platform/queue/runner.ts'
import { advanceCallOut } from './call-outs.jobs.ts'
import type { CallOuts } from './call-outs.service.ts'

export const callOutsWorkers = (callOuts: CallOuts) => [
  bind(advanceCallOut, ({ callOutId }) => callOuts.advance(callOutId)),
]
