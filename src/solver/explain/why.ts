import { hoursText } from '../calendar.ts'
import type { Plan } from '../checks.ts'
import type { Layout } from '../evaluate.ts'
import { personLabel } from '../model.ts'
import type { RosterState } from '../state.ts'
import type { JusticeLine, Text, WhyAssigned } from '../types.ts'

/** In longer lists nobody is asked whether they are free. */
const LONGEST_LIST = 1000

interface Choice {
  fitting: number
  free: number | undefined
}

/** Why each assignment is as it is: what stood before, and how many others could have been taken. */
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
  return layout.holders.flatMap((holders, slot) => {
    const key = `${model.shiftOfSlot[slot]} ${state.fits.classOf(slot)}`
    return holders.map((person) => {
      if (!choices.has(key)) choices.set(key, countChoice(state, slot))
      const choice = choices.get(key)!
      const ids = { slotId: model.slots[slot]!.id, personId: model.people[person]!.id }
      const kept = standing.get(`${ids.personId} ${ids.slotId}`) ?? 'new'
      const free = choice.free === undefined ? {} : { free: choice.free + 1 }
      const text = whyText(plan, layout, person, kept, choice, shares.get(ids.personId))
      return { ...ids, kept, fitting: choice.fitting, ...free, text }
    })
  })
}

function standingKinds(plan: Plan): Map<string, WhyAssigned['kept']> {
  const { pins, published } = plan.model.problem
  const kinds = new Map<string, WhyAssigned['kept']>()
  for (const a of published ?? []) kinds.set(`${a.personId} ${a.slotId}`, a.frozen ? 'frozen' : 'published')
  for (const a of pins ?? []) kinds.set(`${a.personId} ${a.slotId}`, 'pinned')
  return kinds
}

/** People who pass person-and-slot rules, and those of them who could serve beside all they already do. */
function countChoice(state: RosterState, slot: number): Choice {
  const list = state.fits.peopleFor(slot)
  if (list.length > LONGEST_LIST) return { fitting: list.length, free: undefined }
  let fitting = 0
  let free = 0
  for (const person of list) {
    if (!state.fits.allows(person, slot)) continue
    fitting++
    if (state.hardChange(person, slot) <= 0) free++
  }
  return { fitting, free }
}

function whyText(
  plan: Plan,
  layout: Layout,
  person: number,
  kept: WhyAssigned['kept'],
  { fitting, free }: Choice,
  share: JusticeLine | undefined,
): Text {
  const who = personLabel(plan.model.people[person]!)
  const duties = layout.timelines[person]!.filter((duty) => duty.slot >= 0).length
  const before = {
    pinned: { zh: '已锁定', en: 'pinned' },
    frozen: { zh: '已冻结', en: 'frozen' },
    published: { zh: '沿用已发布的安排', en: 'kept as published' },
    new: { zh: '新安排', en: 'chosen' },
  }[kept]
  const others =
    free === undefined
      ? { zh: '', en: '' }
      : { zh: `，其中 ${free + 1} 人此时可排`, en: `, ${free + 1} of them are free then` }
  const load = share
    ? {
        zh: `（${hoursText(share.load)}，应担 ${hoursText(share.fairShare)}）`,
        en: ` (${hoursText(share.load)}, fair share ${hoursText(share.fairShare)})`,
      }
    : { zh: '', en: '' }
  return {
    zh: `${who}（${before.zh}）：${fitting} 人符合条件${others.zh}；本期共 ${duties} 班${load.zh}`,
    en: `${who} (${before.en}): ${fitting} people fit${others.en}; ${duties} shifts in this period${load.en}`,
  }
}

/** What everybody carries of the first justice rule that counts minutes of duty. */
function firstLines(justice: readonly JusticeLine[]): Map<string, JusticeLine> {
  const first = justice.find((line) => line.measure === 'minutes')
  return new Map(justice.filter((line) => line.ruleId === first?.ruleId).map((line) => [line.personId, line]))
}
