import { bind } from '../../platform/queue/runner.ts'
import { advanceCascade, climbEscalation, closeGap, expireWave, summariseGaps } from './gap-filling.jobs.ts'
import type { GapFilling } from './gap-filling.service.ts'

export const gapFillingWorkers = (gapFilling: GapFilling) => [
  bind(advanceCascade, ({ cascadeId }) => gapFilling.advance(cascadeId)),
  bind(expireWave, ({ cascadeId, wave }) => gapFilling.expireWave(cascadeId, wave)),
  bind(climbEscalation, ({ escalationId }) => gapFilling.climb(escalationId)),
  bind(summariseGaps, ({ unitId }) => gapFilling.summarise(unitId)),
  bind(closeGap, ({ gapId }) => gapFilling.closeWhenOver(gapId)),
]
