import { type Duty, matchesDuty } from '../model.ts'
import type { DutyFilter } from '../types.ts'
import { Unsaid } from './unsaid.ts'

/** Which types a filter names; `Unsaid` when it looks at the calendar. */
export function typeTable(typeDuties: Duty[], filter: DutyFilter | undefined): Uint8Array {
  if (filter?.days || filter?.weekdays) throw new Unsaid('limits on certain days')
  return Uint8Array.from(typeDuties, (duty) => (matchesDuty(duty, filter) ? 1 : 0))
}
