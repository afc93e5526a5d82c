import { heldText, requireAll } from './papers.ts'
import type { PairRule } from './rule.ts'

export const clearance: PairRule<'clearance'> = {
  name: 'clearance',
  on: 'pair',
  looksAt: 'requirement',
  asks: { zh: '须具备岗位要求的保险、培训等条件', en: 'Is insured, trained or cleared as the slot needs' },
  overridable: false,
  level: 'wishes',
  compile: (model) =>
    requireAll(
      model,
      (slot) => model.slots[slot]!.requirement?.clearances,
      (person) => model.people[person]!.clearances,
    ),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 缺少 ${limit}（${heldText(observed).zh}）`,
    en: `${who} lacks ${limit} (${heldText(observed).en})`,
  }),
}
