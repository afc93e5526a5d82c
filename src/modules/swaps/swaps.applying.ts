import type { Occasion } from '../../platform/queue/news.ts'
import { takenPurpose } from '../confirmations/confirmations.asking.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Posts } from '../posts/posts.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { Override } from '../rosters/rosters.types.ts'
import type { Deal } from './swaps.eligibility.ts'
import type { DutyRow } from './swaps.repository.ts'
import { cutDuty } from './swaps.rules.ts'

export interface ApplyingDeps {
  posts: Pick<Posts, 'splitSeat'>
  assignments: Assignments
  notifications: Notifications
}

/** Duties change hands: both in one transaction, by whoever holds them locked and has checked all rules. */
export function createApplying({ posts, assignments, notifications }: ApplyingDeps) {
  /** Those who give a duty away hear of it from the swap, not as if it had been taken from them. */
  async function handOver(occasion: Occasion, duty: DutyRow, reason: string): Promise<void> {
    await assignments.move(occasion, { ids: [duty.id], to: 'replaced', from: ['confirmed'], reason, seatSettled: true })
    await notifications.withdraw(occasion, [duty.volunteerId], takenPurpose(duty.rosterId, occasion.now))
  }

  const seat = (occasion: Occasion, duty: DutyRow, slotId: string, volunteerId: string, override: Override | null) =>
    assignments.seatOne(occasion, duty.rosterId, {
      slotId,
      volunteerId,
      source: 'swap',
      state: 'confirmed',
      override,
      replacesId: duty.id,
    })

  return async function apply(
    occasion: Occasion,
    { kind, duty, returned, part }: Deal,
    takerId: string,
    override: Override | null,
  ): Promise<void> {
    if (kind === 'cover') {
      const { givenSlotId } = await posts.splitSeat(occasion, duty.slotId, cutDuty(duty, part!))
      await assignments.followSeat(occasion, duty.id)
      await seat(occasion, duty, givenSlotId, takerId, override)
      return
    }
    await handOver(occasion, duty, `swap: ${kind}`)
    if (returned) await handOver(occasion, returned, `swap: ${kind}`)
    await seat(occasion, duty, duty.slotId, takerId, override)
    if (returned) await seat(occasion, returned, returned.slotId, duty.volunteerId, override)
  }
}
