import type { SlotsRule } from './rule.ts'
import { shiftGroups } from './shift-groups.ts'

/** Apart: one point for each of them beyond the first. Together: one for each who is missing while another serves. */
export const pairing: SlotsRule<'pairing'> = {
  name: 'pairing',
  on: 'slots',
  asks: { zh: '指定人员同班或不同班', en: 'Named people serve together, or never together' },
  overridable: true,
  level: 'wishes',
  unit: 'people',
  compile: (model, { params, scope }) => {
    const named = params.personIds.map((id) => model.personIndex.get(id) ?? -1).filter((p) => p >= 0)
    const groups = shiftGroups(model, scope?.duties)
    return [
      {
        groups,
        visit(group, holders, report) {
          const slots = groups[group]!
          const present = named.filter((person) => slots.some((slot) => holders.of(slot).includes(person)))
          if (params.mode === 'apart') {
            if (present.length > 1) report(present.length - 1, present.length, 1, slots, present)
          } else if (present.length > 0 && present.length < named.length) {
            report(named.length - present.length, present.length, named.length, slots, named)
          }
        },
      },
    ]
  },
  reason: ({ people, duties, observed, limit }, { params }) => {
    const names = people.join(', ')
    const where = duties[0]?.label ?? ''
    return params.mode === 'apart'
      ? { zh: `${names} 不应同在 ${where}`, en: `${names} must not serve together at ${where}` }
      : {
          zh: `${names} 应同在 ${where}，现有 ${observed}/${limit} 人`,
          en: `${names} should serve together at ${where}: ${observed} of ${limit} do`,
        }
  },
}
