import { hoursText } from '../calendar.ts'
import type { PersonRule } from './rule.ts'

/**
 * In every stretch of `days` days inside the period one piece of free time of `minutes` (weekly rest). A stretch begins
 * `k` times 24 h after the period does. One point for each started hour missing.
 */
export const restInWindow: PersonRule<'rest-in-window'> = {
  name: 'rest-in-window',
  on: 'person',
  asks: { zh: '每个滚动周期内须有一段足够长的连续休息', en: 'One long rest in every stretch of so many days' },
  overridable: true,
  level: 'wishes',
  unit: 'minutes',
  reach: () => 7,
  compile: (model, { params }) => {
    const { startsAt, endsAt } = model.problem.period
    const length = params.days * 1440
    return {
      visit(_person, duties, report) {
        for (let from = startsAt; from + length <= endsAt; from += 1440) {
          const to = from + length
          let longest = 0
          let free = from
          let [first, last] = [-1, -1]
          for (let i = 0; i < duties.length; i++) {
            const duty = duties[i]!
            if (duty.end <= from || duty.start >= to) continue
            if (first < 0) first = i
            last = i
            longest = Math.max(longest, duty.start - free)
            free = Math.max(free, duty.end)
          }
          longest = Math.max(longest, to - free)
          const missing = params.minutes - longest
          if (missing > 0) report(Math.ceil(missing / 60), longest, params.minutes, first, last)
        }
      },
    }
  },
  reason: ({ who, observed, limit }, { params }) => ({
    zh: `${who} 在 ${params.days} 天内最长连续休息 ${hoursText(Number(observed))}，应有 ${hoursText(Number(limit))}`,
    en: `${who} has at most ${hoursText(Number(observed))} off in one piece in ${params.days} days; ${hoursText(Number(limit))} are owed`,
  }),
}
