import type { UnitPolicy } from './organisation.types.ts'

const HOUR = 60

export const DEFAULT_POLICY: UnitPolicy = {
  confirmation: {
    volunteer: 'explicit',
    staff: 'explicit',
    secondedCadre: 'explicit',
    police: 'explicit',
    medical: 'explicit',
  },
  confirmWithinMinutes: 24 * HOUR,
  remindBeforeMinutes: 48 * HOUR,
  remindAgainBeforeMinutes: [24 * HOUR, 2 * HOUR],
  briefingTime: '18:00',
  dutyReminderMinutes: null,
  gapSummaryTimes: ['08:00', '17:00'],
  arriveBeforeMinutes: 15,
  cutOffMinutes: 2 * HOUR,
  freezeMinutes: 24 * HOUR,
  offerMinutes: 30,
  offerShare: 0.25,
  waveSize: 3,
  broadcastBelowMinutes: 90,
  waveMost: 20,
  broadcastMost: 30,
  offerMode: 'first',
  collectMinutes: 60,
  urgentBelowMinutes: 12 * HOUR,
  escalateMinutes: 30,
  escalateAfterLapses: null,
  checkInEarlyMinutes: 60,
  checkInLateMinutes: 15,
  checkOutEarlyMinutes: 15,
  checkInAskMinutes: 10,
  checkInTellMinutes: 20,
  noShowMinutes: 30,
  noShow: 'ask',
  checkOutAskMinutes: 30,
  checkOutTellMinutes: 90,
  lateEntryMinutes: 3 * 24 * HOUR,
  handoverDueMinutes: 15,
  reliefMissingMinutes: 10,
  mergeMinutes: 0,
  swapApproval: 'none',
  swapNearMinutes: 24 * HOUR,
  swapApprovalMinutes: 24 * HOUR,
  swapRemindMinutes: [7 * 24 * HOUR, 3 * 24 * HOUR, 24 * HOUR, 12 * HOUR],
  quietFrom: '22:00',
  quietTo: '08:00',
  nightFrom: '22:00',
  nightTo: '06:00',
  weekendDays: [6, 7],
  creditedBy: 'elapsed',
  mealBreakAfterMinutes: 0,
  mealBreakMinutes: 0,
  minimumCreditMinutes: 0,
  lateCancellationMinutes: 24 * HOUR,
  publicNoticeDays: 7,
}

/** Policies from the root down to the unit: the nearest word on each field holds. */
export const effectivePolicy = (policies: Partial<UnitPolicy>[]): UnitPolicy => ({
  ...Object.assign({}, DEFAULT_POLICY, ...policies),
  confirmation: Object.assign({}, DEFAULT_POLICY.confirmation, ...policies.map((policy) => policy.confirmation)),
})

/** The policy that holds at `path`, said by units among which are the one there and all above it. */
export const policyAt = (path: string, units: { path: string; policy: Partial<UnitPolicy> }[]): UnitPolicy =>
  effectivePolicy(
    units
      .filter((unit) => path.startsWith(unit.path))
      .sort((a, b) => a.path.length - b.path.length)
      .map((unit) => unit.policy),
  )

/** A unit may not hang below itself. */
export const wouldCloseCircle = (unitPath: string, newParentPath: string): boolean => newParentPath.startsWith(unitPath)
