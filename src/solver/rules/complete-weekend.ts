import { isoDate } from '../calendar.ts'
import type { PersonRule } from './rule.ts'
import { eachWeekend, WEEKEND } from './weekend.ts'

/** One point for each free day in a weekend with duty, for weekends that lie wholly inside the period. */
export const completeWeekend: PersonRule<'complete-weekend'> = {
  name: 'complete-weekend',
  on: 'person',
  asks: { zh: '周末要么全值要么全休', en: 'All days of a weekend or none' },
  overridable: true,
  level: 'wishes',
  unit: 'days',
  reach: () => 7,
  compile: (model, { params }) => {
    const weekend = params.weekend ?? WEEKEND
    const { fromDay, toDay } = model.problem.period
    return {
      visit(_person, duties, report) {
        eachWeekend(duties, weekend, (monday, found) => {
          const inside = weekend.every((w) => monday + w - 1 >= fromDay && monday + w - 1 < toDay)
          if (!inside) return
          const days = new Set(found.map((i) => duties[i]!.day)).size
          if (days < weekend.length) report(weekend.length - days, days, weekend.length, found[0]!, found.at(-1)!)
        })
      },
    }
  },
  reason: ({ who, observed, limit, duties }) => ({
    zh: `${who} 在 ${isoDate(duties[0]!.day)} 所在周末只值 ${observed} 天（应全值 ${limit} 天或全休）`,
    en: `${who} serves ${observed} of ${limit} days of the weekend of ${isoDate(duties[0]!.day)}`,
  }),
}
