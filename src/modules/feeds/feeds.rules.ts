import { ASSIGNMENT_STATES, type AssignmentState, LIVE } from '../rosters/rosters.states.ts'
import type { FeedDuty } from './feeds.types.ts'

const DAY = 86_400_000
const DAYS_BACK = 30
const DAYS_AHEAD = 180
const CALLED_OFF_DAYS = 30

export interface FeedWindow {
  from: Date
  to: Date
  /** What was called off before is left out. */
  calledOffSince: Date
}

const isLive = (state: AssignmentState) => (LIVE as readonly AssignmentState[]).includes(state)

/** States in which a duty is shown as cancelled, so that calendars take it away. */
export const CALLED_OFF = ASSIGNMENT_STATES.filter((state) => !isLive(state))

export function windowAt(now: Date): FeedWindow {
  const at = (days: number) => new Date(now.getTime() + days * DAY)
  return { from: at(-DAYS_BACK), to: at(DAYS_AHEAD), calledOffSince: at(-CALLED_OFF_DAYS) }
}

/** As RFC 5545, 3.8.1.11 names it: tentative until somebody has said yes. */
export function eventStatus(state: AssignmentState): 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED' {
  if (state === 'pending') return 'TENTATIVE'
  return isLive(state) ? 'CONFIRMED' : 'CANCELLED'
}

/** The same assignment is the same event in every feed and for ever. */
export const eventUid = (assignmentId: string): string => `duty-${assignmentId}@watchbill`

/** Rises with every change of the assignment, and with every change of the post, whose name and place are shown. */
export const eventSequence = ({ assignmentVersion, postVersion }: FeedDuty): number =>
  assignmentVersion - 1 + (postVersion - 1)

export const changedAt = ({ assignmentChangedAt, postChangedAt }: FeedDuty): Date =>
  assignmentChangedAt > postChangedAt ? assignmentChangedAt : postChangedAt
