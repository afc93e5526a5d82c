import type { Occasion } from '../../platform/queue/news.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { Gaps } from './gap-filling.gaps.ts'
import type { GapRow } from './gap-filling.repository.ts'
import { standingRules } from './gap-filling.rules.ts'
import { auditGaps, offerEntry } from './gap-filling.trail.ts'
import type { EligibilityOracle } from './gap-filling.types.ts'
import { type OfferRow, offersRepository } from './offers.repository.ts'

export interface AwardDeps {
  notifications: Notifications
  assignments: Assignments
  rosters: EligibilityOracle
  gaps: Gaps
}

/**
 * The seat goes to somebody who has accepted, in one transaction with the end of all other offers and the word to
 * everybody. Returns false, and ends the offer, when a rule stands against it by now.
 */
export const createAwards =
  ({ notifications, assignments, rosters, gaps }: AwardDeps) =>
  async (occasion: Occasion, offer: OfferRow, gap: GapRow): Promise<boolean> => {
    const { tx, now } = occasion
    const [verdict] = await rosters.candidatesFor(tx, offer.slotId, [offer.volunteerId], now)
    const rules = verdict ? verdict.failures.map((failure) => failure.rule) : ['no longer a member']
    const standing = standingRules(rules, offer)
    if (standing.length > 0) {
      await gaps.endOffer(occasion, offer.id, 'superseded', `no longer eligible: ${standing.join(', ')}`)
      return false
    }
    const { reason = '', by = '' } = gap.search
    const accepted = await offersRepository(tx).acceptOffer(offer.id, now)
    await auditGaps(occasion, [offerEntry(accepted, 'open')])
    await assignments.seatOne(occasion, gap.rosterId, {
      slotId: offer.slotId,
      volunteerId: offer.volunteerId,
      source: 'cascade',
      state: 'confirmed',
      override: rules.length > 0 ? { rules, reason, by } : null,
      replacesId: gap.vacatedId,
    })
    await gaps.fill(occasion, [offer.slotId])
    const purpose = `offer-accepted:${offer.id}`
    await notifications.notify(occasion, [
      { volunteerId: offer.volunteerId, template: 'offer-accepted', subjectId: offer.id, purpose },
    ])
    return true
  }

export type Award = ReturnType<typeof createAwards>
