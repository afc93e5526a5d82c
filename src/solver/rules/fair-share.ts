import type { Duty, Model } from '../model.ts'
import { matchesDuty, matchesPerson } from '../model.ts'
import type { GroupMembership } from '../types.ts'
import { countsMinutes, measureDuties } from './measure.ts'
import type { BalanceRule, InstanceOf } from './rule.ts'

type Params = InstanceOf<'fair-share'>['params']

/** Name of the set a person is compared in, undefined for none. */
function setName(model: Model, person: number, params: Params): string | undefined {
  const { groups, unitPath, grade, personClass } = model.people[person]!
  switch (params.within) {
    case 'all':
      return 'all'
    case 'unit':
      return unitPath ?? ''
    case 'grade':
      return grade ?? ''
    case 'personClass':
      return personClass ?? ''
    default:
      return mainGroup(groups ?? [], params.groupIds)
  }
}

const KIND_ORDER = ['rotation', 'crew', 'specialist', 'reserve']

/** The group a person is compared in: the first of those named, else a rotation before a crew before the others. */
function mainGroup(groups: GroupMembership[], named: string[] | undefined): string | undefined {
  const rank = (group: GroupMembership) =>
    named ? named.indexOf(group.id) : group.kind ? KIND_ORDER.indexOf(group.kind) : KIND_ORDER.length
  const own = named ? groups.filter((group) => named.includes(group.id)) : groups
  return [...own].sort((a, b) => rank(a) - rank(b))[0]?.id
}

/** Whether a duty comes to a person at short notice: as it is told, or newly planned too soon before its start. */
function callsOf({ problem, slots, slotIndex, personIndex, shiftOfSlot }: Model) {
  const { calledBefore = Number.NEGATIVE_INFINITY, published = [] } = problem
  const held = new Set<number>()
  const key = (person: number, slot: number) => person * slots.length + shiftOfSlot[slot]!
  for (const one of published) held.add(key(personIndex.get(one.personId)!, slotIndex.get(one.slotId)!))
  return (person: number, duty: Duty): boolean =>
    duty.facts.shortNotice === true ||
    (duty.slot >= 0 && duty.start < calledBefore && !held.has(key(person, duty.slot)))
}

const sumBySet = (values: Float64Array, setOf: Int32Array, setCount: number): Float64Array => {
  const sums = new Float64Array(setCount)
  for (let i = 0; i < values.length; i++) if (setOf[i]! >= 0) sums[setOf[i]!]! += values[i]!
  return sums
}

/** Each one's part of the set, for parts that are relative to each other; of a set without any part, `otherwise`. */
function partsOf(relative: Float64Array, setOf: Int32Array, setCount: number, otherwise?: Float64Array): Float64Array {
  const sums = sumBySet(relative, setOf, setCount)
  return relative.map((part, i) => {
    const sum = setOf[i]! < 0 ? 0 : sums[setOf[i]!]!
    return sum > 0 ? part / sum : (otherwise?.[i] ?? 0)
  })
}

/**
 * Loads in proportion to what each person should carry: a part (`share`) of what the set serves in the period, and a
 * part (`carriedShare`) of what it carried in. Cost = sum over people of ((load - fair share) / unit)^2.
 */
export const fairShare: BalanceRule<'fair-share'> = {
  name: 'fair-share',
  on: 'people',
  asks: { zh: '时长、夜班、周末等按应摊份额均衡', en: 'Load in proportion to each person’s fair share' },
  overridable: true,
  level: 'justice',
  compile: (model, { params, scope }) => {
    const { people } = model
    const { fromDay, toDay } = model.problem.period
    const sets = new Map<string, number>()
    const setOf = new Int32Array(people.length).fill(-1)
    const { measure } = params
    const shareOf = Float64Array.from(people, (person) => person.shareIn?.[measure] ?? person.share ?? 1)
    people.forEach((person, i) => {
      const name = matchesPerson(person, scope?.people) ? setName(model, i, params) : undefined
      if (name === undefined || shareOf[i]! <= 0) return
      if (!sets.has(name)) sets.set(name, sets.size)
      setOf[i] = sets.get(name)!
    })
    const counted = Uint8Array.from(model.duties, (duty) =>
      duty.day >= fromDay && duty.day < toDay && matchesDuty(duty, scope?.duties) ? 1 : 0,
    )
    const isCall = measure === 'shortNotice' ? callsOf(model) : undefined
    const share = partsOf(shareOf, setOf, sets.size)
    const carriedShareOf = Float64Array.from(
      people,
      (person, i) => person.carriedShareIn?.[measure] ?? person.carriedShare ?? shareOf[i]!,
    )
    const carriedShare = partsOf(carriedShareOf, setOf, sets.size, share)
    const load = Float64Array.from(people, (person) => person.carriedIn?.[measure] ?? 0)
    const loads = sumBySet(load, setOf, sets.size)
    const expected = carriedShare.map((part, i) => (setOf[i]! < 0 ? 0 : part * loads[setOf[i]!]!))
    return {
      setOf,
      setCount: sets.size,
      share,
      expected,
      carried: load.map((one, i) => one - expected[i]!),
      unit: params.unit ?? (countsMinutes(measure) ? 60 : 1),
      load(duties, person) {
        const own = duties.every((duty) => counted[duty.id] === 1)
          ? duties
          : duties.filter((duty) => counted[duty.id] === 1)
        if (isCall) return own.reduce((sum, duty) => sum + Number(isCall(person, duty)), 0)
        return measureDuties(measure, own, 0, own.length)
      },
    }
  },
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 负担 ${observed}，应摊 ${limit}`,
    en: `${who} carries ${observed}; the fair share is ${limit}`,
  }),
}
