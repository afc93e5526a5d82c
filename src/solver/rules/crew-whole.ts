import type { SlotsRule } from './rule.ts'
import { shiftGroups } from './shift-groups.ts'

/** In a shift where one of a crew serves, each member who does not is one point. */
export const crewWhole: SlotsRule<'crew-whole'> = {
  name: 'crew-whole',
  on: 'slots',
  asks: { zh: '班组整建制同班', en: 'A crew serves whole' },
  overridable: true,
  level: 'wishes',
  unit: 'people',
  compile: (model, { scope }) => {
    const groups = shiftGroups(model, scope?.duties)
    const crews = (model.problem.crews ?? []).map((crew) =>
      crew.personIds.map((id) => model.personIndex.get(id) ?? -1).filter((person) => person >= 0),
    )
    const crewsOf = new Map<number, number[]>()
    crews.forEach((members, crew) => {
      for (const person of members) crewsOf.set(person, [...(crewsOf.get(person) ?? []), crew])
    })
    return [
      {
        groups,
        visit(group, holders, report) {
          const present = new Set<number>()
          for (const slot of groups[group]!) for (const person of holders.of(slot)) present.add(person)
          const seen = new Set<number>()
          for (const person of present) for (const crew of crewsOf.get(person) ?? []) seen.add(crew)
          for (const crew of seen) {
            const members = crews[crew]!
            const missing = members.filter((person) => !present.has(person))
            const count = members.length - missing.length
            if (missing.length > 0) report(missing.length, count, members.length, groups[group]!, missing)
          }
        },
      },
    ]
  },
  reason: ({ duties, observed, limit, people }) => ({
    zh: `${duties[0]!.label}：班组 ${limit} 人只到 ${observed} 人，缺 ${people.join('、')}`,
    en: `${duties[0]!.label}: ${observed} of a crew of ${limit}; missing: ${people.join(', ')}`,
  }),
}
