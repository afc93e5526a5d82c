import type { Model } from '../model.ts'
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

/**
 * Loads in proportion to each person's share of the set's load, what was carried in included:
 * cost = sum over people of ((load - share * total) / unit)^2.
 */
export const fairShare: BalanceRule<'fair-share'> = {
  name: 'fair-share',
  on: 'people',
  asks: { zh: '时长、夜班、周末等按应担份额均衡', en: 'Load in proportion to each person’s fair share' },
  overridable: true,
  level: 'justice',
  compile: (model, { params, scope }) => {
    const { people } = model
    const { fromDay, toDay } = model.problem.period
    const sets = new Map<string, number>()
    const setOf = new Int32Array(people.length).fill(-1)
    const weights: number[] = []
    people.forEach((person, i) => {
      const name = matchesPerson(person, scope?.people) ? setName(model, i, params) : undefined
      if (name === undefined || (person.share ?? 1) <= 0) return
      if (!sets.has(name)) sets.set(name, sets.size)
      const set = sets.get(name)!
      setOf[i] = set
      weights[set] = (weights[set] ?? 0) + (person.share ?? 1)
    })
    const counted = Uint8Array.from(model.duties, (duty) =>
      duty.day >= fromDay && duty.day < toDay && matchesDuty(duty, scope?.duties) ? 1 : 0,
    )
    return {
      setOf,
      setCount: sets.size,
      share: Float64Array.from(people, (person, i) => (setOf[i]! < 0 ? 0 : (person.share ?? 1) / weights[setOf[i]!]!)),
      carried: Float64Array.from(people, (person) => person.carriedIn?.[params.measure] ?? 0),
      unit: params.unit ?? (countsMinutes(params.measure) ? 60 : 1),
      load(duties) {
        const own = duties.every((duty) => counted[duty.id] === 1)
          ? duties
          : duties.filter((duty) => counted[duty.id] === 1)
        return measureDuties(params.measure, own, 0, own.length)
      },
    }
  },
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 负担 ${observed}，应担 ${limit}`,
    en: `${who} carries ${observed}; the fair share is ${limit}`,
  }),
}
