import { bind } from '../../platform/queue/runner.ts'
import { followUp, lapseRequest, remindRequest } from './confirmations.jobs.ts'
import type { Confirmations } from './confirmations.service.ts'

export const confirmationsWorkers = (confirmations: Confirmations) => [
  bind(remindRequest, ({ requestId }) => confirmations.remind(requestId)),
  bind(lapseRequest, ({ requestId }) => confirmations.lapse(requestId)),
  bind(followUp, ({ assignmentIds }) => confirmations.followUp(assignmentIds)),
]
