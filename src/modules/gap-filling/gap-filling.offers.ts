import { linkHolder } from '../../platform/auth/actor.ts'
import type { JudgeAnswer } from '../../platform/auth/conspicuous.ts'
import type { Visit } from '../../platform/auth/conspicuous.types.ts'
import { findLink, holdLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { refusedBy } from '../../platform/db/errors.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { Award } from './gap-filling.awards.ts'
import type { Gaps } from './gap-filling.gaps.ts'
import { type GapRow, gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import { auditGaps, noteOn } from './gap-filling.trail.ts'
import type { OfferMode } from './gap-filling.types.ts'
import { type OfferFacts, type OfferRow, offersRepository } from './offers.repository.ts'
import { searchesRepository } from './searches.repository.ts'
import { answersTo, type OfferAnswer, type OfferStanding, standingOf } from './standings.rules.ts'
import { nextWave, searchPolicy } from './waves.rules.ts'

export interface OffersDeps extends Foundations {
  organisation: Organisation
  assignments: Assignments
  notifications: Notifications
  gaps: Gaps
  award: Award
  judgeAnswer: JudgeAnswer
}

/** What the holder of an offer's link is shown. */
export interface OfferPage {
  locale: Locale
  name: string
  seat: SeatRow
  expiresAt: Date
  /** Whether the first who accepts has the seat, or the answers are collected until `expiresAt`. */
  mode: OfferMode
  standing: OfferStanding
}

const PROMISES = ['offers_one_winner_per_gap', 'assignments_one_live_per_slot', 'assignments_nobody_at_two_posts']

/** Answers to offers: of any number who accept one wins, the others see so at once. */
export function createOffers(deps: OffersDeps) {
  const { db, clock, organisation, assignments, notifications, gaps, award, judgeAnswer } = deps
  const seatOf = async (handle: Handle, slotId: string) => (await gapFillingRepository(handle).findSeat(slotId))!
  const policyOf = (handle: Handle, seat: SeatRow) => organisation.policyOf({ path: seat.unitPath }, handle)

  /** Only whoever holds the seat has a cut-off to be looked up. */
  async function standing(
    handle: Handle,
    { offer, gap, holder, times }: OfferFacts,
    now: Date,
  ): Promise<OfferStanding> {
    const facts = {
      ...times,
      offer: offer.state,
      willing: offer.willingAt !== null,
      gap: gap.state,
      duty: holder?.volunteerId === offer.volunteerId ? holder.state : null,
    }
    const held = offer.state === 'accepted' && facts.duty === 'confirmed'
    const policy = held ? await policyOf(handle, await seatOf(handle, offer.slotId)) : { cutOffMinutes: 0 }
    return standingOf(facts, policy, now)
  }

  async function openOffer(handle: Handle, secret: string, now: Date) {
    const link = await findLink(handle, secret, 'offer', now)
    const found = link && (await offersRepository(handle).findOffer(link.subjectId))
    return found?.offer.volunteerId === link?.volunteerId ? found : undefined
  }

  async function modeNow(handle: Handle, gap: GapRow, seat: SeatRow, now: Date): Promise<OfferMode> {
    const policy = searchPolicy(await policyOf(handle, seat), gap.search)
    return nextWave(seat, policy, 1, now).mode
  }

  const note = (occasion: Occasion, { id, gapId, volunteerId }: OfferRow, said: string, more: object = {}) =>
    auditGaps(occasion, [noteOn(gapId, { type: 'offer', id }, said, { facts: { gapId, volunteerId, ...more } })])

  async function noteConspicuous(occasion: Occasion, offer: OfferRow, mark: OfferRow['conspicuous']): Promise<void> {
    if (mark === offer.conspicuous) return
    await offersRepository(occasion.tx).noteConspicuous(offer.id, mark)
    if (mark) await note(occasion, offer, 'answered-conspicuously', { conspicuous: mark })
  }

  async function accept(occasion: Occasion, { offer, gap }: OfferFacts): Promise<void> {
    const { tx, now } = occasion
    const mode = await modeNow(tx, gap, await seatOf(tx, offer.slotId), now)
    if (mode === 'first') return void (await award(occasion, offer, gap))
    await offersRepository(tx).markWilling(offer.id, now)
    await note(occasion, offer, 'willing')
    const receipt = { template: 'offer-noted', subjectId: offer.id, purpose: `offer-noted:${offer.id}` }
    await notifications.notify(occasion, [{ volunteerId: offer.volunteerId, ...receipt }])
    const live = await offersRepository(tx).liveOffers(offer.cascadeId)
    if (live.every((one) => one.willing)) await gaps.advanceSoon(occasion, [offer.cascadeId])
  }

  /** Too late, and kept: for the next gap at that time, and for this one when it is still open. */
  async function keepWish(occasion: Occasion, { offer, gap }: OfferFacts): Promise<void> {
    const { tx, now } = occasion
    const last = gap.state === 'open' ? (await searchesRepository(tx).cascadesOf(gap.id)).at(-1) : undefined
    const again = last?.state === 'open' || last?.state === 'exhausted'
    await offersRepository(tx).markWilling(offer.id, now, again)
    await note(occasion, offer, 'would-come')
    if (last?.state === 'open') await gaps.advanceSoon(occasion, [last.id])
    if (last?.state === 'exhausted') await gaps.startCascades(occasion, [gap.id])
  }

  async function act(occasion: Occasion, found: OfferFacts, said: OfferAnswer): Promise<void> {
    if (said === 'accept') return accept(occasion, found)
    if (said === 'decline') return gaps.endOffer(occasion, found.offer.id, 'declined')
    if (said === 'would-come') return keepWish(occasion, found)
    await assignments.move(occasion, { ids: [found.holder!.id], to: 'withdrawn', from: ['confirmed'] })
  }

  async function answer(tx: Tx, secret: string, early: OfferFacts, said: OfferAnswer, from: Visit): Promise<boolean> {
    const link = await holdLink(tx, secret, 'offer', clock.now())
    if (!link) return false
    const repository = gapFillingRepository(tx)
    await repository.lockSlots([early.offer.slotId])
    const gap = (await repository.lockGap(early.gap.id))!
    // Somebody else was faster: with the gap all its offers have ended.
    if (said === 'accept' && gap.state !== 'open') return true
    const now = clock.now()
    const found = (await offersRepository(tx).findOffer(early.offer.id))!
    const possible = answersTo(await standing(tx, found, now)).includes(said)
    if (!possible) return true
    const occasion = { tx, actor: linkHolder(link.id, from.requestId), now }
    await noteConspicuous(occasion, found.offer, judgeAnswer(link, from.ip, now))
    await act(occasion, found, said)
    return true
  }

  return {
    /** What the page behind a link shows; undefined for links that are unknown, expired or revoked. Changes nothing. */
    async openPage(secret: string): Promise<OfferPage | undefined> {
      const now = clock.now()
      const found = await openOffer(db, secret, now)
      if (!found) return undefined
      const { offer, gap, person } = found
      const seat = await seatOf(db, offer.slotId)
      return {
        ...person,
        seat,
        expiresAt: offer.expiresAt,
        mode: await modeNow(db, gap, seat, now),
        standing: await standing(db, found, now),
      }
    },

    /** Takes an answer; false for a dead link. What cannot be done (any more) changes nothing: the page tells. */
    async answerPage(secret: string, said: OfferAnswer, from: Visit): Promise<boolean> {
      const now = clock.now()
      const found = await openOffer(db, secret, now)
      if (!found) return false
      // Of many who are late only those who might still be in time wait for each other.
      if (!answersTo(await standing(db, found, now)).includes(said)) return true
      try {
        return await db.transaction((tx) => answer(tx, secret, found, said, from))
      } catch (error) {
        if (PROMISES.includes(refusedBy(error) ?? '')) return true
        throw error
      }
    },
  }
}
