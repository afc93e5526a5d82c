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

/** How people are won: the first who accepts, or the best-ranked of those who accept until a deadline. */
export const OFFER_MODES = ['first', 'collect'] as const
export type OfferMode = (typeof OFFER_MODES)[number]

/** What an organizer says about the search for one seat, beside the policy of the unit. */
export interface SearchWish {
  mode?: OfferMode
  waveSize?: number
  offerMinutes?: number
  collectMinutes?: number
  /** Ask at any hour. */
  urgent?: boolean
  /** Searched after those of the requirement, in this order: sets, echelons, then everybody of units. */
  reserveSetIds?: string[]
  echelonIds?: string[]
  unitIds?: string[]
  /** Why people are asked whom the seat is normally not given to, and who has decided so. */
  reason?: string
  by?: string
}

/** A tier that was passed over or used up. */
export interface Spent {
  echelonId: string | null
  unitId?: string
  asked: number
  because: string
}
