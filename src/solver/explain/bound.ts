import type { Bound, Level, Problem, Score, Slot, Solution, Text } from '../types.ts'
import { LEVEL_WORDS, rounded } from './words.ts'

/** Costs no farther apart than this count as equal. */
export const SAME_COST = 1e-3

/** What is proven, before it is compared with the roster. */
export type Proof = Pick<Bound, 'level' | 'value' | 'seats'>

/** The bound with how far a roster of this score can be above the best possible, as a number and in words. */
export function tellBound(proof: Proof, score: Score): Bound {
  const reached = score[proof.level]
  const abovePercent = percentAbove(reached, proof.value)
  const text = proof.seats
    ? seatsText(proof.level, proof.seats, abovePercent)
    : costText(proof.level, reached, abovePercent)
  return { ...proof, abovePercent, text }
}

/** Rounded up to a tenth, so that it stays true. */
function percentAbove(reached: number, value: number): number | null {
  if (reached <= value + SAME_COST) return 0
  if (value <= SAME_COST) return null
  return Math.ceil(((reached - value) / value) * 1000 - 1e-6) / 10
}

const PROVED: Text = { zh: '已证明为最优', en: 'proved best' }

const aboveText = (percent: number): Text => ({
  zh: `最多比可能的最好结果高 ${percent}%`,
  en: `at most ${percent} % above the best possible`,
})

function costText(level: Level, reached: number, abovePercent: number | null): Text {
  const words = LEVEL_WORDS[level]
  const about = { zh: words.zh, en: words.en[0]!.toUpperCase() + words.en.slice(1) }
  if (abovePercent === null) {
    const cost = rounded(reached)
    return {
      zh: `${about.zh}：代价 ${cost}，可能的最好结果在 0 与此之间`,
      en: `${about.en}: a cost of ${cost}; the best possible lies between 0 and that`,
    }
  }
  const verdict = abovePercent === 0 ? PROVED : aboveText(abovePercent)
  return { zh: `${about.zh}：${verdict.zh}`, en: `${about.en}: ${verdict.en}` }
}

function seatsText(level: Level, seats: NonNullable<Proof['seats']>, abovePercent: number | null): Text {
  const { atLeast, open } = seats
  const kind = LEVEL_WORDS[level].zh
  const name = (count: number) => {
    const words = LEVEL_WORDS[level].en
    return count === 1 ? words.slice(0, -1) : words
  }
  if (open === 0) return { zh: `${kind}全部填满：${PROVED.zh}`, en: `All ${name(2)} are filled: ${PROVED.en}` }
  if (abovePercent === 0 && atLeast < open) {
    return {
      zh: `${kind}空缺 ${open} 个，按优先级计：${PROVED.zh}`,
      en: `Open ${name(2)}, weighed by priority: ${PROVED.en} (${open})`,
    }
  }
  const least = {
    zh: `至少 ${atLeast} 个${kind}无法填满，现空缺 ${open} 个`,
    en: `At least ${atLeast} ${name(atLeast)} must stay open; ${open} ${open === 1 ? 'is' : 'are'}`,
  }
  if (abovePercent === 0) return { zh: `${least.zh}：${PROVED.zh}`, en: `${least.en}: ${PROVED.en}` }
  if (atLeast < open) {
    const more = open - atLeast
    return { zh: `${least.zh}，最多还可填 ${more} 个`, en: `${least.en}, so at most ${more} more can be filled` }
  }
  if (abovePercent === null) return least
  const above = aboveText(abovePercent)
  return { zh: `${least.zh}；按优先级计，${above.zh}`, en: `${least.en}; weighed by priority ${above.en}` }
}

export interface Known {
  /** Every roster was tried. */
  isExhausted: boolean
  /** What justice must cost at least in a full roster. */
  justice: number | undefined
}

/**
 * What is proven of the first level that has something to say: open seats before justice. Of seats the conflicts are
 * the proof, which hold for rosters within the hard rules.
 */
export function proofOf(
  problem: Problem,
  told: Pick<Solution, 'assignments' | 'conflicts' | 'score'>,
  { isExhausted, justice }: Known,
): Proof | undefined {
  const { score } = told
  if (score.unmetMandatory > 0) return seatsProof(problem, told, 'mandatory', isExhausted)
  if (score.unmetDesired > 0) {
    if (isExhausted) return seatsProof(problem, told, 'desired', true)
    return { level: 'unmetMandatory', value: 0, seats: { atLeast: 0, open: 0 } }
  }
  const value = isExhausted ? score.justice : justice
  return value === undefined ? undefined : { level: 'justice', value }
}

function seatsProof(
  problem: Problem,
  { assignments, conflicts, score }: Pick<Solution, 'assignments' | 'conflicts' | 'score'>,
  need: 'mandatory' | 'desired',
  isExhausted: boolean,
): Proof | undefined {
  const level = need === 'mandatory' ? 'unmetMandatory' : 'unmetDesired'
  const slots = problem.slots.filter((slot) => slot.need === need)
  const held = new Map<string, number>()
  for (const { slotId } of assignments) held.set(slotId, (held.get(slotId) ?? 0) + 1)
  const open = slots.reduce((sum, slot) => sum + Math.max(0, seatsIn(slot) - (held.get(slot.id) ?? 0)), 0)
  if (isExhausted) {
    const most = slots.reduce((worth, slot) => Math.max(worth, priorityOf(slot)), 0)
    return { level, value: score[level], seats: { atLeast: Math.ceil(score[level] / most - 1e-9), open } }
  }
  if (score.hard > 0) return undefined
  const short = provenShort(slots, conflicts)
  return short.seats === 0 ? undefined : { level, value: short.cost, seats: { atLeast: short.seats, open } }
}

const seatsIn = (slot: Slot): number => slot.seats ?? 1
const priorityOf = (slot: Slot): number => slot.priority ?? 1

interface Short {
  seats: number
  cost: number
}

/** Seats that must stay open by conflicts without a slot in common. Which seats is not known, so the cheapest count. */
function provenShort(slots: Slot[], conflicts: Solution['conflicts']): Short {
  const slotOf = new Map(slots.map((slot) => [slot.id, slot]))
  const priced = conflicts
    .filter(({ slotIds }) => slotIds.every((id) => slotOf.has(id)))
    .map(({ slotIds, short }) => {
      const costs = slotIds.flatMap((id) => {
        const slot = slotOf.get(id)!
        return new Array<number>(seatsIn(slot)).fill(priorityOf(slot))
      })
      const cheapest = costs.sort((a, b) => a - b).slice(0, short)
      return { slotIds, seats: short, cost: cheapest.reduce((sum, cost) => sum + cost, 0) }
    })
  const great = pickApart([...priced].sort((a, b) => b.cost - a.cost))
  const dense = pickApart([...priced].sort((a, b) => b.cost / b.slotIds.length - a.cost / a.slotIds.length))
  return dense.cost > great.cost ? dense : great
}

/** The sum of those that share no slot with an earlier one that was taken. */
function pickApart(entries: (Short & { slotIds: string[] })[]): Short {
  const taken = new Set<string>()
  const sum = { seats: 0, cost: 0 }
  for (const { slotIds, seats, cost } of entries) {
    if (slotIds.some((id) => taken.has(id))) continue
    for (const id of slotIds) taken.add(id)
    sum.seats += seats
    sum.cost += cost
  }
  return sum
}
