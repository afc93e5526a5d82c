export const SWAP_APPROVALS = ['none', 'organizer', 'always-near-start'] as const

import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

/**
 * How somebody comes to be confirmed. explicit: by a yes of their own, silence lapses. implied: on the roster unless they
 * object. acknowledged: each has to answer that they have read it; silence is told to those responsible, the seat stays.
 */
export const CONSENT_MODES = ['explicit', 'implied', 'acknowledged'] as const
export type ConsentMode = (typeof CONSENT_MODES)[number]
export type PersonClass = (typeof PERSON_CLASSES)[number]

/** What a unit decides for itself and all below it; a child may differ field by field. Minutes everywhere. */
export interface UnitPolicy {
  /** By person class; what is not named is explicit. For volunteers nothing else is possible. */
  confirmation: { volunteer?: 'explicit' } & Partial<Record<Exclude<PersonClass, 'volunteer'>, ConsentMode>>
  /** How long after publishing people may take to answer. */
  confirmWithinMinutes: number
  /** How long before the deadline the first reminder goes out, at the earliest when half of the time to answer is over. */
  remindBeforeMinutes: number
  /** Further reminders of a question that is still open, so long before the deadline: two at most, the last call among them. */
  remindAgainBeforeMinutes: number[]
  /** Local time, 'HH:mm', of the day before at which the holder of a duty is briefed on it. */
  briefingTime: string
  /** How long before a duty its holder is briefed instead; null: at `briefingTime`. */
  dutyReminderMinutes: number | null
  /** Local times at which the responsible people of a unit hear of its open gaps, where there are some. */
  gapSummaryTimes: string[]
  /** How long before the start people are asked to be there. */
  arriveBeforeMinutes: number
  /** How long before the start a decision can still be changed by link. */
  cutOffMinutes: number
  /** Confirmed duty that begins sooner than this stays where it is when a roster is generated again; 0: it may move. */
  freezeMinutes: number
  /** How long one offer to the reserve stays open, at most. */
  offerMinutes: number
  /** Share of the time left until the start that one wave may use, 0 to 1. */
  offerShare: number
  /** People asked together for one gap. */
  waveSize: number
  /** With less than this left, all remaining candidates are asked at once. */
  broadcastBelowMinutes: number
  /** People asked together at most, however few of those asked used to come. */
  waveMost: number
  /** People who may hold a live offer for one seat together in a broadcast; null: all there are. */
  broadcastMost: number | null
  /** 'first': the first who accepts has the seat. 'collect': the best-ranked of those who accept until a deadline. */
  offerMode: 'first' | 'collect'
  /** How long answers are collected, at most. */
  collectMinutes: number
  /** Gaps whose shift begins sooner than this are searched for in quiet hours too. */
  urgentBelowMinutes: number
  /** How long a level of the chain of responsibility may take to react before the next one up is told. */
  escalateMinutes: number
  /** After so many people did not answer for a seat, the chain is told while the search goes on; null: only at its end. */
  escalateAfterLapses: number | null
  /** Check-in opens this long before the start. */
  checkInEarlyMinutes: number
  /** A check-in is late after this long. */
  checkInLateMinutes: number
  /** A check-out is early when it comes more than this long before the end. */
  checkOutEarlyMinutes: number
  /** After this long without a check-in the person is asked. */
  checkInAskMinutes: number
  /** After this long without a check-in the responsible people are told. */
  checkInTellMinutes: number
  /** After this long without a check-in the duty may count as a no-show. */
  noShowMinutes: number
  /** Who says that somebody did not come: an organizer who is asked, or this policy. */
  noShow: 'ask' | 'auto'
  /** This long after the end whoever has not checked out is asked. */
  checkOutAskMinutes: number
  /** This long after the end the responsible people are told of a missing check-out. */
  checkOutTellMinutes: number
  /** What is entered of a duty later than this after its end counts as verified only by another key's word. */
  lateEntryMinutes: number
  /** A handover is due this long before the shift ends. */
  handoverDueMinutes: number
  /** Relief that has not come this long after the shift ended is missing. */
  reliefMissingMinutes: number
  /** How long a message about duties waits for further changes, so that one message tells their sum; 0: not at all. */
  mergeMinutes: number
  /** Whether an organizer has to approve an accepted swap: never, always, or only of a duty that is near. */
  swapApproval: (typeof SWAP_APPROVALS)[number]
  /** What counts as near. */
  swapNearMinutes: number
  /** How long an accepted swap waits for approval, at most until the duty begins. */
  swapApprovalMinutes: number
  /** How long before the duty people are reminded of a swap nobody has taken yet. */
  swapRemindMinutes: number[]
  /** Local time, 'HH:mm', from which messages that can wait do wait; null for never. */
  quietFrom: string | null
  /** Local time at which they go out. */
  quietTo: string | null
  /** Local times between which minutes are night minutes. */
  nightFrom: string
  nightTo: string
  /** ISO weekdays that are the weekend, Monday 1 to Sunday 7. */
  weekendDays: number[]
  /** Which minutes count as served: those that passed, or those the clock on the wall shows. */
  creditedBy: 'elapsed' | 'nominal'
  /** After each stretch of this length on duty an unpaid break is taken off; 0 for none. */
  mealBreakAfterMinutes: number
  mealBreakMinutes: number
  /** Whoever is called out is credited with at least this much; 0 for none. */
  minimumCreditMinutes: number
  /** Who withdraws later than this before the start, cancels late. */
  lateCancellationMinutes: number
  /** Public notice of a certificate lasts this many days. */
  publicNoticeDays: number
}
