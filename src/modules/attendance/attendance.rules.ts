import { type Interval, later, minutesBetween, overlaps } from '../../time/intervals.ts'
import { instantToWall } from '../../time/zones.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { type Mark, markAt } from './segments.rules.ts'

/** What is decided on: one seat, its times and how far its holder has come. */
export interface Duty {
  /** State of the assignment. */
  state: string
  startsAt: Date
  endsAt: Date
  zone: string
  createdAt: Date
  /** When its holder took it on; null while nobody has answered. */
  decidedAt: Date | null
  checkedInAt: Date | null
  checkedOutAt: Date | null
  /** Its time runs on because no relief came. */
  runsOn?: boolean
}

/** Why something cannot be recorded: a code for programs, a sentence for people. */
export interface Fault {
  code: FaultCode
  detail: string
}

export type FaultCode =
  | 'not-confirmed'
  | 'already-checked-in'
  | 'already-checked-out'
  | 'not-checked-in'
  | 'counted-as-no-show'
  | 'not-on-duty'
  | 'in-the-future'
  | 'too-early'
  | 'duty-over'
  | 'out-before-in'
  | 'out-before-start'
  | 'too-long'
  | 'on-duty-elsewhere'
  | 'twice-in-list'
  | 'same-kind'
  | 'before-last-change'

const WINDOWS = ['checkInEarlyMinutes', 'checkInLateMinutes', 'checkOutEarlyMinutes', 'noShowMinutes'] as const
type Patience = Pick<UnitPolicy, 'lateEntryMinutes'>
type Windows = Pick<UnitPolicy, 'checkInEarlyMinutes' | 'checkInLateMinutes' | 'noShowMinutes'>
/** Where the template of a shift differs from the policy. */
export type OwnWindows = { [name in (typeof WINDOWS)[number]]: number | null }

/** The policy as it holds for one shift; one without a template has no windows of its own. */
export function windowsOf(own: OwnWindows | null, policy: UnitPolicy): UnitPolicy {
  if (!own) return policy
  const differing = WINDOWS.filter((name) => own[name] !== null).map((name) => [name, own[name]])
  return { ...policy, ...Object.fromEntries(differing) }
}

/** An attendance of the same person at another duty; no end while it lasts. */
export interface OtherAttendance {
  checkedInAt: Date
  checkedOutAt: Date | null
  postName: string
}

const MINUTE = 60_000
/** A presence longer than the plan by half of it, and by more than this, is taken for a forgotten check-out. */
const OVERSTAY_MINUTES = 120
const WAITING_MINUTES = 1440
/** A correction may add this much to the plan; more is taken for a slip of the pen. */
export const LONGEST_CORRECTION_OVER_PLAN_MINUTES = 1440

/** Presence is recorded to the minute, so that the times people read add up to the minutes they are credited. */
export const toMinute = (instant: Date): Date => new Date(Math.floor(instant.getTime() / MINUTE) * MINUTE)

const plusMinutes = (instant: Date, minutes: number) => new Date(instant.getTime() + minutes * MINUTE)
const wall = (instant: Date, { zone }: Pick<Duty, 'zone'>) =>
  `${instantToWall(instant, zone).replace('T', ' ')} ${zone}`

/** When the holder is expected. Whoever takes a duty on after its start is not late for it. */
export const expectedAt = (duty: Pick<Duty, 'startsAt' | 'createdAt' | 'decidedAt'>): Date =>
  later(duty.startsAt, duty.decidedAt ?? duty.createdAt)

export const opensAt = (duty: Pick<Duty, 'startsAt'>, policy: Windows): Date =>
  plusMinutes(duty.startsAt, -policy.checkInEarlyMinutes)

export const afterExpected = (duty: Parameters<typeof expectedAt>[0], minutes: number): Date =>
  plusMinutes(expectedAt(duty), minutes)

export const afterEnd = ({ endsAt }: Pick<Duty, 'endsAt'>, minutes: number): Date => plusMinutes(endsAt, minutes)

/** Whole minutes after the expected arrival; 0 for whoever came in time. */
export const lateMinutes = (duty: Parameters<typeof expectedAt>[0], at: Date): number =>
  Math.max(0, minutesBetween(expectedAt(duty), at))

/** Whole minutes before the planned end; 0 for whoever stayed until then. */
export const earlyExitMinutes = ({ endsAt }: Pick<Duty, 'endsAt'>, at: Date): number =>
  Math.max(0, minutesBetween(at, endsAt))

export const isLate = (duty: Parameters<typeof expectedAt>[0], at: Date, policy: Windows): boolean =>
  at > plusMinutes(expectedAt(duty), policy.checkInLateMinutes)

/** Is it entered so long after the duty that nobody takes it from whoever enters it alone? */
export const isLateEntry = ({ endsAt }: Pick<Duty, 'endsAt'>, now: Date, policy: Patience): boolean =>
  now > plusMinutes(endsAt, policy.lateEntryMinutes)

/** The longest presence that is believed without a question; whoever waits for relief may have to wait for a day. */
export const longestMinutes = ({ startsAt, endsAt, runsOn }: Interval & { runsOn?: boolean }): number => {
  const planned = minutesBetween(startsAt, endsAt)
  if (runsOn) return planned + WAITING_MINUTES
  return planned + Math.max(Math.floor(planned / 2), OVERSTAY_MINUTES)
}

/** What in the state of the duty forbids a check-in. */
export function checkInStateFault(duty: Duty): Fault | undefined {
  switch (duty.state) {
    case 'confirmed':
      return undefined
    case 'serving':
      return { code: 'already-checked-in', detail: `Checked in already at ${wall(duty.checkedInAt!, duty)}.` }
    case 'pending':
      return { code: 'not-confirmed', detail: 'This duty is not confirmed yet. Maybe confirm it first.' }
    default:
      return settledFault(duty)
  }
}

export function checkOutStateFault(duty: Duty): Fault | undefined {
  if (duty.state === 'serving') return undefined
  if (duty.state === 'confirmed' || duty.state === 'pending') {
    return { code: 'not-checked-in', detail: 'Nobody has checked in for this duty.' }
  }
  return settledFault(duty)
}

function settledFault(duty: Duty): Fault {
  if (duty.state === 'completed') {
    return { code: 'already-checked-out', detail: `Checked out already at ${wall(duty.checkedOutAt!, duty)}.` }
  }
  if (duty.state === 'no_show') {
    return {
      code: 'counted-as-no-show',
      detail:
        'Nobody had checked in in time, so this duty counts as a no-show and its seat was released. ' +
        'Maybe seat the person again, if the seat is still free.',
    }
  }
  return { code: 'not-on-duty', detail: `This duty is ${duty.state}; nobody is expected for it.` }
}

/** Everything wrong with the instant of a check-in. */
export function checkInFaults(
  duty: Duty,
  at: Date,
  { now, policy, others }: { now: Date; policy: Windows; others: OtherAttendance[] },
): Fault[] {
  const faults = futureFaults(duty, at, now)
  if (at < opensAt(duty, policy)) {
    faults.push({ code: 'too-early', detail: `Check-in opens at ${wall(opensAt(duty, policy), duty)}.` })
  }
  if (at >= duty.endsAt) faults.push({ code: 'duty-over', detail: `The duty ended at ${wall(duty.endsAt, duty)}.` })
  return [...faults, ...elsewhereFaults({ startsAt: at, endsAt: plusMinutes(at, 1) }, others)]
}

/** Everything wrong with the instant of a check-out. */
export function checkOutFaults(
  duty: Duty,
  at: Date,
  { now, others }: { now: Date; others: OtherAttendance[] },
): Fault[] {
  const checkedInAt = duty.checkedInAt!
  const faults = futureFaults(duty, at, now)
  if (at <= checkedInAt) {
    faults.push({ code: 'out-before-in', detail: `Check-in was at ${wall(checkedInAt, duty)}; this is not after it.` })
  } else if (at <= duty.startsAt) {
    faults.push({ code: 'out-before-start', detail: `The duty begins at ${wall(duty.startsAt, duty)} only.` })
  }
  const longest = longestMinutes(duty)
  if (minutesBetween(checkedInAt, at) > longest) {
    faults.push({
      code: 'too-long',
      detail:
        `That would be ${minutesBetween(checkedInAt, at)} minutes on duty, and ${longest} are believed. ` +
        'Maybe the check-out was forgotten: an organizer can enter when it was.',
    })
  }
  return [...faults, ...elsewhereFaults({ startsAt: checkedInAt, endsAt: at }, others)]
}

/** Everything wrong with a presence becoming of another kind at an instant. */
export function markFaults(
  duty: Duty,
  next: { at: Date; kind: string },
  { now, marks }: { now: Date; marks: Mark[] },
): Fault[] {
  const faults = futureFaults(duty, next.at, now)
  if (next.at < duty.checkedInAt!) {
    faults.push({
      code: 'out-before-in',
      detail: `Check-in was at ${wall(duty.checkedInAt!, duty)}; this is before it.`,
    })
  }
  const last = marks.map((mark) => mark.at).reduce(later, duty.checkedInAt!)
  if (next.at >= duty.checkedInAt! && next.at < last) {
    faults.push({
      code: 'before-last-change',
      detail: `The last change was at ${wall(last, duty)}; this is before it.`,
    })
  } else if (markAt(marks, next.at).kind === next.kind) {
    faults.push({ code: 'same-kind', detail: `The time counts as ${next.kind} already.` })
  }
  return faults
}

const futureFaults = (duty: Duty, at: Date, now: Date): Fault[] =>
  at > now ? [{ code: 'in-the-future', detail: `${wall(at, duty)} has not come yet.` }] : []

const elsewhereFaults = (presence: Interval, others: OtherAttendance[]): Fault[] =>
  others
    .filter((one) => overlaps(presence, { startsAt: one.checkedInAt, endsAt: one.checkedOutAt ?? presence.endsAt }))
    .map((one) => ({
      code: 'on-duty-elsewhere',
      detail: `The same person is on duty at ${one.postName} at that time. Maybe check out there first.`,
    }))

/** What somebody with a link can do, or why nothing can be done. */
export type LinkState = 'early' | 'ready' | 'present' | 'finished' | 'unconfirmed' | 'noShow' | 'missed' | 'released'

export function linkState(duty: Duty, policy: Windows, now: Date): LinkState {
  switch (duty.state) {
    case 'confirmed':
      if (now < opensAt(duty, policy)) return 'early'
      return now < duty.endsAt ? 'ready' : 'missed'
    case 'serving':
      return 'present'
    case 'completed':
      return 'finished'
    case 'pending':
      return 'unconfirmed'
    case 'no_show':
      return 'noShow'
    default:
      return 'released'
  }
}
