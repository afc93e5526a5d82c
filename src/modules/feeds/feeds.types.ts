import type { AssignmentState } from '../rosters/rosters.states.ts'

export type Language = 'zh' | 'en'

/** A feed shows the duties of a person, or of a post. */
export const FEED_SUBJECTS = ['volunteer', 'post'] as const
export type FeedSubject = (typeof FEED_SUBJECTS)[number]

/** One assignment as a calendar needs it: nobody's name is in it. */
export interface FeedDuty {
  assignmentId: string
  assignmentVersion: number
  assignmentChangedAt: Date
  state: AssignmentState
  startsAt: Date
  endsAt: Date
  zone: string
  /** Whoever is on standby may do something else meanwhile. */
  kind: 'active' | 'standby'
  role: string
  postName: string
  postVersion: number
  postChangedAt: Date
  address: string | null
  phone: string | null
}
