import { earlier } from '../../time/intervals.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import type { CALL_OUT_STATES, CALL_STATES } from './call-outs.tables.ts'
import type { CallTier } from './call-outs.types.ts'

export type CallState = (typeof CALL_STATES)[number]
export type CallOutState = (typeof CALL_OUT_STATES)[number]

const MINUTE = 60_000
/** People asked together at most, however urgent it is. */
export const MOST_AT_ONCE = 500

export interface Period {
  startsAt: Date
  endsAt: Date
}

/** What counts of one call. */
export interface CallFacts {
  state: CallState
  crewId: string | null
  tier: number
  answerBy: Date
  readAt: Date | null
}

export interface Need extends Period {
  wanted: number
  /** Seats that somebody holds. */
  coming: number
  crewLeast: number | null
  calls: CallFacts[]
}

const isOpen = (call: CallFacts) => call.state === 'asked'

/** A crew that was called and has had its time to answer brings as many people as it has to. */
const bringsEnough = ({ crewLeast, calls }: Pick<Need, 'crewLeast' | 'calls'>): boolean => {
  if (crewLeast === null) return false
  const crews = Map.groupBy(
    calls.filter((call) => call.crewId !== null),
    (call) => call.crewId,
  )
  return [...crews.values()].some(
    (members) => !members.some(isOpen) && members.filter((call) => call.state === 'coming').length >= crewLeast,
  )
}

/** Nobody else has to be called. */
export const isContent = (need: Need): boolean => need.coming >= need.wanted || bringsEnough(need)

export type CallPolicy = Pick<UnitPolicy, 'waveSize' | 'broadcastBelowMinutes' | 'offerShare'>

export interface Wave {
  /** So soon that nobody waits for one tier to answer before the next is asked. */
  broadcast: boolean
  /** People who may be asked together. */
  size: number
}

/** How many are asked together: as many for each missing person as for a gap, and everybody when time is short. */
export function waveOf({ startsAt, wanted, coming }: Need, policy: CallPolicy, now: Date): Wave {
  const broadcast = startsAt.getTime() - now.getTime() < policy.broadcastBelowMinutes * MINUTE
  const size = broadcast ? MOST_AT_ONCE : Math.min(MOST_AT_ONCE, (wanted - coming) * policy.waveSize)
  return { broadcast, size }
}

/** Until when an answer is waited for: never longer than the given share of the time that is left. */
export function answerBy({ startsAt, endsAt }: Period, minutes: number, policy: CallPolicy, now: Date): Date {
  const left = (now < startsAt ? startsAt : endsAt).getTime() - now.getTime()
  const share = Math.max(MINUTE, Math.floor(left * policy.offerShare))
  return earlier(endsAt, new Date(now.getTime() + Math.min(minutes * MINUTE, share)))
}

export type CallStep =
  /** Call so many more of this tier; of a crew everybody. */
  | { kind: 'call'; tier: number; room: number }
  /** Answers are outstanding. */
  | { kind: 'wait' }
  | { kind: 'content' }
  /** Nobody is left to call. */
  | { kind: 'short' }

/**
 * What comes next. Tiers are called in order: a crew as a whole and only when nobody else still has time to answer;
 * people one wave at a time. `done` tiers have nobody left who can be called.
 */
export function nextStep(need: Need, tiers: CallTier[], done: number, wave: Wave): CallStep {
  if (isContent(need)) return { kind: 'content' }
  const live = need.calls.filter(isOpen)
  const tier = tiers[done]
  if (!tier) return live.length > 0 ? { kind: 'wait' } : { kind: 'short' }
  if (tier.kind === 'crew') return live.length > 0 ? { kind: 'wait' } : { kind: 'call', tier: done, room: MOST_AT_ONCE }
  const earlierTierLive = live.some((call) => call.tier < done)
  if (earlierTierLive && !wave.broadcast) return { kind: 'wait' }
  const room = wave.size - live.length
  return room > 0 ? { kind: 'call', tier: done, room } : { kind: 'wait' }
}

export type CallAnswer = 'coming' | 'not_coming' | 'read' | 'withdraw'

export type CallStanding =
  /** Can be answered. */
  | 'open'
  /** Held; can still be given back. */
  | 'coming'
  /** Begun: changes go by way of the organizer. */
  | 'begun'
  | 'not_coming'
  | 'withdrawn'
  /** Enough people come. */
  | 'enough'
  /** Over or called off. */
  | 'over'
  | 'not_possible'

export interface StandingFacts extends Period {
  callOut: CallOutState
  call: CallState
  duty: AssignmentState | null
  stillNeeded: number
  /** The call is one to a crew that still has time: it is taken whole. */
  wholeCrew: boolean
}

/** How the call stands for who was called. Late help is help: who was silent or said no may still come while people are missing. */
export function standingOf(facts: StandingFacts, now: Date): CallStanding {
  const { call, duty } = facts
  if (call === 'coming' && duty === 'confirmed') return now < facts.startsAt ? 'coming' : 'begun'
  if (call === 'coming' && (duty === 'serving' || duty === 'completed')) return 'begun'
  if (facts.callOut !== 'open' || now >= facts.endsAt) return 'over'
  if (call === 'passed_over') return 'not_possible'
  if (call === 'withdrawn' || call === 'coming') return 'withdrawn'
  if (facts.stillNeeded === 0 && !facts.wholeCrew) return call === 'not_coming' ? 'not_coming' : 'enough'
  return call === 'not_coming' ? 'not_coming' : 'open'
}

/** What may be said in a standing; whoever has said no can say yes while people are missing. */
export function answersOf(
  standing: CallStanding,
  { read, missing }: { read: boolean; missing: boolean },
): CallAnswer[] {
  if (standing === 'open') return read ? ['coming', 'not_coming'] : ['coming', 'not_coming', 'read']
  if (standing === 'coming') return ['withdraw']
  if (standing === 'not_coming' && missing) return ['coming']
  return []
}

export interface Tally {
  asked: number
  read: number
  coming: number
  notComing: number
  silent: number
  spare: number
  passedOver: number
}

const STILL_SILENT: CallState[] = ['asked', 'silent', 'closed']

/** Who was called and what they said. `silent` counts everybody without an answer, in time or not. */
export function tallyOf(calls: Pick<CallFacts, 'state' | 'readAt'>[]): Tally {
  const asked = calls.filter((call) => call.state !== 'passed_over')
  const count = (...states: CallState[]) => asked.filter((call) => states.includes(call.state)).length
  return {
    asked: asked.length,
    read: asked.filter((call) => call.readAt !== null).length,
    coming: count('coming'),
    notComing: count('not_coming', 'withdrawn'),
    silent: count(...STILL_SILENT),
    spare: count('spare'),
    passedOver: calls.length - asked.length,
  }
}
