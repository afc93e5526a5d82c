import { earlier } from '../../time/intervals.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { OfferMode, SearchWish } from './gap-filling.types.ts'

const MINUTE = 60_000

/** What decides on how people are asked for one seat. */
export type SearchPolicy = Pick<
  UnitPolicy,
  | 'offerMinutes'
  | 'offerShare'
  | 'waveMost'
  | 'broadcastBelowMinutes'
  | 'broadcastMost'
  | 'collectMinutes'
  | 'urgentBelowMinutes'
> & {
  mode: OfferMode
  waveSize: number
  /** An organizer has named the size; past answers do not change it. */
  sizeIsFixed: boolean
  /** Ask at any hour. */
  urgent: boolean
}

/** The policy of the unit, with what an organizer has said about this one seat. */
export const searchPolicy = (policy: UnitPolicy, wish: SearchWish): SearchPolicy => ({
  offerMinutes: wish.offerMinutes ?? policy.offerMinutes,
  offerShare: policy.offerShare,
  waveMost: policy.waveMost,
  broadcastBelowMinutes: policy.broadcastBelowMinutes,
  broadcastMost: policy.broadcastMost,
  collectMinutes: wish.collectMinutes ?? policy.collectMinutes,
  urgentBelowMinutes: policy.urgentBelowMinutes,
  mode: wish.mode ?? policy.offerMode,
  waveSize: wish.waveSize ?? policy.waveSize,
  sizeIsFixed: wish.waveSize !== undefined,
  urgent: wish.urgent ?? false,
})

export interface Seat {
  startsAt: Date
  endsAt: Date
}

/** Answers of people asked before: how many came, of how many who had the time to say so. */
export interface PastAnswers {
  accepted: number
  asked: number
}

/** As many past answers as the policy's word weighs. */
const PRIOR_WEIGHT = 30

/** Share of those asked that may be expected to come: what the policy supposes, moved by what was seen. */
export const expectedAcceptance = ({ accepted, asked }: PastAnswers, policy: Pick<UnitPolicy, 'waveSize'>): number =>
  Math.min(1, (accepted + PRIOR_WEIGHT / policy.waveSize) / (asked + PRIOR_WEIGHT))

export interface Wave {
  mode: OfferMode
  /** Below the floor all remaining (as many together as the policy allows) are asked at once, and the first who accepts has the seat. */
  broadcast: boolean
  /** People who may hold a live offer for the seat together; null: all there are. */
  size: number | null
  expiresAt: Date
}

const sizeOf = (policy: SearchPolicy, acceptance: number): number => {
  if (policy.sizeIsFixed) return policy.waveSize
  const wanted = Math.round(1 / Math.max(acceptance, Number.EPSILON))
  return Math.min(Math.max(1, wanted), Math.max(policy.waveMost, policy.waveSize))
}

const isSooner = ({ startsAt }: Seat, minutes: number, now: Date) =>
  startsAt.getTime() - now.getTime() < minutes * MINUTE

/** How the next people are asked: time and number, from the policy and the time that is left until the start (or, once begun, the end). */
export function nextWave(seat: Seat, policy: SearchPolicy, acceptance: number, now: Date): Wave {
  const { startsAt, endsAt } = seat
  const left = (now < startsAt ? startsAt : endsAt).getTime() - now.getTime()
  const broadcast = isSooner(seat, policy.broadcastBelowMinutes, now)
  const mode = broadcast ? 'first' : policy.mode
  const share = Math.max(MINUTE, Math.floor(left * policy.offerShare))
  const lasts = Math.min((mode === 'collect' ? policy.collectMinutes : policy.offerMinutes) * MINUTE, share)
  return {
    mode,
    broadcast,
    size: broadcast ? policy.broadcastMost : mode === 'collect' ? null : sizeOf(policy, acceptance),
    expiresAt: earlier(endsAt, new Date(now.getTime() + lasts)),
  }
}

/** Until when nobody is asked because it is night and there is time; undefined: ask now. */
export function heldUntil(seat: Seat, policy: SearchPolicy, quietEnd: Date | undefined, now: Date): Date | undefined {
  if (!quietEnd || policy.urgent || isSooner(seat, policy.urgentBelowMinutes, now)) return undefined
  return earlier(quietEnd, new Date(seat.startsAt.getTime() - policy.urgentBelowMinutes * MINUTE + 1))
}
