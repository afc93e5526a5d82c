import type { SlotsRule } from './rule.ts'

/** Pins and frozen assignments stay where they are. */
export const pinned: SlotsRule<'pinned'> = {
  name: 'pinned',
  on: 'slots',
  asks: { zh: '锁定与冻结的安排不动', en: 'Pinned and frozen assignments stay' },
  overridable: true,
  level: 'movedConfirmed',
  unit: 'people',
  compile: (model) => {
    const fixed = [...(model.problem.pins ?? []), ...(model.problem.published ?? []).filter((a) => a.frozen)]
      .map((a) => ({ slot: model.slotIndex.get(a.slotId) ?? -1, person: model.personIndex.get(a.personId) ?? -1 }))
      .filter((pin) => pin.slot >= 0 && pin.person >= 0)
    const groups = fixed.map((pin) => [pin.slot])
    return [
      {
        groups,
        visit(group, holders, report) {
          const { slot, person } = fixed[group]!
          if (!holders.of(slot).includes(person)) report(1, 0, 1, groups[group]!, [person])
        },
      },
    ]
  },
  reason: ({ people, duties }) => ({
    zh: `${people.join('、')} 在 ${duties[0]!.label} 的安排已锁定`,
    en: `${people.join(', ')} is pinned at ${duties[0]!.label}`,
  }),
}
