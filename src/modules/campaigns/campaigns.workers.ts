import { bind } from '../../platform/queue/runner.ts'
import { chaseRound, endRound } from './campaigns.jobs.ts'
import type { Campaigns } from './campaigns.service.ts'

export const campaignsWorkers = (campaigns: Campaigns) => [
  bind(chaseRound, ({ roundId, minutes }) => campaigns.chaseRound(roundId, minutes)),
  bind(endRound, ({ roundId }) => campaigns.endRound(roundId)),
]
