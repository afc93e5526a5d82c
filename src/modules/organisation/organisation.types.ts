/** What a unit decides for itself and all below it; a child may differ field by field. Minutes everywhere. */
export interface UnitPolicy {
  /** How long after publishing people may take to answer. */
  confirmWithinMinutes: number
  /** How long before the deadline the reminder goes out. */
  remindBeforeMinutes: number
  /** How long before a duty its holder is reminded of it. */
  dutyReminderMinutes: number
  /** How long before the start a decision can still be changed by link. */
  cutOffMinutes: number
  /** How long one offer to the reserve stays open, at most. */
  offerMinutes: number
  /** Share of the time left until the start that one wave may use, 0 to 1. */
  offerShare: number
  /** People asked together for one gap. */
  waveSize: number
  /** With less than this left, all remaining candidates are asked at once. */
  broadcastBelowMinutes: number
  /** Check-in opens this long before the start. */
  checkInEarlyMinutes: number
  /** A check-in is late after this long. */
  checkInLateMinutes: number
  /** After this long without a check-in the duty counts as a no-show. */
  noShowMinutes: number
  /** Local time, 'HH:mm', from which messages that can wait do wait; null for never. */
  quietFrom: string | null
  /** Local time at which they go out. */
  quietTo: string | null
}
