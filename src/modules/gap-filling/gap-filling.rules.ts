import { earlier } from '../../time/intervals.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import type { GAP_CAUSES } from './gap-filling.tables.ts'

const MINUTE = 60_000
/** "All remaining at once" ends here: more would only make people hope for nothing, and be missing elsewhere. */
export const BROADCAST_AT_MOST = 100

export type GapCause = (typeof GAP_CAUSES)[number]

const CAUSES: Partial<Record<AssignmentState, GapCause>> = {
  declined: 'declined',
  lapsed: 'lapsed',
  withdrawn: 'withdrawn',
  excused: 'withdrawn',
  cancelled: 'cancelled',
  no_show: 'no_show',
}

/** Why a seat is empty when its holder went to this state; undefined when nothing was vacated. */
export const gapCauseOf = (state: AssignmentState): GapCause | undefined => CAUSES[state]

export type OfferPolicy = Pick<UnitPolicy, 'offerMinutes' | 'offerShare' | 'waveSize' | 'broadcastBelowMinutes'>

export interface Seat {
  startsAt: Date
  endsAt: Date
}

export interface Wave {
  /** Below the floor all remaining are asked at once. */
  broadcast: boolean
  /** People who may hold a live offer for the seat together. */
  size: number
  expiresAt: Date
}

/** How the next people are asked: time and number, from the policy and the time that is left until the start (or, once begun, the end). */
export function nextWave({ startsAt, endsAt }: Seat, policy: OfferPolicy, now: Date): Wave {
  const left = (now < startsAt ? startsAt : endsAt).getTime() - now.getTime()
  const broadcast = startsAt.getTime() - now.getTime() < policy.broadcastBelowMinutes * MINUTE
  const share = Math.max(MINUTE, Math.floor(left * policy.offerShare))
  const lasts = Math.min(policy.offerMinutes * MINUTE, share)
  return {
    broadcast,
    size: broadcast ? Math.max(BROADCAST_AT_MOST, policy.waveSize) : policy.waveSize,
    expiresAt: earlier(endsAt, new Date(now.getTime() + lasts)),
  }
}

/** One echelon as the cascade sees it. */
export interface Tier {
  echelonId: string
  members: number
  /** Asked for this gap already. */
  asked: number
  /** Can be asked now, best first; may be cut at the size of a wave. */
  askable: string[]
  /** When the first of those who are being asked for another gap is free again. */
  busyUntil?: Date | undefined
  /** How many were passed over for which reason. */
  passedOver: Record<string, number>
}

export interface CascadeFacts {
  seat: Seat
  /** The gap is open, its shift planned and its seat free. */
  wanted: boolean
  policy: OfferPolicy
  live: { echelonId: string | null; expiresAt: Date }[]
  /** In the order they are called in. */
  tiers: Tier[]
}

export interface Spent {
  echelonId: string
  asked: number
  because: string
}

export type CascadeStep =
  | { kind: 'close' }
  /** Nothing to do before the given moment, or until one of the live offers ends. */
  | { kind: 'wait'; until?: Date; spent: Spent[] }
  | { kind: 'ask'; people: { volunteerId: string; echelonId: string }[]; expiresAt: Date; spent: Spent[] }
  | { kind: 'exhausted'; spent: Spent[] }

const reasonOf = ({ members, asked, busyUntil, passedOver }: Tier): string => {
  if (members === 0) return 'empty'
  const counts = Object.entries(passedOver).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const why = counts.length > 0 ? ` (${counts.map(([reason, count]) => `${reason} ${count}`).join(', ')})` : ''
  if (busyUntil) return `busy elsewhere${why}`
  return asked > 0 ? `all asked${why}` : `nobody eligible${why}`
}

const spentOf = (tier: Tier): Spent => ({ echelonId: tier.echelonId, asked: tier.asked, because: reasonOf(tier) })

/**
 * What the search for one seat does next. Tiers are called in order: one is left when nobody in it can be asked and
 * none of its offers is live; an empty one is passed over at once. Whoever declines is followed by the next at once,
 * so that a wave's number of people is always being asked.
 */
export function nextCascadeStep(facts: CascadeFacts, now: Date): CascadeStep {
  const { seat, wanted, policy, live, tiers } = facts
  if (!wanted || now >= seat.endsAt) return { kind: 'close' }
  const wave = nextWave(seat, policy, now)
  const room = wave.size - live.length
  if (room <= 0) return { kind: 'wait', spent: [] }

  const people: { volunteerId: string; echelonId: string }[] = []
  const spent: Spent[] = []
  for (const tier of tiers) {
    const asked = tier.askable.slice(0, room - people.length)
    people.push(...asked.map((volunteerId) => ({ volunteerId, echelonId: tier.echelonId })))
    if (people.length >= room || (people.length > 0 && !wave.broadcast)) break
    const hasLive = live.some((offer) => offer.echelonId === tier.echelonId)
    if (hasLive && !wave.broadcast) return { kind: 'wait', spent }
    if (asked.length === 0 && !hasLive) spent.push(spentOf(tier))
  }
  if (people.length > 0) return { kind: 'ask', people, expiresAt: wave.expiresAt, spent }
  if (live.length > 0) return { kind: 'wait', spent }
  const free = tiers.flatMap((tier) => tier.busyUntil ?? [])
  return free.length > 0 ? { kind: 'wait', until: free.reduce(earlier), spent } : { kind: 'exhausted', spent }
}

/** How many of a tier have to be looked at so that the next step is certain. */
export const roomFor = (seat: Seat, policy: OfferPolicy, live: number, now: Date): number =>
  Math.max(0, nextWave(seat, policy, now).size - live)

export interface Standing {
  volunteerId: string
  /** Minutes served and planned in the last weeks and those to come, for a full share. */
  loadMinutes: number
  /** Offers in the last weeks. */
  offers: number
  lastEndedAt: Date | null
}

const time = (instant: Date | null) => instant?.getTime() ?? Number.NEGATIVE_INFINITY

/** Justice first, then who was bothered less, then who has rested longer; ids decide what is left, so that order is certain. */
export const byTurn = (a: Standing, b: Standing): number =>
  a.loadMinutes - b.loadMinutes ||
  a.offers - b.offers ||
  (time(a.lastEndedAt) === time(b.lastEndedAt) ? 0 : time(a.lastEndedAt) - time(b.lastEndedAt)) ||
  (a.volunteerId < b.volunteerId ? -1 : 1)

export type OfferAnswer = 'accept' | 'decline' | 'withdraw'

export type OfferStanding =
  /** Can be accepted and declined. */
  | 'open'
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
  /** Nobody is needed any more. */
  | 'closed'

export interface OfferFactsNow extends Seat {
  offer: 'open' | 'accepted' | 'declined' | 'expired' | 'superseded' | 'contact_error'
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
  if (facts.gap === 'filled') return 'filled'
  if (facts.gap === 'closed' || now >= facts.endsAt) return 'closed'
  return facts.offer === 'open' ? 'open' : 'expired'
}
