import type { SlotsRule } from './rule.ts'

/** Cost of too few or too many people in a slot with many seats, by the weights the slot itself carries. */
export const cover: SlotsRule<'cover'> = {
  name: 'cover',
  on: 'slots',
  asks: { zh: '人数尽量等于需求', en: 'As many people as wanted, neither fewer nor more' },
  overridable: true,
  level: 'wishes',
  unit: 'people',
  compile: (model) => {
    const groups = model.slots.flatMap((slot, i) => (slot.cover ? [[i]] : []))
    return [
      {
        groups,
        visit(group, holders, report) {
          const slot = groups[group]![0]!
          const { required, under, over } = model.slots[slot]!.cover!
          const count = holders.of(slot).length
          const cost = count < required ? (required - count) * under : (count - required) * over
          if (cost > 0) report(cost, count, required, groups[group]!, [])
        },
      },
    ]
  },
  reason: ({ duties, observed, limit }) => ({
    zh: `${duties[0]!.label} 有 ${observed} 人，需要 ${limit} 人`,
    en: `${duties[0]!.label} has ${observed} people; ${limit} are wanted`,
  }),
}
