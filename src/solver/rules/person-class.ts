import { requireOneOf } from './papers.ts'
import type { PairRule } from './rule.ts'

export const personClass: PairRule<'person-class'> = {
  name: 'person-class',
  on: 'pair',
  looksAt: 'requirement',
  asks: { zh: '人员类别须符合岗位要求', en: 'Is of one of the person classes the slot asks for' },
  overridable: false,
  level: 'wishes',
  compile: (model) =>
    requireOneOf(
      (slot) => model.slots[slot]!.requirement?.personClasses,
      (person) => model.people[person]!.personClass,
    ),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 类别为 ${observed}，要求 ${limit}`,
    en: `${who} is ${observed}; needed: ${limit}`,
  }),
}
