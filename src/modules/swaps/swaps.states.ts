export const SWAP_STATES = ['open', 'accepted', 'approved', 'applied', 'rejected', 'expired', 'withdrawn'] as const
export type SwapState = (typeof SWAP_STATES)[number]

/** States in which a swap can still come about; until then the first holder is responsible. */
export const PENDING_SWAPS = ['open', 'accepted', 'approved'] as const satisfies readonly SwapState[]

const NEXT: Record<SwapState, readonly SwapState[]> = {
  open: ['accepted', 'rejected', 'expired', 'withdrawn'],
  accepted: ['approved', 'applied', 'rejected', 'expired', 'withdrawn'],
  approved: ['applied', 'rejected', 'expired', 'withdrawn'],
  applied: [],
  rejected: [],
  expired: [],
  withdrawn: [],
}

export const mayBecome = (from: SwapState, to: SwapState): boolean => NEXT[from].includes(to)

export const isPending = (state: SwapState): boolean => (PENDING_SWAPS as readonly SwapState[]).includes(state)
