import type { Handle } from '../../platform/db/client.ts'
import type { Interval } from '../../time/intervals.ts'
import type { DutyRow, SwapRow } from './swaps.repository.ts'
import type { Hindrance, SwapKind, TakeoverOracle } from './swaps.types.ts'

/** What would change hands. */
export interface Deal {
  kind: SwapKind
  duty: DutyRow
  /** Of a trade: what the taker gives for it. */
  returned?: DutyRow | undefined
  part?: Interval | undefined
}

export const partOf = ({ coverStartsAt, coverEndsAt }: Pick<SwapRow, 'coverStartsAt' | 'coverEndsAt'>) =>
  coverStartsAt && coverEndsAt ? { startsAt: coverStartsAt, endsAt: coverEndsAt } : undefined

/** Every rule that stands against it, for the taker and in a trade for the asker too; none: it can be done. */
export async function hindrancesOf(
  handle: Handle,
  oracle: TakeoverOracle,
  { duty, returned, part }: Deal,
  takerId: string,
): Promise<Hindrance[]> {
  const withoutIds = returned ? [duty.id, returned.id] : []
  const seats = [
    { seat: duty, volunteerId: takerId },
    ...(returned ? [{ seat: returned, volunteerId: duty.volunteerId }] : []),
  ]
  const found: Hindrance[] = []
  for (const { seat, volunteerId } of seats) {
    const verdicts = await oracle.fitsFor(handle, seat.slotId, [volunteerId], { part, withoutIds })
    const failures = verdicts.find((one) => one.volunteerId === volunteerId)?.failures ?? []
    found.push(...failures.map((failure) => ({ volunteerId, assignmentId: seat.id, failure })))
  }
  return found
}
