import { z } from 'zod'
import { defineTask } from '../../platform/queue/tasks.ts'

/** Writes down the reports of the days ahead; comes back every day while the obligation is in force. */
export const planReports = defineTask({
  name: 'duty-reports.plan-reports',
  payload: z.object({ obligationId: z.uuid() }),
})
/** Due so many minutes before the deadline. */
export const remindReporters = defineTask({
  name: 'duty-reports.remind-reporters',
  payload: z.object({ reportId: z.uuid(), minutes: z.int() }),
})
/** Due at the deadline, and again when a late report counts as missing. */
export const watchReport = defineTask({
  name: 'duty-reports.watch-report',
  payload: z.object({ reportId: z.uuid() }),
})
/** Due at each step of the alarm, up the chain of responsible people. */
export const raiseAlarm = defineTask({
  name: 'duty-reports.raise-alarm',
  payload: z.object({ reportId: z.uuid(), step: z.int() }),
})
