import { hoursText } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import type { Layout } from '../evaluate.ts'
import { personLabel } from '../model.ts'
import type { RosterState } from '../state.ts'
import type { JusticeLine, Text, WhyAssigned } from '../types.ts'
import { cheapestRival, type NextBest } from './rivals.ts'
import { amountText, LEVEL_WORDS, ordinal, rounded } from './words.ts'

/** In longer lists nobody is asked whether they are free. */
const LONGEST_LIST = 1000
/** So many of the least loaded others are tried in the place of whoever has it. */
const MOST_RIVALS = 3
/** After so many trials in one roster no more are made. */
const MOST_TRIALS = 20_000

interface Choice {
  fitting: number
  /** Those free beside all they do, the least loaded first; unknown in long lists. */
  free: number[] | undefined
}

/** Why each assignment is as it is: what stood before, how many others could have been taken, and what they would cost. */
export function whyAssigned(
  plan: Plan,
  layout: Layout,
  state: RosterState,
  justice: readonly JusticeLine[],
): WhyAssigned[] {
  const { model } = plan
  const standing = standingKinds(plan)
  const choices = new Map<string, Choice>()
  const shares = firstLines(justice)
  const loads = new Loads(plan, layout, shares)
  let trials = 0
  return layout.holders.flatMap((holders, slot) => {
    const key = `${model.shiftOfSlot[slot]} ${state.fits.classOf(slot)}`
    return holders.map((person): WhyAssigned => {
      if (!choices.has(key)) choices.set(key, choiceAt(plan, state, slot, loads))
      const { fitting, free } = choices.get(key)!
      const ids = { slotId: model.slots[slot]!.id, personId: model.people[person]!.id }
      const kept = standing.get(`${ids.personId} ${ids.slotId}`) ?? 'new'
      const isFree = kept === 'new' || kept === 'published'
      const rivals = (isFree && trials < MOST_TRIALS ? free : undefined)?.slice(0, MOST_RIVALS) ?? []
      trials += rivals.length
      const told = {
        ...ids,
        kept,
        fitting,
        ...(free && { free: free.length + 1 }),
        ...(free && isFree && { rank: loads.rankOf(person, slot, free) }),
        ...(rivals.length > 0 && named(plan, cheapestRival(state, slot, person, rivals))),
      }
      return { ...told, text: whyText(plan, layout, person, told, shares.get(ids.personId)) }
    })
  })
}

const named = (plan: Plan, rival: NextBest | undefined): Pick<WhyAssigned, 'nextBest'> => {
  if (!rival) return {}
  const { person, ...rest } = rival
  return { nextBest: { personId: plan.model.people[person]!.id, ...rest } }
}

function standingKinds(plan: Plan): Map<string, WhyAssigned['kept']> {
  const { pins, published } = plan.model.problem
  const kinds = new Map<string, WhyAssigned['kept']>()
  for (const a of published ?? []) kinds.set(`${a.personId} ${a.slotId}`, a.frozen ? 'frozen' : 'published')
  for (const a of pins ?? []) kinds.set(`${a.personId} ${a.slotId}`, 'pinned')
  return kinds
}

/** What people carry: minutes off the fair share where justice counts minutes, planned minutes elsewhere. */
class Loads {
  readonly #loads: Float64Array
  /** What one duty adds. */
  readonly #weightOf: (slot: number, person: number) => number

  constructor(plan: Plan, layout: Layout, shares: Map<string, JusticeLine>) {
    const [line] = shares.values()
    const check = line && plan.balances.find(({ rule }) => rule.id === line.ruleId)
    this.#loads = Float64Array.from(plan.model.people, ({ id }, person) =>
      check ? (shares.get(id)?.deviation ?? 0) : plannedMinutes(layout, person),
    )
    this.#weightOf = (slot, person) => {
      const duty = plan.model.duties[slot]!
      return check ? check.balance.load([duty], person) : duty.minutes
    }
  }

  sort(people: number[]): number[] {
    return people.sort((a, b) => this.#loads[a]! - this.#loads[b]! || a - b)
  }

  /** Place of somebody without the duty they have among those free for it. */
  rankOf(person: number, slot: number, free: readonly number[]): number {
    const own = this.#loads[person]! - this.#weightOf(slot, person)
    return 1 + free.filter((other) => this.#loads[other]! < own - 1e-6).length
  }
}

const plannedMinutes = (layout: Layout, person: number): number =>
  layout.timelines[person]!.reduce((sum, duty) => sum + (duty.slot >= 0 ? duty.minutes : 0), 0)

/** People who pass person-and-slot rules, and those of them who could serve beside all they already do elsewhere. */
function choiceAt(plan: Plan, state: RosterState, slot: number, loads: Loads): Choice {
  const list = state.fits.peopleFor(slot)
  const { shiftOfSlot } = plan.model
  const servesHere = (person: number) =>
    state.timelines[person]!.some((duty) => duty.slot >= 0 && shiftOfSlot[duty.slot] === shiftOfSlot[slot])
  if (list.length > LONGEST_LIST) return { fitting: list.length, free: undefined }
  let fitting = 0
  const free: number[] = []
  for (const person of list) {
    if (!state.fits.allows(person, slot)) continue
    fitting++
    if (state.hardChange(person, slot) <= 0 && !servesHere(person)) free.push(person)
  }
  return { fitting, free: loads.sort(free) }
}

const STANDING: Record<WhyAssigned['kept'], Text> = {
  pinned: { zh: '已锁定', en: 'pinned' },
  frozen: { zh: '已冻结', en: 'frozen' },
  published: { zh: '沿用已发布的安排', en: 'kept as published' },
  new: { zh: '新安排', en: 'chosen' },
}

function whyText(
  plan: Plan,
  layout: Layout,
  person: number,
  told: Omit<WhyAssigned, 'text'>,
  share: JusticeLine | undefined,
): Text {
  const who = personLabel(plan.model.people[person]!)
  const duties = layout.timelines[person]!.filter((duty) => duty.slot >= 0).length
  const others = placeText(told)
  const next = told.nextBest ? nextText(plan, told.nextBest, told.free! - 1) : { zh: '', en: '' }
  const load = share
    ? {
        zh: `（${hoursText(share.load)}，应摊 ${hoursText(share.fairShare)}）`,
        en: ` (${hoursText(share.load)}, fair share ${hoursText(share.fairShare)})`,
      }
    : { zh: '', en: '' }
  const before = STANDING[told.kept]
  return {
    zh: `${who}（${before.zh}）：${told.fitting} 人符合条件${others.zh}${next.zh}；本期共 ${duties} 班${load.zh}`,
    en: `${who} (${before.en}): ${amountText(told.fitting, 'people').en} fit${others.en}${next.en}; ${amountText(duties, 'shifts').en} in this period${load.en}`,
  }
}

function placeText({ free, rank }: Omit<WhyAssigned, 'text'>): Text {
  if (free === undefined) return { zh: '', en: '' }
  if (free === 1) return { zh: '，此时仅其一人可排', en: ', the only one of them who was free' }
  if (rank === undefined) return { zh: `，其中 ${free} 人此时可排`, en: `, ${free} of them were free` }
  return {
    zh: `，在此时可排的 ${free} 人中负担第 ${rank} 轻`,
    en: `, ${rank === 1 ? 'the' : ordinal(rank)} least loaded of ${free} who were free`,
  }
}

function nextText(
  plan: Plan,
  { personId, tried, level, more = 0 }: NonNullable<WhyAssigned['nextBest']>,
  others: number,
): Text {
  const who = personLabel(plan.model.people[plan.model.personIndex.get(personId)!]!)
  const among = tried < others ? { zh: `（试比 ${tried} 人）`, en: ` of ${tried} tried` } : { zh: '', en: '' }
  if (!level)
    return { zh: `；次优${among.zh} ${who}，同样合适`, en: `; next best${among.en}, ${who}, would have been as good` }
  const cost = rounded(Math.abs(more))
  const words = LEVEL_WORDS[level]
  return {
    zh: `；次优${among.zh} ${who}，代价${more > 0 ? '高' : '低'} ${cost}（${words.zh}）`,
    en: `; next best${among.en}, ${who}, would have cost ${cost} ${more > 0 ? 'more' : 'less'} (${words.en})`,
  }
}

/** What everybody carries of the first justice rule that counts minutes of duty. */
function firstLines(justice: readonly JusticeLine[]): Map<string, JusticeLine> {
  const first = justice.find((line) => line.measure === 'minutes')
  return new Map(justice.filter((line) => line.ruleId === first?.ruleId).map((line) => [line.personId, line]))
}
