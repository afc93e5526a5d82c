import { announcementsWorkers } from './modules/announcements/announcements.workers.ts'
import { attendanceCorrected, checkedIn, checkedOut } from './modules/attendance/attendance.events.ts'
import { attendanceWorkers } from './modules/attendance/attendance.workers.ts'
import { callOutClosed, callOutOpened, callOutShort } from './modules/call-outs/call-outs.events.ts'
import { callOutsWorkers } from './modules/call-outs/call-outs.workers.ts'
import { campaignsWorkers } from './modules/campaigns/campaigns.workers.ts'
import { confirmationsWorkers } from './modules/confirmations/confirmations.workers.ts'
import { reportMissing } from './modules/duty-reports/duty-reports.events.ts'
import { dutyReportsWorkers } from './modules/duty-reports/duty-reports.workers.ts'
import { gapExhausted, gapsFilled, gapsOpened } from './modules/gap-filling/gap-filling.events.ts'
import { gapFillingWorkers } from './modules/gap-filling/gap-filling.workers.ts'
import { handoverCompleted, reliefMissing } from './modules/handovers/handovers.events.ts'
import { handoversWorkers } from './modules/handovers/handovers.workers.ts'
import { messageFailed } from './modules/notifications/notifications.events.ts'
import { notificationsWorkers } from './modules/notifications/notifications.workers.ts'
import { postChanged, shiftsMoved, shiftsWithdrawn } from './modules/posts/posts.events.ts'
import {
  assignmentSeated,
  assignmentsMoved,
  assignmentsRescheduled,
  rosterPublished,
} from './modules/rosters/rosters.events.ts'
import { rosterWorkers } from './modules/rosters/rosters.workers.ts'
import { standingDutiesWorkers } from './modules/standing-duties/standing-duties.workers.ts'
import { swapsWorkers } from './modules/swaps/swaps.workers.ts'
import { tasksWorkers } from './modules/tasks/tasks.workers.ts'
import { webhooksWorkers } from './modules/webhooks/webhooks.workers.ts'
import type { News } from './platform/queue/news.ts'
import { taskDied } from './platform/queue/queue.events.ts'
import type { Handler } from './platform/queue/runner.ts'
import type { Services } from './services.ts'

/**
 * Table of contents of the night side, first half: who hears of what. Reactions share the transaction of the change; those
 * to a plain yes that of the task that follows it up.
 */
export function connectNews(
  news: News,
  {
    rosters,
    confirmations,
    gapFilling,
    callOuts,
    attendance,
    handovers,
    dutyReports,
    hours,
    webhooks,
    swaps,
    tasks,
  }: Services,
): void {
  news.on(rosterPublished, confirmations.onRosterPublished)
  news.on(assignmentsMoved, confirmations.beforeAssignmentsMoved)
  news.on(assignmentsMoved, confirmations.onAssignmentsMoved)
  news.on(assignmentSeated, confirmations.onAssignmentSeated)
  news.on(postChanged, confirmations.onPostChanged)
  news.on(shiftsMoved, rosters.onShiftsMoved)
  news.on(assignmentsRescheduled, confirmations.onAssignmentsRescheduled)
  news.on(rosterPublished, gapFilling.onRosterPublished)
  news.on(assignmentsMoved, gapFilling.onAssignmentsMoved)
  news.on(assignmentSeated, gapFilling.onAssignmentSeated)
  news.on(shiftsMoved, gapFilling.onShiftsMoved)
  news.on(shiftsWithdrawn, gapFilling.onShiftsWithdrawn)
  news.on(messageFailed, confirmations.onMessageFailed)
  news.on(messageFailed, gapFilling.onMessageFailed)
  news.on(assignmentsMoved, callOuts.onAssignmentsMoved)
  news.on(messageFailed, callOuts.onMessageFailed)
  news.on(assignmentsMoved, attendance.onAssignmentsMoved)
  news.on(assignmentSeated, attendance.onAssignmentSeated)
  news.on(assignmentsMoved, handovers.onAssignmentsMoved)
  news.on(assignmentSeated, handovers.onAssignmentSeated)
  news.on(checkedIn, handovers.onCheckedIn)
  news.on(checkedOut, handovers.onCheckedOut)
  news.on(handoverCompleted, dutyReports.onHandoverCompleted)
  news.on(assignmentsMoved, swaps.onAssignmentsMoved)
  news.on(checkedOut, hours.onCheckedOut)
  news.on(attendanceCorrected, hours.onAttendanceCorrected)
  news.on(rosterPublished, webhooks.onRosterPublished)
  news.on(assignmentsMoved, webhooks.onAssignmentsMoved)
  news.on(assignmentSeated, webhooks.onAssignmentSeated)
  news.on(assignmentsRescheduled, webhooks.onAssignmentsRescheduled)
  news.on(gapsOpened, webhooks.onGapsOpened)
  news.on(gapsFilled, webhooks.onGapsFilled)
  news.on(gapExhausted, webhooks.onGapExhausted)
  news.on(callOutOpened, webhooks.onCallOutOpened)
  news.on(callOutShort, webhooks.onCallOutShort)
  news.on(callOutClosed, webhooks.onCallOutClosed)
  news.on(reliefMissing, webhooks.onReliefMissing)
  news.on(reportMissing, webhooks.onReportMissing)
  news.on(taskDied, tasks.onTaskDied)
}

/** Second half: what is done without a request. */
export const allHandlers = ({
  notifications,
  rosters,
  confirmations,
  gapFilling,
  callOuts,
  standingDuties,
  attendance,
  handovers,
  swaps,
  announcements,
  dutyReports,
  campaigns,
  webhooks,
  tasks,
}: Services): Handler[] => [
  ...notificationsWorkers(notifications),
  ...rosterWorkers(rosters),
  ...confirmationsWorkers(confirmations),
  ...gapFillingWorkers(gapFilling),
  ...callOutsWorkers(callOuts),
  ...standingDutiesWorkers(standingDuties),
  ...attendanceWorkers(attendance),
  ...handoversWorkers(handovers),
  ...swapsWorkers(swaps),
  ...announcementsWorkers(announcements),
  ...dutyReportsWorkers(dutyReports),
  ...campaignsWorkers(campaigns),
  ...webhooksWorkers(webhooks),
  ...tasksWorkers(tasks),
]
