import { weekOf } from '../calendar.ts'
import type { PersonRule } from './rule.ts'
import { hasPlanned } from './runs.ts'

/** One point for each weekend beyond the limit in a run of weekends with duty on Saturday or Sunday. */
export const consecutiveWeekends: PersonRule<'consecutive-weekends'> = {
  name: 'consecutive-weekends',
  on: 'person',
  asks: { zh: '连续值班的周末不超过上限', en: 'Not too many weekends with duty in a row' },
  overridable: true,
  level: 'wishes',
  unit: 'weekends',
  reach: ({ max }) => 7 * (max + 1),
  compile: (_model, { params: { max } }) => ({
    visit(_person, duties, report) {
      let first = -1
      let last = -1
      let weeks = 0
      const close = () => {
        if (weeks > max && hasPlanned(duties, first, last)) report(weeks - max, weeks, max, first, last)
      }
      duties.forEach((duty, i) => {
        if (duty.weekday < 6) return
        const step = last < 0 ? 2 : weekOf(duty.day) - weekOf(duties[last]!.day)
        if (step > 1) {
          close()
          first = i
          weeks = 1
        } else {
          weeks += step
        }
        last = i
      })
      if (last >= 0) close()
    },
  }),
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 连续 ${observed} 个周末值班，最多 ${limit} 个`,
    en: `${who} serves ${observed} weekends in a row; at most ${limit}`,
  }),
}
