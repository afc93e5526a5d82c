import { bind } from '../../platform/queue/runner.ts'
import { planReports, raiseAlarm, remindReporters, watchReport } from './duty-reports.jobs.ts'
import type { DutyReports } from './duty-reports.service.ts'

export const dutyReportsWorkers = (reports: DutyReports) => [
  bind(planReports, ({ obligationId }) => reports.plan(obligationId)),
  bind(remindReporters, ({ reportId, minutes }) => reports.remind(reportId, minutes)),
  bind(watchReport, ({ reportId }) => reports.watch(reportId)),
  bind(raiseAlarm, ({ reportId, step }) => reports.alarm(reportId, step)),
]
