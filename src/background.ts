import { checkedOut } from './modules/attendance/attendance.events.ts'
import { attendanceWorkers } from './modules/attendance/attendance.workers.ts'
import { confirmationsWorkers } from './modules/confirmations/confirmations.workers.ts'
import { gapExhausted, gapsFilled, gapsOpened } from './modules/gap-filling/gap-filling.events.ts'
import { gapFillingWorkers } from './modules/gap-filling/gap-filling.workers.ts'
import { messageFailed } from './modules/notifications/notifications.events.ts'
import { notificationsWorkers } from './modules/notifications/notifications.workers.ts'
import { assignmentSeated, assignmentsMoved, rosterPublished } from './modules/rosters/rosters.events.ts'
import { rosterWorkers } from './modules/rosters/rosters.workers.ts'
import { webhooksWorkers } from './modules/webhooks/webhooks.workers.ts'
import type { News } from './platform/queue/news.ts'
import type { Handler } from './platform/queue/runner.ts'
import type { Services } from './services.ts'

/** Table of contents of the night side, first half: who hears of what. Reactions share the transaction of the change. */
export function connectNews(news: News, { confirmations, gapFilling, attendance, hours, webhooks }: Services): void {
  news.on(rosterPublished, confirmations.onRosterPublished)
  news.on(assignmentsMoved, confirmations.onAssignmentsMoved)
  news.on(assignmentSeated, confirmations.onAssignmentSeated)
  news.on(rosterPublished, gapFilling.onRosterPublished)
  news.on(assignmentsMoved, gapFilling.onAssignmentsMoved)
  news.on(assignmentSeated, gapFilling.onAssignmentSeated)
  news.on(messageFailed, gapFilling.onMessageFailed)
  news.on(assignmentsMoved, attendance.onAssignmentsMoved)
  news.on(assignmentSeated, attendance.onAssignmentSeated)
  news.on(checkedOut, hours.onCheckedOut)
  news.on(rosterPublished, webhooks.onRosterPublished)
  news.on(assignmentsMoved, webhooks.onAssignmentsMoved)
  news.on(assignmentSeated, webhooks.onAssignmentSeated)
  news.on(gapsOpened, webhooks.onGapsOpened)
  news.on(gapsFilled, webhooks.onGapsFilled)
  news.on(gapExhausted, webhooks.onGapExhausted)
}

/** Second half: what is done without a request. */
export const allHandlers = ({
  notifications,
  rosters,
  confirmations,
  gapFilling,
  attendance,
  webhooks,
}: Services): Handler[] => [
  ...notificationsWorkers(notifications),
  ...rosterWorkers(rosters),
  ...confirmationsWorkers(confirmations),
  ...gapFillingWorkers(gapFilling),
  ...attendanceWorkers(attendance),
  ...webhooksWorkers(webhooks),
]
