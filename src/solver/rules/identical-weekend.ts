import { isoDate } from '../calendar.ts'
import type { PersonRule } from './rule.ts'
import { eachWeekend, WEEKEND } from './weekend.ts'

/** One point for each further kind of duty (template) in one weekend. */
export const identicalWeekend: PersonRule<'identical-weekend'> = {
  name: 'identical-weekend',
  on: 'person',
  asks: { zh: '同一周末的班次类型一致', en: 'The same kind of duty on all days of a weekend' },
  overridable: true,
  level: 'wishes',
  unit: 'shifts',
  reach: () => 7,
  compile: (_model, { params }) => ({
    visit(_person, duties, report) {
      eachWeekend(duties, params.weekend ?? WEEKEND, (_monday, found) => {
        const kinds = new Set(found.map((i) => duties[i]!.facts.templateId ?? '')).size
        const planned = found.some((i) => duties[i]!.slot >= 0)
        if (kinds > 1 && planned) report(kinds - 1, kinds, 1, found[0]!, found.at(-1)!)
      })
    },
  }),
  reason: ({ who, observed, duties }) => ({
    zh: `${who} 在 ${isoDate(duties[0]!.day)} 所在周末有 ${observed} 种班次`,
    en: `${who} has ${observed} kinds of duty in the weekend of ${isoDate(duties[0]!.day)}`,
  }),
}
