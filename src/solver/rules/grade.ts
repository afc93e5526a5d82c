import { requireOneOf } from './papers.ts'
import type { PairRule } from './rule.ts'

export const grade: PairRule<'grade'> = {
  name: 'grade',
  on: 'pair',
  looksAt: 'requirement',
  asks: { zh: '职级须符合岗位要求', en: 'Has one of the grades the slot asks for' },
  overridable: true,
  level: 'wishes',
  compile: (model) =>
    requireOneOf(
      (slot) => model.slots[slot]!.requirement?.grades,
      (person) => model.people[person]!.grade,
    ),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 职级为 ${observed}，要求 ${limit}`,
    en: `${who} is of grade ${observed}; needed: ${limit}`,
  }),
}
