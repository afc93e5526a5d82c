import { hoursText } from '../calendar.ts'
import type { PairRule } from './rule.ts'
import { touchesSpans } from './spans.ts'

export const unavailable: PairRule<'unavailable'> = {
  name: 'unavailable',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '不可用时间内不排班', en: 'No duty in time marked unavailable' },
  overridable: true,
  level: 'wishes',
  unit: 'minutes',
  compile: (model) =>
    touchesSpans(model, (person) =>
      (model.people[person]!.availability ?? []).filter((span) => span.kind === 'unavailable'),
    ),
  reason: ({ who, observed }) => ({
    zh: `${who} 该班次有 ${hoursText(Number(observed))} 不可用`,
    en: `${who} is unavailable for ${hoursText(Number(observed))} of it`,
  }),
}
