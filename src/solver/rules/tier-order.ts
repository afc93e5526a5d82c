import type { PairRule } from './rule.ts'

/** Costs the tier of the person's echelon: among those the slot allows, else among all; people without tier cost 0. */
export const tierOrder: PairRule<'tier-order'> = {
  name: 'tier-order',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '按梯队顺序用人', en: 'Earlier echelons before later ones' },
  overridable: true,
  level: 'wishes',
  compile: (model) => ({
    concerns: (person) => (model.people[person]!.groups ?? []).some((group) => (group.tier ?? 0) > 0),
    visit(person, slot, report) {
      const groups = model.people[person]!.groups ?? []
      const allowed = model.slots[slot]!.requirement?.groups
      const { start } = model.duties[slot]!
      let tier = Number.POSITIVE_INFINITY
      for (const group of groups) {
        if (allowed && !allowed.includes(group.id)) continue
        if ((group.from ?? Number.NEGATIVE_INFINITY) > start || start >= (group.to ?? Number.POSITIVE_INFINITY))
          continue
        tier = Math.min(tier, group.tier ?? 0)
      }
      if (tier > 0 && tier !== Number.POSITIVE_INFINITY) report(tier, tier, 0)
    },
  }),
  reason: ({ who, observed }) => ({
    zh: `${who} 属于第 ${Number(observed) + 1} 梯队`,
    en: `${who} is of echelon ${Number(observed) + 1} in order`,
  }),
}
