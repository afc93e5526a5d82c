import { bind, type Handler } from '../../platform/queue/runner.ts'
import { generateRoster } from './rosters.jobs.ts'
import type { Rosters } from './rosters.service.ts'

export const rosterWorkers = (rosters: Rosters): Handler[] => [
  bind(generateRoster, ({ runId }, context) => rosters.generate(runId, context)),
]
