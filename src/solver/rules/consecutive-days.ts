import type { PersonRule } from './rule.ts'
import { eachRun, hasPlanned } from './runs.ts'

/** One point for each day a run is too long or too short. */
export const consecutiveDays: PersonRule<'consecutive-days'> = {
  name: 'consecutive-days',
  on: 'person',
  asks: { zh: '连续值班天数在上下限之间', en: 'Neither too many nor too few days of duty in a row' },
  overridable: true,
  level: 'wishes',
  unit: 'days',
  reach: ({ max, min }) => Math.max(max ?? 0, min ?? 0) + 1,
  compile: (model, { params }) => {
    const { fromDay, toDay } = model.problem.period
    const forgive = params.forgiveEdges ?? true
    const max = params.max ?? Number.POSITIVE_INFINITY
    const min = params.min ?? 0
    return {
      visit(_person, duties, report) {
        eachRun(duties, (first, last, days) => {
          if (!hasPlanned(duties, first, last)) return
          if (days > max) report(days - max, days, max, first, last)
          const atStart = forgive === true && duties[first]!.day <= fromDay
          const atEnd = forgive !== false && duties[last]!.day >= toDay - 1
          if (days < min && !atStart && !atEnd) report(min - days, days, min, first, last)
        })
      },
    }
  },
  reason: ({ who, observed, limit }) => {
    const over = Number(observed) > Number(limit)
    return {
      zh: `${who} 连续值班 ${observed} 天，${over ? '最多' : '至少'} ${limit} 天`,
      en: `${who} serves ${observed} days in a row; ${over ? 'at most' : 'at least'} ${limit}`,
    }
  },
}
