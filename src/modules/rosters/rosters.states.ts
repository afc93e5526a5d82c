export const ROSTER_KINDS = ['plan', 'call-out'] as const
export const ROSTER_STATES = ['generating', 'draft', 'published', 'discarded', 'failed'] as const
export type RosterState = (typeof ROSTER_STATES)[number]

export const RUN_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type RunState = (typeof RUN_STATES)[number]

export const ASSIGNMENT_STATES = [
  'pending',
  'confirmed',
  'serving',
  'completed',
  'declined',
  'lapsed',
  'withdrawn',
  'cancelled',
  'replaced',
  'no_show',
  'excused',
] as const
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number]

/** States in which a person holds the seat. */
export const LIVE = ['pending', 'confirmed', 'serving', 'completed'] as const satisfies readonly AssignmentState[]

const NEXT: Record<AssignmentState, readonly AssignmentState[]> = {
  pending: ['confirmed', 'declined', 'lapsed', 'withdrawn', 'cancelled', 'replaced'],
  confirmed: ['pending', 'declined', 'withdrawn', 'cancelled', 'replaced', 'serving', 'no_show', 'excused'],
  // Backwards, and out of a no-show, by a reviewed correction only.
  serving: ['completed', 'no_show'],
  completed: ['no_show'],
  // A decline can be taken back while the seat is still free.
  declined: ['confirmed'],
  lapsed: [],
  withdrawn: [],
  cancelled: [],
  replaced: [],
  no_show: ['completed', 'excused'],
  excused: [],
}

/** The states from which `to` may be reached; a conditional update names them in its WHERE. */
export const statesBefore = (to: AssignmentState): AssignmentState[] =>
  ASSIGNMENT_STATES.filter((from) => NEXT[from].includes(to))
