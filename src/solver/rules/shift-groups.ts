import { type Model, matchesDuty } from '../model.ts'
import type { DutyFilter } from '../types.ts'

/** The slots of each shift that matches, shifts without slots left out. */
export function shiftGroups(model: Model, filter: DutyFilter | undefined, roles?: string[]): number[][] {
  const wanted = (slot: number) =>
    matchesDuty(model.duties[slot]!, filter) && (!roles || roles.includes(model.slots[slot]!.role))
  return model.slotsOfShift.map((slots) => slots.filter(wanted)).filter((slots) => slots.length > 0)
}
