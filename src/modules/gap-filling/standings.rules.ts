import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import type { Seat } from './waves.rules.ts'

const MINUTE = 60_000

export const OFFER_ANSWERS = ['accept', 'decline', 'withdraw', 'would-come'] as const
export type OfferAnswer = (typeof OFFER_ANSWERS)[number]

export type OfferStanding =
  /** Can be accepted and declined. */
  | 'open'
  /** Accepted while answers are collected; the award is still to come. */
  | 'willing'
  /** Accepted and held; `yours` can still be given back, `yoursForGood` only by way of the organizer. */
  | 'yours'
  | 'yoursForGood'
  /** Accepted once, and no longer held. */
  | 'given-back'
  | 'declined'
  /** Its time has run out, and somebody is still being looked for. */
  | 'expired'
  /** Somebody else has the seat. */
  | 'filled'
  /** Would have come all the same; known to those who look for somebody next. */
  | 'wouldCome'
  /** Nobody is needed any more. */
  | 'closed'

export interface OfferFactsNow extends Seat {
  offer: 'open' | 'accepted' | 'declined' | 'expired' | 'superseded' | 'contact_error'
  willing: boolean
  gap: 'open' | 'filled' | 'closed'
  /** State of the duty that came of it, when it is this person's. */
  duty: AssignmentState | null
}

/** How an offer stands for who was asked. Until it is marked as run out it can be accepted: late help is help. */
export function standingOf(facts: OfferFactsNow, policy: Pick<UnitPolicy, 'cutOffMinutes'>, now: Date): OfferStanding {
  if (facts.offer === 'accepted') {
    if (facts.duty === 'serving' || facts.duty === 'completed') return 'yoursForGood'
    if (facts.duty !== 'confirmed') return 'given-back'
    return now.getTime() < facts.startsAt.getTime() - policy.cutOffMinutes * MINUTE ? 'yours' : 'yoursForGood'
  }
  if (facts.offer === 'declined') return 'declined'
  if (facts.gap === 'closed' || now >= facts.endsAt) return 'closed'
  if (facts.offer === 'open' && facts.gap === 'open') return facts.willing ? 'willing' : 'open'
  if (facts.willing) return 'wouldCome'
  return facts.gap === 'filled' ? 'filled' : 'expired'
}

const ANSWERS: Partial<Record<OfferStanding, readonly OfferAnswer[]>> = {
  open: ['accept', 'decline'],
  willing: ['decline'],
  yours: ['withdraw'],
  filled: ['would-come'],
  expired: ['would-come'],
}

/** What can be answered at this moment. */
export const answersTo = (standing: OfferStanding): readonly OfferAnswer[] => ANSWERS[standing] ?? []
