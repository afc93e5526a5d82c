import type { Interval } from '../../time/intervals.ts'
import type { SEGMENT_KINDS } from '../attendance/attendance.tables.ts'
import type { Credits } from './hours.rules.ts'
import type { CREDITED_BY } from './hours.tables.ts'

export interface CountingPolicy {
  mealBreakAfterMinutes: number
  mealBreakMinutes: number
  minimumCreditMinutes: number
}

/** One line of a duty as far as counting goes. */
export interface Countable extends Interval {
  kind: (typeof SEGMENT_KINDS)[number]
  minutes: number
  clockChangeMinutes: number
  creditedBy: (typeof CREDITED_BY)[number]
}

export interface DutyFacts {
  /** Length of the plan on paper. */
  nominalMinutes: number
  /** Its holder was called for a gap. */
  calledOut: boolean
}

/** Time spent at work: being ready and the way there are not. */
const AT_WORK: ReadonlySet<string> = new Set(['active', 'handover', 'training'])

const worth = ({ creditedBy, minutes, clockChangeMinutes }: Countable) =>
  creditedBy === 'nominal' ? minutes + clockChangeMinutes : minutes

/**
 * Unpaid minutes of a presence: a break after each full stretch that goes on, never more than what came after the
 * stretch, so that a minute more at work is never worth less.
 */
export function unpaidMinutes(worked: number, { mealBreakAfterMinutes: after, mealBreakMinutes }: CountingPolicy) {
  if (after === 0 || worked <= after) return 0
  const breaks = Math.ceil(worked / after) - 1
  const each = Math.min(mealBreakMinutes, after)
  return (breaks - 1) * each + Math.min(each, worked - breaks * after)
}

/** What is added so that whoever was called out is credited with the least; nothing when they did not work at all. */
export const topUp = (counted: number, { minimumCreditMinutes }: CountingPolicy, { calledOut }: DutyFacts): number =>
  calledOut && counted > 0 ? Math.max(0, minimumCreditMinutes - counted) : 0

/**
 * What each line of one duty counts, in the order of the lines, which is that of time: the plan once, on the first; the
 * breaks from the last line at work backwards, as far as each reaches; the least credit on the last line at work.
 */
export function creditsOf(lines: readonly Countable[], policy: CountingPolicy, duty: DutyFacts): Credits[] {
  const credits = lines.map((_, index) => ({
    plannedMinutes: index === 0 ? duty.nominalMinutes : 0,
    breakMinutes: 0,
    topUpMinutes: 0,
  }))
  const atWork = lines.flatMap((line, index) => (AT_WORK.has(line.kind) ? [index] : []))
  const worked = atWork.reduce((sum, index) => sum + worth(lines[index]!), 0)
  let unpaid = unpaidMinutes(worked, policy)
  const added = topUp(worked - unpaid, policy, duty)
  for (const index of atWork.toReversed()) {
    const taken = Math.max(0, Math.min(unpaid, worth(lines[index]!)))
    credits[index]!.breakMinutes = taken
    unpaid -= taken
  }
  const last = atWork.at(-1)
  if (last !== undefined) credits[last]!.topUpMinutes = added
  return credits
}

export const sameCredits = (a: Credits, b: Credits): boolean =>
  a.plannedMinutes === b.plannedMinutes && a.breakMinutes === b.breakMinutes && a.topUpMinutes === b.topUpMinutes

interface Chained {
  id: string
  segmentId: string | null
  reversesId: string | null
  correctsId: string | null
}

/** Lines that hold: neither taken back nor taking back. */
export function standing<L extends Chained>(lines: readonly L[]): L[] {
  const takenBack = new Set(lines.map((line) => line.reversesId))
  return lines.filter((line) => line.reversesId === null && !takenBack.has(line.id))
}

/** The segment a line goes back to, through all that was corrected; null when it goes back to none. */
export function originOf<L extends Chained>(line: L, lines: readonly L[]): string | null {
  let at: L | undefined = line
  while (at && at.segmentId === null && at.correctsId !== null) {
    const { correctsId }: L = at
    at = lines.find((one) => one.id === correctsId)
  }
  return at?.segmentId ?? null
}
