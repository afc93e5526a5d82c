import type { PairRule } from './rule.ts'

/** Membership counts at the moment the shift starts: a change of echelon during a duty does not end it. */
export const echelonOnTurn: PairRule<'echelon-on-turn'> = {
  name: 'echelon-on-turn',
  on: 'pair',
  looksAt: 'requirement',
  asks: { zh: '须为当班梯队（班组）成员', en: 'Is a member of an echelon or crew whose turn it is' },
  overridable: true,
  level: 'wishes',
  compile: (model) => ({
    visit(person, slot, report) {
      const allowed = model.slots[slot]!.requirement?.groups
      if (!allowed) return
      const { start } = model.duties[slot]!
      const groups = (model.people[person]!.groups ?? []).filter(
        (group) => (group.from ?? Number.NEGATIVE_INFINITY) <= start && start < (group.to ?? Number.POSITIVE_INFINITY),
      )
      if (groups.some((group) => allowed.includes(group.id))) return
      report(1, groups.map((group) => group.id).join(', ') || 'none', allowed.join(', ') || 'none')
    },
  }),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 所在梯队 ${observed}，当班梯队为 ${limit}`,
    en: `${who} is in ${observed}; on turn: ${limit}`,
  }),
}
