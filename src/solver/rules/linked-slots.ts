import type { SlotsRule } from './rule.ts'

/** One point for each person beyond the first among the holders of linked slots; open slots do not count. */
export const linkedSlots: SlotsRule<'linked-slots'> = {
  name: 'linked-slots',
  on: 'slots',
  asks: { zh: '固定包保：关联名额由同一人承担', en: 'Linked slots are held by one and the same person' },
  overridable: true,
  level: 'wishes',
  unit: 'people',
  compile: (model) => {
    const groups = (model.problem.links ?? []).map((link) =>
      link.slotIds.map((id) => model.slotIndex.get(id) ?? -1).filter((slot) => slot >= 0),
    )
    return [
      {
        groups,
        visit(group, holders, report) {
          const people: number[] = []
          for (const slot of groups[group]!) {
            for (const person of holders.of(slot)) if (!people.includes(person)) people.push(person)
          }
          if (people.length > 1) report(people.length - 1, people.length, 1, groups[group]!, people)
        },
      },
    ]
  },
  reason: ({ duties, people }) => ({
    zh: `${duties[0]!.label} 等关联名额应由一人承担，现有 ${people.join('、')}`,
    en: `${duties[0]!.label} and the slots linked to it want one person, not ${people.join(', ')}`,
  }),
}
