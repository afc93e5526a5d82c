import { hoursText } from '../calendar.ts'
import type { PairRule } from './rule.ts'
import { touchesSpans } from './spans.ts'

export const absence: PairRule<'absence'> = {
  name: 'absence',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '请假、缺勤期间不排班', en: 'No duty during an absence' },
  overridable: true,
  level: 'wishes',
  unit: 'minutes',
  compile: (model) => touchesSpans(model, (person) => model.people[person]!.absences ?? []),
  reason: ({ who, observed }) => ({
    zh: `${who} 该班次有 ${hoursText(Number(observed))} 处于请假期间`,
    en: `${who} is absent for ${hoursText(Number(observed))} of it`,
  }),
}
