import { isWithinUnit } from '../model.ts'
import type { PairRule } from './rule.ts'

export const unit: PairRule<'unit'> = {
  name: 'unit',
  on: 'pair',
  looksAt: 'requirement',
  asks: { zh: '须属于岗位指定的单位', en: 'Belongs to one of the units the slot is staffed from' },
  overridable: true,
  level: 'wishes',
  compile: (model) => ({
    visit(person, slot, report) {
      const units = model.slots[slot]!.requirement?.units
      if (!units || units.length === 0) return
      const path = model.people[person]!.unitPath
      if (!units.some((root) => isWithinUnit(path, root))) report(1, path ?? 'none', units.join(', '))
    },
  }),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 属于 ${observed}，不在 ${limit}`,
    en: `${who} belongs to ${observed}, not to ${limit}`,
  }),
}
