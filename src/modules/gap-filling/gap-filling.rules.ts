import { earlier } from '../../time/intervals.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import type { GAP_CAUSES } from './gap-filling.tables.ts'
import type { Spent } from './gap-filling.types.ts'
import { nextWave, type SearchPolicy, type Seat, heldUntil as untilMorning, type Wave } from './waves.rules.ts'

/** Asked in one step; the next step follows at once, so that no transaction grows without bound. */
export const MOST_A_STEP = 500

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

/** Which people are called together: an echelon, or everybody of a unit. */
export interface TierKey {
  echelonId: string | null
  unitId: string | null
  /** Added by an organizer. */
  widened: boolean
}

const isSame = (a: Pick<TierKey, 'echelonId' | 'unitId'>, b: Pick<TierKey, 'echelonId' | 'unitId'>) =>
  a.echelonId === b.echelonId && a.unitId === b.unitId

/** One tier as the cascade sees it. */
export interface Tier extends TierKey {
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

export interface LiveOffer {
  id: string
  echelonId: string | null
  unitId: string | null
  rank: number
  /** Has accepted, while answers are collected. */
  willing: boolean
  expiresAt: Date
}

export interface CascadeFacts {
  seat: Seat
  /** The gap is open, its shift planned and its seat free. */
  wanted: boolean
  paused: boolean
  policy: SearchPolicy
  /** Share of those asked that may be expected to come. */
  acceptance: number
  /** When the quiet hours are over that hold now. */
  quietEnd?: Date | undefined
  /** Searches for the like seats of the same shift that have asked nobody yet; they share those there are. */
  sharers: number
  live: LiveOffer[]
  /** In the order they are called in. */
  tiers: Tier[]
}

export interface Asked extends TierKey {
  volunteerId: string
}

export type CascadeStep =
  | { kind: 'close' }
  /** Nothing to do before the given moment, or until one of the live offers ends. */
  | { kind: 'wait'; until?: Date; spent: Spent[] }
  | { kind: 'ask'; people: Asked[]; expiresAt: Date; spent: Spent[]; more: boolean }
  /** Answers were collected: the seat goes to the first of these who can still take it. */
  | { kind: 'award'; offerIds: string[] }
  | { kind: 'exhausted'; spent: Spent[] }

const reasonOf = ({ members, asked, busyUntil, passedOver }: Tier): string => {
  if (members === 0) return 'empty'
  const counts = Object.entries(passedOver).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const why = counts.length > 0 ? ` (${counts.map(([reason, count]) => `${reason} ${count}`).join(', ')})` : ''
  if (busyUntil) return `busy elsewhere${why}`
  return asked > 0 ? `all asked${why}` : `nobody eligible${why}`
}

const spentOf = (tier: Tier): Spent => ({
  echelonId: tier.echelonId,
  ...(tier.unitId ? { unitId: tier.unitId } : {}),
  asked: tier.asked,
  because: reasonOf(tier),
})

/** How many more may be asked in this step; 0: a whole wave is being asked. */
export const roomOf = (wave: Wave, live: number): number =>
  wave.size === null ? MOST_A_STEP : Math.max(0, Math.min(MOST_A_STEP, wave.size - live))

/** How many to look for, so that like seats that have asked nobody yet find their share beside this one. */
export const roomToLook = (wave: Wave, live: number, sharers: number): number =>
  Math.min(MOST_A_STEP, roomOf(wave, live) * (wave.broadcast ? sharers + 1 : 1))

const MINUTE = 60_000

/** Everybody of the tier was asked a while ago, and answers are being collected: who joins now would have less time. */
const isUnderWay = (wave: Wave, live: LiveOffer[]): boolean =>
  wave.mode === 'collect' && live.some((offer) => wave.expiresAt.getTime() - offer.expiresAt.getTime() > MINUTE)

/** What has to be known before anybody is looked at; undefined: look. */
export function stepBeforeLooking(facts: Omit<CascadeFacts, 'tiers'>, now: Date): CascadeStep | undefined {
  const { seat, wanted, paused, policy, live, quietEnd } = facts
  if (!wanted || now >= seat.endsAt) return { kind: 'close' }
  const wave = nextWave(seat, policy, facts.acceptance, now)
  const willing = live.filter((offer) => offer.willing).sort((a, b) => a.rank - b.rank)
  const collected = wave.mode === 'first' || live.every((offer) => offer.willing)
  if (willing.length > 0 && collected) return { kind: 'award', offerIds: willing.map((offer) => offer.id) }
  if (paused || roomOf(wave, live.length) === 0 || isUnderWay(wave, live)) return { kind: 'wait', spent: [] }
  const until = untilMorning(seat, policy, quietEnd, now)
  return until && { kind: 'wait', until, spent: [] }
}

/** Those of the tiers whose turn it is, and the tiers that have nobody left. */
function turnOf({ live, tiers }: CascadeFacts, wave: Wave, room: number) {
  const people: Asked[] = []
  const spent: Spent[] = []
  for (const tier of tiers) {
    const { echelonId, unitId, widened } = tier
    const asked = tier.askable.slice(0, room - people.length)
    people.push(...asked.map((volunteerId) => ({ volunteerId, echelonId, unitId, widened })))
    if (people.length >= room || (people.length > 0 && !wave.broadcast)) break
    const hasLive = live.some((offer) => isSame(offer, tier))
    if (hasLive && !wave.broadcast) break
    if (asked.length === 0 && !hasLive) spent.push(spentOf(tier))
  }
  return { people, spent }
}

/**
 * What the search for one seat does next. Tiers are called in order: one is left when nobody in it can be asked and
 * none of its offers is live; an empty one is passed over at once. Whoever declines is followed by the next at once,
 * so that a wave's number of people is always being asked. Where answers are collected a whole tier is asked, all until
 * the same moment.
 */
export function nextCascadeStep(facts: CascadeFacts, now: Date): CascadeStep {
  const early = stepBeforeLooking(facts, now)
  if (early) return early
  const { seat, policy, acceptance, live, tiers, sharers } = facts
  const wave = nextWave(seat, policy, acceptance, now)
  const room = roomOf(wave, live.length)
  const { people, spent } = turnOf(facts, wave, roomToLook(wave, live.length, sharers))
  if (people.length > 0) {
    const isShared = wave.broadcast || wave.size === null
    const mine = people.slice(0, isShared ? Math.min(room, Math.ceil(people.length / (sharers + 1))) : room)
    const begun = wave.mode === 'collect' ? live.find((offer) => offer.expiresAt > now) : undefined
    const more = wave.size === null && people.length === room && mine.length === people.length
    return { kind: 'ask', people: mine, expiresAt: begun?.expiresAt ?? wave.expiresAt, spent, more }
  }
  if (live.length > 0) return { kind: 'wait', spent }
  const free = tiers.flatMap((tier) => tier.busyUntil ?? [])
  return free.length > 0 ? { kind: 'wait', until: free.reduce(earlier), spent } : { kind: 'exhausted', spent }
}

export interface Standing {
  volunteerId: string
  /** Has said that they would come at this time, when another seat was already taken. */
  wouldCome: boolean
  /** Minutes served and planned in the last weeks and those to come, for a full share. */
  loadMinutes: number
  /** Offers in the last weeks. */
  offers: number
  lastEndedAt: Date | null
  /** Steps in the tree of units between home and post. */
  distance: number
}

const time = (instant: Date | null) => instant?.getTime() ?? Number.NEGATIVE_INFINITY

/**
 * Who has offered to come first; then justice, then who was bothered less, then who has rested longer, then who lives
 * nearer; ids decide what is left, so that order is certain.
 */
export const byTurn = (a: Standing, b: Standing): number =>
  Number(b.wouldCome) - Number(a.wouldCome) ||
  a.loadMinutes - b.loadMinutes ||
  a.offers - b.offers ||
  (time(a.lastEndedAt) === time(b.lastEndedAt) ? 0 : time(a.lastEndedAt) - time(b.lastEndedAt)) ||
  a.distance - b.distance ||
  (a.volunteerId < b.volunteerId ? -1 : 1)

/** Rules an organizer sets aside by adding people to whom the seat is normally not given. */
export const SET_ASIDE_BY_WIDENING: readonly string[] = ['echelon-on-turn', 'unit']

/** Rules that still stand against somebody of a tier. */
export const standingRules = (rules: string[], tier: Pick<TierKey, 'widened'>): string[] =>
  tier.widened ? rules.filter((rule) => !SET_ASIDE_BY_WIDENING.includes(rule)) : rules
