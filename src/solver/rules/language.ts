import type { PairRule } from './rule.ts'

export const language: PairRule<'language'> = {
  name: 'language',
  on: 'pair',
  looksAt: 'requirement',
  asks: { zh: '须会岗位要求的语言', en: 'Speaks the languages the slot needs' },
  overridable: true,
  level: 'wishes',
  compile: (model) => ({
    visit(person, slot, report) {
      const wanted = model.slots[slot]!.requirement?.languages
      if (!wanted) return
      const spoken = model.people[person]!.languages ?? []
      const missing = wanted.filter((id) => !spoken.includes(id))
      if (missing.length > 0) report(missing.length, spoken.join(', ') || 'none', missing.join(', '))
    },
  }),
  reason: ({ who, limit }) => ({ zh: `${who} 不会语言 ${limit}`, en: `${who} does not speak ${limit}` }),
}
