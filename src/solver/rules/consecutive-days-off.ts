import type { PersonRule } from './rule.ts'

/**
 * Days without duty between two days with duty. History counts as days with duty. Stretches at an edge of the period
 * with no known duty beyond are never too short when edges are forgiven; for the maximum they count as long as seen.
 */
export const consecutiveDaysOff: PersonRule<'consecutive-days-off'> = {
  name: 'consecutive-days-off',
  on: 'person',
  asks: { zh: '连续休息天数在上下限之间', en: 'Neither too few nor too many days off in a row' },
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
        const judge = (from: number, to: number, first: number, last: number) => {
          const days = to - from
          if (days <= 0 || from >= toDay || to <= fromDay) return
          if (days > max) report(days - max, days, max, first, last)
          const atEdge = first < 0 || last < 0
          if (days < min && !(forgive && atEdge)) report(min - days, days, min, first, last)
        }
        if (duties.length === 0) return judge(fromDay, toDay, -1, -1)
        judge(fromDay, duties[0]!.day, -1, 0)
        for (let i = 1; i < duties.length; i++) {
          const [a, b] = [duties[i - 1]!, duties[i]!]
          if (a.slot >= 0 || b.slot >= 0 || params.max !== undefined) judge(a.day + 1, b.day, i - 1, i)
        }
        judge(duties.at(-1)!.day + 1, toDay, duties.length - 1, -1)
      },
    }
  },
  reason: ({ who, observed, limit }) => {
    const over = Number(observed) > Number(limit)
    return {
      zh: `${who} 连续休息 ${observed} 天，${over ? '最多' : '至少'} ${limit} 天`,
      en: `${who} is off ${observed} days in a row; ${over ? 'at most' : 'at least'} ${limit}`,
    }
  },
}
