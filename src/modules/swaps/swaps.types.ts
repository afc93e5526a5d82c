import type { Handle } from '../../platform/db/client.ts'
import type { Failure } from '../../solver/types.ts'
import type { Takeover } from '../rosters/rosters.candidates.ts'

/** give: somebody else takes my duty. trade: we exchange two duties. cover: somebody stands a part of my duty. */
export const SWAP_KINDS = ['give', 'trade', 'cover'] as const
export type SwapKind = (typeof SWAP_KINDS)[number]

/** The one eligibility function, also for seats that are taken over in part or in exchange. */
export interface TakeoverOracle {
  fitsFor(
    handle: Handle,
    slotId: string,
    volunteerIds: string[],
    takeover?: Takeover,
  ): Promise<{ volunteerId: string; failures: Failure[] }[]>
}

/** One rule that stands against a person taking a seat. */
export interface Hindrance {
  volunteerId: string
  assignmentId: string
  failure: Failure
}
