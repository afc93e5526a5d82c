import { hoursText } from '../calendar.ts'
import type { PairRule } from './rule.ts'
import { touchesSpans } from './spans.ts'

export const undesired: PairRule<'undesired'> = {
  name: 'undesired',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '尽量避开不愿意的时间', en: 'Rather no duty in undesired time' },
  overridable: true,
  level: 'wishes',
  unit: 'minutes',
  compile: (model) =>
    touchesSpans(model, (person) =>
      (model.people[person]!.availability ?? []).filter((span) => span.kind === 'undesired'),
    ),
  reason: ({ who, observed }) => ({
    zh: `${who} 有 ${hoursText(Number(observed))} 是其不愿意的时间`,
    en: `${who} would rather not serve ${hoursText(Number(observed))} of it`,
  }),
}
