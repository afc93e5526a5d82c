import { bind } from '../../platform/queue/runner.ts'
import { chaseVisits, missVisits, openVisitDay } from './standing-duties.jobs.ts'
import type { StandingDuties } from './standing-duties.service.ts'

export const standingDutiesWorkers = (standingDuties: StandingDuties) => [
  bind(openVisitDay, ({ planId }) => standingDuties.openDay(planId)),
  bind(chaseVisits, ({ planId, day }) => standingDuties.chase(planId, day)),
  bind(missVisits, ({ planId, day }) => standingDuties.miss(planId, day)),
]
