import { bind } from '../../platform/queue/runner.ts'
import { advanceCascade, closeGap, expireWave } from './gap-filling.jobs.ts'
import type { GapFilling } from './gap-filling.service.ts'

export const gapFillingWorkers = (gapFilling: GapFilling) => [
  bind(advanceCascade, ({ cascadeId }) => gapFilling.advance(cascadeId)),
  bind(expireWave, ({ cascadeId, wave }) => gapFilling.expireWave(cascadeId, wave)),
  bind(closeGap, ({ gapId }) => gapFilling.closeWhenOver(gapId)),
]
