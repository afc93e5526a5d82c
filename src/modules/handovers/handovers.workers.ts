import { bind } from '../../platform/queue/runner.ts'
import { alarmAbove, askCrew, checkRelief, openHandover } from './handovers.jobs.ts'
import type { Handovers } from './handovers.service.ts'

export const handoversWorkers = (handovers: Handovers) => [
  bind(openHandover, ({ shiftId }) => handovers.open(shiftId)),
  bind(askCrew, ({ handoverId }) => handovers.askCrew(handoverId)),
  bind(checkRelief, ({ handoverId }) => handovers.checkRelief(handoverId)),
  bind(alarmAbove, ({ handoverId }) => handovers.alarmAbove(handoverId)),
]
