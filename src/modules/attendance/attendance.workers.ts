import { bind } from '../../platform/queue/runner.ts'
import { markNoShow } from './attendance.jobs.ts'
import type { Attendance } from './attendance.service.ts'

export const attendanceWorkers = (attendance: Attendance) => [
  bind(markNoShow, ({ assignmentId }) => attendance.markNoShow(assignmentId)),
]
