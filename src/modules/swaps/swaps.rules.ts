import { earlier, type Interval } from '../../time/intervals.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'
import { isPending, type SwapState } from './swaps.states.ts'
import type { SwapKind } from './swaps.types.ts'

const MINUTE = 60_000
const before = (instant: Date, minutes: number) => new Date(instant.getTime() - minutes * MINUTE)

/** A part shorter than this is no duty. */
export const SHORTEST_PART_MINUTES = 15

export interface Duty extends Interval {
  id: string
  volunteerId: string
  state: AssignmentState
}

export interface Wish {
  kind: SwapKind
  askerId: string
  askedId?: string | null | undefined
  part?: Interval | null | undefined
}

/** Field by its name in the request, a code and an English sentence. */
export interface Fault {
  field: 'assignmentId' | 'askedId' | 'returnId' | 'part'
  code:
    | 'not-yours'
    | 'not-confirmed'
    | 'begun'
    | 'asks-oneself'
    | 'part-needed'
    | 'part-unwanted'
    | 'part-outside'
    | 'part-whole'
    | 'part-in-the-middle'
    | 'part-too-short'
    | 'return-unwanted'
    | 'return-needed'
  detail: string
}

const fault = (field: Fault['field'], code: Fault['code'], detail: string): Fault => ({ field, code, detail })

/** Whether a duty can change hands at all: its holder has said yes to it, and it has not begun. */
export function dutyFaults(
  field: 'assignmentId' | 'returnId',
  duty: Duty,
  holderId: string | undefined,
  now: Date,
): Fault[] {
  const faults: Fault[] = []
  if (holderId !== undefined && duty.volunteerId !== holderId) {
    faults.push(fault(field, 'not-yours', 'Somebody else holds this duty.'))
  }
  if (duty.state !== 'confirmed') {
    faults.push(fault(field, 'not-confirmed', `Only a confirmed duty can change hands; this one is ${duty.state}.`))
  }
  if (duty.startsAt <= now) faults.push(fault(field, 'begun', 'This duty has begun.'))
  return faults
}

/** What is wrong with the part that shall be covered: it begins or ends with the duty, and leaves some of it. */
export function partFaults(duty: Interval, part: Interval): Fault[] {
  const [from, to, start, end] = [part.startsAt, part.endsAt, duty.startsAt, duty.endsAt].map((one) =>
    one.getTime(),
  ) as [number, number, number, number]
  const of = (code: Fault['code'], detail: string) => [fault('part', code, detail)]
  if (to - from < SHORTEST_PART_MINUTES * MINUTE) {
    return of('part-too-short', `A part lasts at least ${SHORTEST_PART_MINUTES} minutes.`)
  }
  if (from < start || to > end) return of('part-outside', 'The part must lie within the duty.')
  if (from === start && to === end) return of('part-whole', 'That is the whole duty. Maybe give it away.')
  if (from !== start && to !== end) {
    return of('part-in-the-middle', 'The part must begin or end with the duty. Maybe ask twice.')
  }
  const rest = end - start - (to - from)
  if (rest < SHORTEST_PART_MINUTES * MINUTE) {
    return of('part-too-short', `What stays with the holder lasts at least ${SHORTEST_PART_MINUTES} minutes.`)
  }
  return []
}

/** The duty cut in two: what its holder keeps, and what somebody else stands. Expects a part without faults. */
export const cutDuty = (duty: Interval, part: Interval): { kept: Interval; given: Interval } => ({
  given: { startsAt: part.startsAt, endsAt: part.endsAt },
  kept:
    part.startsAt.getTime() === duty.startsAt.getTime()
      ? { startsAt: part.endsAt, endsAt: duty.endsAt }
      : { startsAt: duty.startsAt, endsAt: part.startsAt },
})

/** All that is wrong with a wish, whoever will take it. `wanted` is the duty asked for in return, if one is named. */
export function wishFaults(wish: Wish, duty: Duty, wanted: Duty | undefined, now: Date): Fault[] {
  const faults = dutyFaults('assignmentId', duty, wish.askerId, now)
  if (wish.askedId === wish.askerId) faults.push(fault('askedId', 'asks-oneself', 'You cannot ask yourself.'))
  if (wish.kind === 'cover' && !wish.part) faults.push(fault('part', 'part-needed', 'Say which part shall be covered.'))
  if (wish.kind !== 'cover' && wish.part) faults.push(fault('part', 'part-unwanted', 'Only a cover has a part.'))
  if (wish.kind === 'cover' && wish.part) faults.push(...partFaults(duty, wish.part))
  if (wanted && (wish.kind !== 'trade' || !wish.askedId)) {
    faults.push(fault('returnId', 'return-unwanted', 'Only a trade with one person names the duty wanted in return.'))
  } else if (wanted) faults.push(...dutyFaults('returnId', wanted, wish.askedId!, now))
  return faults
}

/** Whether an organizer has a word in it, by the policy and how near the first duty is. */
export function needsApproval(
  firstStart: Date,
  now: Date,
  { swapApproval, swapNearMinutes }: Pick<UnitPolicy, 'swapApproval' | 'swapNearMinutes'>,
): boolean {
  if (swapApproval === 'always-near-start') return before(firstStart, swapNearMinutes) <= now
  return swapApproval === 'organizer'
}

/** Until when an accepted swap waits for an organizer. */
export const approvalDeadline = (
  firstStart: Date,
  now: Date,
  { swapApprovalMinutes }: Pick<UnitPolicy, 'swapApprovalMinutes'>,
): Date => earlier(before(now, -swapApprovalMinutes), firstStart)

/** The next time at which people are reminded of an open swap; undefined when all have passed. */
export function nextReminder(
  start: Date,
  now: Date,
  { swapRemindMinutes }: Pick<UnitPolicy, 'swapRemindMinutes'>,
): Date | undefined {
  return swapRemindMinutes
    .map((minutes) => before(start, minutes))
    .filter((at) => at > now)
    .sort((a, b) => a.getTime() - b.getTime())[0]
}

export interface Parties {
  state: SwapState
  askerId: string
  askedId: string | null
  takerId: string | null
  waitsUntil: Date
}

export type SwapStep = 'accept' | 'decline' | 'withdraw'

/** What a person may do about a swap now. The first holder is responsible until it is applied, and may take it back. */
export function stepsOf(swap: Parties, viewerId: string, now: Date): SwapStep[] {
  if (!isPending(swap.state) || now >= swap.waitsUntil) return []
  if (viewerId === swap.askerId) return ['withdraw']
  if (swap.state === 'accepted') return viewerId === swap.takerId ? ['decline'] : []
  if (swap.state !== 'open' || (swap.askedId !== null && swap.askedId !== viewerId)) return []
  return swap.askedId === viewerId ? ['accept', 'decline'] : ['accept']
}
