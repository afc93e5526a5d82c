import { linkHolder } from '../../platform/auth/actor.ts'
import { findLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { refusedBy } from '../../platform/db/errors.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { tongueOf } from '../../platform/texts/catalogue.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import { auditGaps, type Gaps, offerEntry } from './gap-filling.gaps.ts'
import { gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import { type OfferAnswer, type OfferStanding, standingOf } from './gap-filling.rules.ts'
import type { EligibilityOracle } from './gap-filling.types.ts'
import { type OfferFacts, offersRepository } from './offers.repository.ts'

export interface OffersDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  assignments: Assignments
  rosters: EligibilityOracle
  gaps: Gaps
}

/** What the holder of an offer's link is shown. */
export interface OfferPage {
  locale: 'zh' | 'en'
  name: string
  seat: SeatRow
  expiresAt: Date
  standing: OfferStanding
}

const PROMISES = ['offers_one_winner_per_gap', 'assignments_one_live_per_slot', 'assignments_nobody_at_two_posts']

/** Answers to offers: of any number who accept one wins, the others see so at once. */
export function createOffers({ db, clock, organisation, notifications, assignments, rosters, gaps }: OffersDeps) {
  async function openOffer(handle: Handle, secret: string, now: Date) {
    const link = await findLink(handle, secret, 'offer', now)
    const found = link && (await offersRepository(handle).findOffer(link.subjectId))
    if (!found || found.offer.volunteerId !== link.volunteerId) return undefined
    const seat = (await gapFillingRepository(handle).findSeat(found.offer.slotId))!
    const policy = await organisation.policyOf({ path: seat.unitPath }, handle)
    return { link, found, seat, standing: standingOf(factsOf(found, seat), policy, now) }
  }

  const factsOf = ({ offer, gap, holder }: OfferFacts, seat: SeatRow) => ({
    offer: offer.state,
    gap: gap.state,
    duty: holder?.volunteerId === offer.volunteerId ? holder.state : null,
    startsAt: seat.startsAt,
    endsAt: seat.endsAt,
  })

  async function accept(occasion: Occasion, { offer, gap }: OfferFacts): Promise<void> {
    const { tx, now } = occasion
    const [verdict] = await rosters.candidatesFor(tx, offer.slotId, [offer.volunteerId], now)
    if (verdict?.failures.length !== 0) {
      const rules = verdict?.failures.map((failure) => failure.rule).join(', ') ?? 'no longer a member'
      return gaps.endOffer(occasion, offer.id, 'superseded', `no longer eligible: ${rules}`)
    }
    const accepted = await offersRepository(tx).acceptOffer(offer.id, now)
    await auditGaps(occasion, [offerEntry(accepted, 'open')])
    await assignments.seatOne(occasion, gap.rosterId, {
      slotId: offer.slotId,
      volunteerId: offer.volunteerId,
      source: 'cascade',
      state: 'confirmed',
      replacesId: gap.vacatedId,
    })
    await gaps.fill(occasion, [offer.slotId])
    await notifications.notify(occasion, [
      {
        volunteerId: offer.volunteerId,
        template: 'offer-accepted',
        subjectId: offer.id,
        purpose: `offer-accepted:${offer.id}`,
      },
    ])
  }

  async function answer(tx: Tx, secret: string, said: OfferAnswer, requestId: string): Promise<boolean> {
    const now = clock.now()
    const early = await openOffer(tx, secret, now)
    if (!early) return false
    const repository = gapFillingRepository(tx)
    await repository.lockSlots([early.found.offer.slotId])
    await repository.lockGap(early.found.gap.id)
    const { link, found, standing } = (await openOffer(tx, secret, now))!
    const occasion = { tx, actor: linkHolder(link.id, requestId), now }
    if (standing === 'open' && said === 'accept') await accept(occasion, found)
    if (standing === 'open' && said === 'decline') await gaps.endOffer(occasion, found.offer.id, 'declined')
    if (standing === 'yours' && said === 'withdraw') {
      await assignments.move(occasion, { ids: [found.holder!.id], to: 'withdrawn', from: ['confirmed'] })
    }
    return true
  }

  return {
    /** What the page behind a link shows; undefined for links that are unknown, expired or revoked. Changes nothing. */
    async openPage(secret: string): Promise<OfferPage | undefined> {
      const opened = await openOffer(db, secret, clock.now())
      if (!opened) return undefined
      const { found, seat, standing } = opened
      const { name, locale } = found.person
      return { locale: tongueOf(locale), name, seat, expiresAt: found.offer.expiresAt, standing }
    },

    /** Takes an answer; false for a dead link. What cannot be done (any more) changes nothing: the page tells. */
    async answerPage(secret: string, said: OfferAnswer, requestId: string): Promise<boolean> {
      try {
        return await db.transaction((tx) => answer(tx, secret, said, requestId))
      } catch (error) {
        if (PROMISES.includes(refusedBy(error) ?? '')) return true
        throw error
      }
    },
  }
}
