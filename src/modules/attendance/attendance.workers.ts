import { bind } from '../../platform/queue/runner.ts'
import { askCheckIn, askCheckOut, forgetFailures, markNoShow, tellCheckIn, tellCheckOut } from './attendance.jobs.ts'
import type { Attendance } from './attendance.service.ts'

export const attendanceWorkers = (attendance: Attendance) => [
  bind(askCheckIn, ({ assignmentId }) => attendance.askCheckIn(assignmentId)),
  bind(tellCheckIn, ({ assignmentId }) => attendance.tellCheckIn(assignmentId)),
  bind(markNoShow, ({ assignmentId }) => attendance.markNoShow(assignmentId)),
  bind(askCheckOut, ({ assignmentId }) => attendance.askCheckOut(assignmentId)),
  bind(tellCheckOut, ({ assignmentId }) => attendance.tellCheckOut(assignmentId)),
  bind(forgetFailures, () => attendance.forgetFailures()),
]
