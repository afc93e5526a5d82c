export interface SeatToFit {
  id: string
  role: string
  /** 1 to the desired number of its role. */
  seat: number
}

export interface RoleWanted {
  id: string
  role: string
  minimum: number
  maximum: number
}

export interface FittingSeat {
  id: string
  requirementId: string
  mandatory: boolean
}

/** A seat for which a post has no place: it wants nobody in this role, or has enough of them. */
export type UnfitSeat = SeatToFit & { because: 'role-unknown' | 'role-full' }

/** Seats of a shift as they would be at another post, role by role, and those that post has no place for. */
export function seatsElsewhere(
  seats: readonly SeatToFit[],
  wanted: readonly RoleWanted[],
): { fitting: FittingSeat[]; unfit: UnfitSeat[] } {
  const byRole = new Map(wanted.map((one) => [one.role, one]))
  const fitting: FittingSeat[] = []
  const unfit: UnfitSeat[] = []
  for (const { id, role, seat } of seats) {
    const there = byRole.get(role)
    if (!there) unfit.push({ id, role, seat, because: 'role-unknown' })
    else if (seat > there.maximum) unfit.push({ id, role, seat, because: 'role-full' })
    else fitting.push({ id, requirementId: there.id, mandatory: seat <= there.minimum })
  }
  return { fitting, unfit }
}
