import { personTable } from '../model.ts'
import type { Holders, SlotsRule } from './rule.ts'
import { shiftGroups } from './shift-groups.ts'

/**
 * At least (at most) so many of the people in a shift match. Seats still open could bring the ones missing, so a
 * shortfall counts only as far as the open seats cannot make it good.
 */
export const mix: SlotsRule<'mix'> = {
  name: 'mix',
  on: 'slots',
  asks: {
    zh: '同班人员结构：至少或至多若干名符合条件者',
    en: 'In each shift at least or at most so many people of a kind',
  },
  overridable: true,
  level: 'wishes',
  unit: 'people',
  compile: (model, { params, scope }) => {
    const matches = personTable(model, params.people)
    const groups = shiftGroups(model, scope?.duties, params.roles)
    const min = params.min ?? 0
    const max = params.max ?? Number.POSITIVE_INFINITY
    return [
      {
        groups,
        visit(group, holders, report) {
          const slots = groups[group]!
          let [count, open] = [0, 0]
          for (const slot of slots) {
            const people = holders.of(slot)
            open += model.seats[slot]! - people.length
            for (const person of people) count += matches[person]!
          }
          if (count + open < min) report(min - count - open, count, min, slots, everybody(slots, holders))
          if (count > max) report(count - max, count, max, slots, everybody(slots, holders))
        },
      },
    ]
  },
  reason: ({ duties, observed, limit }) => ({
    zh: `${duties[0]!.label} 有 ${observed} 名符合条件者，${Number(observed) < Number(limit) ? '至少' : '至多'} ${limit} 名`,
    en: `${duties[0]!.label} has ${observed} people of the kind; ${Number(observed) < Number(limit) ? 'at least' : 'at most'} ${limit}`,
  }),
}

const everybody = (slots: number[], holders: Holders): number[] => slots.flatMap((slot) => [...holders.of(slot)])
