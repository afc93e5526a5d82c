import { isoDate, weekdayOf } from '../calendar.ts'
import { type Duty, dutyTable, type Model } from '../model.ts'
import type { PatternDay } from './params.ts'
import type { PersonRule } from './rule.ts'

/** Does a day whose duties are duties[from..to) fit one day of the pattern? */
type DayTest = (duties: Duty[], from: number, to: number) => boolean

function dayTest(model: Model, day: PatternDay): DayTest {
  if (day === 'any') return () => true
  if (day === 'on') return (_duties, from, to) => to > from
  if (day === 'off') return (_duties, from, to) => to === from
  const table = dutyTable(model, day)
  return (duties, from, to) => {
    for (let i = from; i < to; i++) if (table[duties[i]!.id] === 1) return true
    return false
  }
}

/** One point for each place where the unwanted sequence lies, its last day inside the period. */
export const pattern: PersonRule<'pattern'> = {
  name: 'pattern',
  on: 'person',
  asks: { zh: '避免不希望出现的连续日型', en: 'No unwanted sequence of days' },
  overridable: true,
  level: 'wishes',
  unit: 'days',
  reach: ({ days }) => days.length + 1,
  compile: (model, { params }) => {
    const tests = params.days.map((day) => dayTest(model, day))
    const { fromDay, toDay } = model.problem.period
    const length = tests.length
    return {
      visit(_person, duties, report) {
        const earliest = Math.min(fromDay, duties[0]?.day ?? fromDay)
        let from = 0
        for (let start = Math.max(earliest, fromDay - length + 1); start + length <= toDay; start++) {
          if (params.startWeekday !== undefined && weekdayOf(start) !== params.startWeekday) continue
          while (from < duties.length && duties[from]!.day < start) from++
          let [a, met] = [from, true]
          for (let k = 0; k < length && met; k++) {
            let b = a
            while (b < duties.length && duties[b]!.day === start + k) b++
            met = tests[k]!(duties, a, b)
            a = b
          }
          if (met) report(1, start, length, from < a ? from : -1, a - 1)
        }
      },
    }
  },
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 自 ${isoDate(Number(observed))} 起 ${limit} 天出现不希望的班型`,
    en: `${who} has an unwanted sequence of ${limit} days from ${isoDate(Number(observed))}`,
  }),
}
