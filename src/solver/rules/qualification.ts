import { heldText, requireAll } from './papers.ts'
import type { PairRule } from './rule.ts'

export const qualification: PairRule<'qualification'> = {
  name: 'qualification',
  on: 'pair',
  looksAt: 'requirement',
  asks: {
    zh: '须持有岗位要求的资格，且整个班次内有效',
    en: 'Holds the qualifications the slot needs, valid for the whole shift',
  },
  overridable: false,
  level: 'wishes',
  compile: (model) =>
    requireAll(
      model,
      (slot) => model.slots[slot]!.requirement?.qualifications,
      (person) => model.people[person]!.qualifications,
    ),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 缺少资格 ${limit}（${heldText(observed).zh}）`,
    en: `${who} lacks the qualification ${limit} (${heldText(observed).en})`,
  }),
}
