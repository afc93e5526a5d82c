/** A part of a presence as it is written down in a correction; instants in ISO form. */
export interface ProposedSegment {
  kind: 'standby' | 'active' | 'travel' | 'handover' | 'training'
  startsAt: string
  endsAt: string
}

/** What a correction says happened. Its segments follow each other without holes from the first instant to the last. */
export interface ProposedPresence {
  checkedInAt: string
  checkedOutAt: string
  segments: ProposedSegment[]
}
