import type { SlotsRule } from './rule.ts'
import { shiftGroups } from './shift-groups.ts'

/** One point for each person of a shift whose grade (unit, class) another one already has. */
export const mixDistinct: SlotsRule<'mix-distinct'> = {
  name: 'mix-distinct',
  on: 'slots',
  asks: {
    zh: '同班人员的职级（单位、类别）互不相同',
    en: 'In each shift no two people of the same grade, unit or class',
  },
  overridable: true,
  level: 'wishes',
  unit: 'people',
  compile: (model, { params, scope }) => {
    const groups = shiftGroups(model, scope?.duties, params.roles)
    const kinds = model.people.map((person) => {
      if (params.of === 'grade') return person.grade ?? ''
      return (params.of === 'unit' ? person.unitPath : person.personClass) ?? ''
    })
    return [
      {
        groups,
        visit(group, holders, report) {
          const people = groups[group]!.flatMap((slot) => [...holders.of(slot)])
          const distinct = new Set(people.map((person) => kinds[person]!)).size
          if (distinct < people.length)
            report(people.length - distinct, distinct, people.length, groups[group]!, people)
        },
      },
    ]
  },
  reason: ({ duties, observed, limit }, { params }) => {
    const words = { grade: ['职级', 'grades'], unit: ['单位', 'units'], personClass: ['类别', 'classes'] }[params.of]
    return {
      zh: `${duties[0]!.label} 的 ${limit} 人只有 ${observed} 种${words[0]}`,
      en: `${duties[0]!.label}: ${limit} people of only ${observed} ${words[1]}`,
    }
  },
}
