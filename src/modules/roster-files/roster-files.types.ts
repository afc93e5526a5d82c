import type { AssignmentState } from '../rosters/rosters.states.ts'

export type Language = 'zh' | 'en'

/** A seat without a name is open; one with a name and no state is only drafted. */
export type SeatState = AssignmentState | 'draft' | 'open'

/** What the grid needs of a seat. */
export interface GridSeat {
  postId: string
  postName: string
  unitName: string
  localDay: string
  startLocal: string
  endLocal: string
  kind: 'active' | 'standby'
  role: string
  mandatory: boolean
  name: string | null
}
