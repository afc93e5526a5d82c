import type { Handle } from '../../platform/db/client.ts'
import type { Failure } from '../../solver/types.ts'
import type { LocalDate } from '../../time/zones.ts'

/** The one eligibility function: every hard rule that the person would break in this slot; none means eligible. */
export interface EligibilityOracle {
  candidatesFor(
    handle: Handle,
    slotId: string,
    volunteerIds: string[],
    now: Date,
  ): Promise<{ volunteerId: string; failures: Failure[] }[]>
}

/** Who belongs to which echelon of some sets, from a day up to, not including, another. */
export interface EchelonBook {
  memberships(
    handle: Handle,
    setIds: string[],
    fromOn: LocalDate,
    toOn: LocalDate,
  ): Promise<{ echelonId: string; volunteerId: string }[]>
}
