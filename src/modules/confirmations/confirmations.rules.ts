import { earlier, later } from '../../time/intervals.ts'
import { addLocalDays, atTime, dateOf, type LocalDateTime, wallToInstant } from '../../time/zones.ts'
import { quietUntil } from '../notifications/notifications.rules.ts'
import type { ConsentMode, PersonClass, UnitPolicy } from '../organisation/organisation.types.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import type { Told } from './confirmations.types.ts'

const MINUTE = 60_000

export const minutesBefore = (instant: Date, minutes: number): Date => new Date(instant.getTime() - minutes * MINUTE)

/**
 * Until when an answer is waited for: as long as the policy gives, and not beyond the cut-off of the first duty. A duty
 * that is near leaves half of the time until it begins, so that the other half is there to find somebody else.
 */
export function confirmDeadline(
  now: Date,
  firstStart: Date,
  policy: Pick<UnitPolicy, 'confirmWithinMinutes' | 'cutOffMinutes'>,
): Date {
  const wished = minutesBefore(now, -policy.confirmWithinMinutes)
  const half = new Date(now.getTime() + Math.max(0, firstStart.getTime() - now.getTime()) / 2)
  return earlier(wished, later(half, minutesBefore(firstStart, policy.cutOffMinutes)))
}

/** When those who have not answered are reminded: before the deadline as the policy says, not earlier than halfway. */
export function reminderAt(now: Date, confirmBy: Date, policy: Pick<UnitPolicy, 'remindBeforeMinutes'>): Date {
  const halfway = new Date((now.getTime() + confirmBy.getTime()) / 2)
  return later(halfway, minutesBefore(confirmBy, policy.remindBeforeMinutes))
}

/** Of the time that is left at a reminder, the next one lets at least one part in so many pass. */
const LATER_SHARE = 4

/** Whether a reminder at `next` would say again what one that reaches people at `last` has just said. */
export const followsAtOnce = (last: Date, next: Date, confirmBy: Date): boolean =>
  next.getTime() - last.getTime() < (confirmBy.getTime() - last.getTime()) / LATER_SHARE

/**
 * All moments, in order, at which a question put at `asked` is reminded of: the first, and of the others those that
 * do not follow the one before at once.
 */
export function reminderTimes(
  asked: Date,
  confirmBy: Date,
  policy: Pick<UnitPolicy, 'remindBeforeMinutes' | 'remindAgainBeforeMinutes'>,
): Date[] {
  const times = [reminderAt(asked, confirmBy, policy)]
  for (const minutes of policy.remindAgainBeforeMinutes.toSorted((a, b) => b - a)) {
    const next = minutesBefore(confirmBy, minutes)
    if (!followsAtOnce(times.at(-1)!, next, confirmBy)) times.push(next)
  }
  return times
}

/** When a reminder of these duties goes out that is written now: after quiet hours, unless one of them is near. */
export function reachesPeopleAt(
  now: Date,
  duties: { startsAt: Date }[],
  zone: string,
  policy: Pick<UnitPolicy, 'quietFrom' | 'quietTo' | 'urgentBelowMinutes'>,
): Date {
  const isNear = duties.some(({ startsAt }) => minutesBefore(startsAt, policy.urgentBelowMinutes) < now)
  return (isNear ? undefined : quietUntil(now, zone, policy)) ?? now
}

export type Choice = 'confirm' | 'decline'

/** Nobody volunteers by silence, whatever a policy says. */
export const consentMode = (personClass: PersonClass, policy: Pick<UnitPolicy, 'confirmation'>): ConsentMode =>
  personClass === 'volunteer' ? 'explicit' : (policy.confirmation[personClass] ?? 'explicit')

export interface Asked {
  assignmentId: string
  state: AssignmentState
  version: number
  startsAt: Date
  /** Nobody holds the seat at this moment. */
  seatFree: boolean
  /** The duty as the person was told of it last. */
  told?: Told | null
}

const DETAILS = ['startLocal', 'endLocal', 'zone', 'postName', 'postAddress', 'role'] as const

/** The part of a duty that its holder is told. */
export const toldOf = (duty: Told): Told => ({
  startLocal: duty.startLocal,
  endLocal: duty.endLocal,
  zone: duty.zone,
  postName: duty.postName,
  postAddress: duty.postAddress,
  role: duty.role,
})

/** True when the duty is another one than its holder was told of. */
export const hasChanged = (told: Told | null | undefined, now: Told): boolean =>
  told !== null && told !== undefined && DETAILS.some((name) => told[name] !== now[name])

/** True when a change since then waits for an answer. */
const waitsAgain = (item: Asked & Partial<Told>): boolean => hasChanged(item.told, item as Asked & Told)

/**
 * What a person can answer now. A question that is still open can be answered as long as it has not lapsed; an answer
 * can be changed until the cut-off, a decline only while the seat is free. A yes to what has changed since can be given
 * anew.
 */
export function choicesOf(item: Asked & Partial<Told>, now: Date, policy: Pick<UnitPolicy, 'cutOffMinutes'>): Choice[] {
  if (item.state === 'pending') return ['confirm', 'decline']
  if (now >= minutesBefore(item.startsAt, policy.cutOffMinutes)) return []
  if (item.state === 'confirmed') return waitsAgain(item) ? ['confirm', 'decline'] : ['decline']
  return item.state === 'declined' && item.seatFree ? ['confirm'] : []
}

/** Short mark of what is shown of duties; another time or place has another mark. */
export function markOf(...duties: Partial<Told>[]): string {
  let mark = 17
  for (const character of JSON.stringify(duties.map((duty) => DETAILS.map((name) => duty[name] ?? '')))) {
    mark = (Math.imul(mark, 31) + character.codePointAt(0)!) >>> 0
  }
  return mark.toString(36)
}

export interface Answer {
  choice: Choice
  /** One duty; all open ones when left out. */
  assignmentId?: string | undefined
  /** What the page showed of it, in short: an answer to something else changes nothing. */
  mark?: string | undefined
  /** Version of the duty as the page showed it. Without it only an open question is answered, no answer changed. */
  seen?: number | undefined
  reason?: string | undefined
}

/** Duties this answer changes, as they stand; none when it says what holds already or comes from an old page. */
export function answeredBy<T extends Asked & Partial<Told>>(
  items: T[],
  answer: Answer,
  now: Date,
  policy: Pick<UnitPolicy, 'cutOffMinutes'>,
): T[] {
  const meant =
    answer.assignmentId === undefined
      ? items.filter((item) => item.state === 'pending')
      : items.filter((item) => item.assignmentId === answer.assignmentId)
  if (answer.mark !== undefined && answer.mark !== markOf(...meant)) return []
  return meant.filter((item) => {
    if (!choicesOf(item, now, policy).includes(answer.choice)) return false
    return answer.seen === undefined ? item.state === 'pending' : item.version === answer.seen
  })
}

export interface Consent {
  id: string
  postId: string | null
  /** Path of the unit whose posts it is for, where it is not for one post. */
  unitPath: string | null
  fromOn: string
  toOn: string
}

/** Where and when a duty is, as far as a standing consent speaks of it. */
export interface Place {
  postId: string
  postUnitPath: string
  localDay: string
}

/** The consent by which somebody has said yes to this duty beforehand; of several the one that was given first. */
export const coveredBy = <C extends Consent>(consents: C[], { postId, postUnitPath, localDay }: Place): C | undefined =>
  consents.find(
    (one) =>
      one.fromOn <= localDay &&
      localDay < one.toOn &&
      (one.unitPath === null ? one.postId === postId : postUnitPath.startsWith(one.unitPath)),
  )

/** When the holder of a duty is briefed on it: at once if that moment has passed; never when the duty has begun. */
export function dutyReminderAt(
  now: Date,
  { startsAt, startLocal, zone }: { startsAt: Date; startLocal: LocalDateTime; zone: string },
  { briefingTime, dutyReminderMinutes }: Pick<UnitPolicy, 'briefingTime' | 'dutyReminderMinutes'>,
): Date | undefined {
  if (now >= startsAt) return undefined
  const evening = atTime(addLocalDays(dateOf(startLocal), -1), briefingTime)
  const wanted =
    dutyReminderMinutes === null ? wallToInstant(evening, zone, 'start') : minutesBefore(startsAt, dutyReminderMinutes)
  return later(now, wanted)
}
