import type { Content, ReportSchema, Worded } from '../duty-reports/duty-reports.types.ts'
import type { HANDOVER_STATES } from './handovers.tables.ts'

export type HandoverState = (typeof HANDOVER_STATES)[number]

/** One kind of thing counted when a post is handed over. */
export interface SupplyCount {
  name: string
  count: number
  note?: string | undefined
}

/** Something out of the ordinary, with the number of the report made of it. */
export interface AbnormalEvent {
  text: string
  reportNumber?: string | undefined
}

/** Somebody of a crew, the lead first: by the order of the requirements at the post, then by seat. */
export interface CrewMember {
  assignmentId: string
  volunteerId: string
  name: string
  role: string
  /** State of the assignment. */
  state: string
  /** Came on duty, by the facts. */
  checkedInAt: string | null
  checkedOutAt: string | null
}

/** What stood open at a post when it was handed over; carried over from one handover to the next until it is closed. */
export interface Matter {
  id: string
  text: string
  owner: string | null
  dueAt: string | null
  openedInId: string
  createdAt: string
  closedAt: string | null
  closedBy: string | null
  closingNote: string | null
}

/** What was reported in a shift: about its post, or by somebody of its crew. */
export interface ShiftReport {
  id: string
  name: Worded
  dueAt: string
  /** Of the newest filing, as are nil and content. */
  filedAt: string
  number: number
  nil: boolean
  content: Content | null
  schema: ReportSchema
  /** Of the incoming crew, in the order in which they first read it; which filing they have read last. */
  readBy: { name: string; number: number }[]
}

/** Which handovers. All that is left out does not matter; `actorPath` always does. */
export interface HandoverFilter {
  /** Only units at this path and below. */
  actorPath: string
  unitPath?: string | undefined
  postId?: string | undefined
  state?: HandoverState | undefined
  /** Planned at or after. */
  from?: Date | undefined
  /** Planned before. */
  to?: Date | undefined
}

/** A handover with everything that a log of them says: plain values, crews and matters as lists, names instead of ids. */
export interface HandoverLine {
  id: string
  state: HandoverState
  unitId: string
  unitName: string
  postId: string
  postName: string
  zone: string
  outgoingShiftId: string
  incomingShiftId: string
  plannedAt: Date
  actualAt: Date | null
  outgoingCrew: CrewMember[]
  incomingCrew: CrewMember[]
  supervisor: string | null
  situation: string | null
  peopleIn: number | null
  peopleOut: number | null
  vehiclesIn: number | null
  vehiclesOut: number | null
  abnormalEvents: AbnormalEvent[]
  matters: Matter[]
  reports: ShiftReport[]
  supplies: SupplyCount[]
  equipmentFaults: string | null
  instructions: string | null
  weather: string | null
  nil: boolean
  outgoingSignedBy: string | null
  outgoingSignedAt: Date | null
  incomingSignedBy: string | null
  incomingSignedAt: Date | null
  incomingRemark: string | null
  reliefMissingAt: Date | null
  reliefCameAt: Date | null
  seenBy: { seenBy: string; seenAt: string }[]
  version: number
}
