import type { Handle } from '../../platform/db/client.ts'
import { type Glance, glanceAt } from './gap-filling.glance.ts'
import type { SeatRow } from './gap-filling.repository.ts'
import { byTurn, standingRules, type Tier } from './gap-filling.rules.ts'
import type { TierOfSeat } from './gap-filling.tiers.ts'
import type { EligibilityOracle } from './gap-filling.types.ts'

export interface TierReport extends Tier {
  name: string
  /** Those who were looked at closely, in the order of their turn. */
  looked: (Glance & { failures: string[] })[]
  /** Those whose turn it was, and who cannot be asked, with the first rule that stands against it. */
  skipped: { volunteerId: string; rule: string }[]
}

export interface Question {
  seat: SeatRow
  gapId: string
  tier: TierOfSeat
  /** As many are enough. */
  room: number
  now: Date
}

const FIRST_LOOK = 8
/** People looked at together; the eligibility function loads all that can matter to them. */
const MOST_TOGETHER = 500
/** Rows kept for one look at one tier; the counts by reason are complete. */
const MOST_SKIPPED = 200

/** Looks at those who are fit at a glance, best turn first, until enough can be asked. */
async function lookClosely(
  handle: Handle,
  oracle: EligibilityOracle,
  { seat, room, tier, now }: Question,
  fit: Glance[],
) {
  const looked: TierReport['looked'] = []
  let found = 0
  for (let at = 0, take = Math.max(FIRST_LOOK, room); at < fit.length && found < room; at += take, take *= 2) {
    take = Math.min(take, MOST_TOGETHER)
    const part = fit.slice(at, at + take)
    const ids = part.map((one) => one.volunteerId)
    const judged = new Map(
      (await oracle.candidatesFor(handle, seat.slotId, ids, now)).map((one) => [one.volunteerId, one]),
    )
    for (const one of part) {
      const rules = judged.get(one.volunteerId)?.failures.map((failure) => failure.rule) ?? ['unknown']
      const failures = standingRules(rules, tier)
      looked.push({ ...one, failures })
      if (failures.length === 0) found += 1
    }
  }
  return looked
}

const countOf = (reasons: string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

/**
 * Looks through one tier, best turn first, until `room` people are found who can be asked. Eligibility is asked for
 * few people at a time, as it costs more than a glance.
 */
export async function lookThrough(handle: Handle, oracle: EligibilityOracle, question: Question): Promise<TierReport> {
  const { seat, gapId, tier, room, now } = question
  const { memberIds, ...key } = tier
  const glances =
    memberIds.length > 0 ? await glanceAt(handle, { seat, gapId, widened: tier.widened, now }, memberIds) : []
  const open = glances.filter((one) => !one.asked).sort(byTurn)
  const fit = open.filter((one) => !one.because && !one.busyUntil)
  const looked = await lookClosely(handle, oracle, question, fit)
  const ruleOf = new Map(looked.map((one) => [one.volunteerId, one.failures[0]]))
  const askable = looked.filter((one) => one.failures.length === 0).map((one) => one.volunteerId)
  const busy = open.flatMap(({ because, busyUntil }) => (!because && busyUntil ? [busyUntil] : []))
  const last = open.findIndex((one) => one.volunteerId === askable[room - 1])
  const skipped = (last < 0 ? open : open.slice(0, last)).flatMap(({ volunteerId, because, busyUntil }) => {
    const rule = because ?? (busyUntil ? 'busy elsewhere' : ruleOf.get(volunteerId))
    return rule ? [{ volunteerId, rule }] : []
  })
  return {
    ...key,
    members: memberIds.length,
    asked: glances.filter((one) => one.asked).length,
    askable,
    ...(busy.length > 0 ? { busyUntil: busy.reduce((a, b) => (a < b ? a : b)) } : {}),
    passedOver: countOf([
      ...open.flatMap(({ because }) => because ?? []),
      ...looked.flatMap(({ failures }) => failures.slice(0, 1)),
    ]),
    looked,
    skipped: skipped.slice(0, MOST_SKIPPED),
  }
}
