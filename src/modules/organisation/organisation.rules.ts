import type { UnitPolicy } from './organisation.types.ts'

const HOUR = 60

export const DEFAULT_POLICY: UnitPolicy = {
  confirmWithinMinutes: 24 * HOUR,
  remindBeforeMinutes: 6 * HOUR,
  dutyReminderMinutes: 12 * HOUR,
  cutOffMinutes: 2 * HOUR,
  offerMinutes: 30,
  offerShare: 0.25,
  waveSize: 3,
  broadcastBelowMinutes: 90,
  checkInEarlyMinutes: 60,
  checkInLateMinutes: 15,
  noShowMinutes: 30,
  quietFrom: '22:00',
  quietTo: '07:00',
}

/** Policies from the root down to the unit: the nearest word on each field holds. */
export const effectivePolicy = (policies: Partial<UnitPolicy>[]): UnitPolicy =>
  Object.assign({}, DEFAULT_POLICY, ...policies)

/** A unit may not hang below itself. */
export const wouldCloseCircle = (unitPath: string, newParentPath: string): boolean => newParentPath.startsWith(unitPath)
