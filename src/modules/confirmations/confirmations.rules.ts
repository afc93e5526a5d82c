import { earlier, later } from '../../time/intervals.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'

const MINUTE = 60_000

export const minutesBefore = (instant: Date, minutes: number): Date => new Date(instant.getTime() - minutes * MINUTE)

/**
 * Until when an answer is waited for: as long as the policy gives, and not beyond the cut-off of the first duty. A duty
 * that is near leaves half of the time until it begins, so that the other half is there to find somebody else.
 */
export function confirmDeadline(
  now: Date,
  firstStart: Date,
  policy: Pick<UnitPolicy, 'confirmWithinMinutes' | 'cutOffMinutes'>,
): Date {
  const wished = minutesBefore(now, -policy.confirmWithinMinutes)
  const half = new Date(now.getTime() + Math.max(0, firstStart.getTime() - now.getTime()) / 2)
  return earlier(wished, later(half, minutesBefore(firstStart, policy.cutOffMinutes)))
}

/** When those who have not answered are reminded: before the deadline as the policy says, not earlier than halfway. */
export function reminderAt(now: Date, confirmBy: Date, policy: Pick<UnitPolicy, 'remindBeforeMinutes'>): Date {
  const halfway = new Date((now.getTime() + confirmBy.getTime()) / 2)
  return later(halfway, minutesBefore(confirmBy, policy.remindBeforeMinutes))
}

export type Choice = 'confirm' | 'decline'

export interface Asked {
  assignmentId: string
  state: AssignmentState
  version: number
  startsAt: Date
  /** Nobody holds the seat at this moment. */
  seatFree: boolean
}

/**
 * What a person can answer now. A question that is still open can be answered as long as it has not lapsed; an answer
 * can be changed until the cut-off, a decline only while the seat is free.
 */
export function choicesOf(item: Asked, now: Date, policy: Pick<UnitPolicy, 'cutOffMinutes'>): Choice[] {
  if (item.state === 'pending') return ['confirm', 'decline']
  if (now >= minutesBefore(item.startsAt, policy.cutOffMinutes)) return []
  if (item.state === 'confirmed') return ['decline']
  return item.state === 'declined' && item.seatFree ? ['confirm'] : []
}

export interface Answer {
  choice: Choice
  /** One duty; all open ones when left out. */
  assignmentId?: string | undefined
  /** Version of the duty as the page showed it. Without it only an open question is answered, no answer changed. */
  seen?: number | undefined
  reason?: string | undefined
}

/** Duties this answer changes, as they stand; none when it says what holds already or comes from an old page. */
export function answeredBy<T extends Asked>(
  items: T[],
  answer: Answer,
  now: Date,
  policy: Pick<UnitPolicy, 'cutOffMinutes'>,
): T[] {
  return items.filter((item) => {
    if (!choicesOf(item, now, policy).includes(answer.choice)) return false
    if (answer.assignmentId === undefined) return item.state === 'pending'
    if (item.assignmentId !== answer.assignmentId) return false
    return answer.seen === undefined ? item.state === 'pending' : item.version === answer.seen
  })
}

/** When the holder of a duty is reminded of it: at once if that moment has passed; never when the duty has begun. */
export function dutyReminderAt(
  now: Date,
  startsAt: Date,
  policy: Pick<UnitPolicy, 'dutyReminderMinutes'>,
): Date | undefined {
  return now < startsAt ? later(now, minutesBefore(startsAt, policy.dutyReminderMinutes)) : undefined
}
