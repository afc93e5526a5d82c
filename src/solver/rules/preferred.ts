import { hoursText } from '../calendar.ts'
import type { PairRule } from './rule.ts'
import { minutesInside } from './spans.ts'

/** One point for each duty that is not wholly inside preferred time, for people who said what they prefer. */
export const preferred: PairRule<'preferred'> = {
  name: 'preferred',
  on: 'pair',
  looksAt: 'slot',
  asks: { zh: '尽量排在本人希望的时间', en: 'Rather in the time a person prefers, where they said so' },
  overridable: true,
  level: 'wishes',
  unit: 'minutes',
  compile: (model) => {
    const wanted = model.people.map((person) => (person.availability ?? []).filter((span) => span.kind === 'preferred'))
    return {
      concerns: (person) => wanted[person]!.length > 0,
      visit(person, slot, report) {
        if (wanted[person]!.length === 0) return
        const { start, end } = model.duties[slot]!
        const inside = minutesInside(wanted[person]!, start, end)
        if (inside < end - start) report(1, inside, end - start)
      },
    }
  },
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 希望的时间只覆盖 ${hoursText(Number(observed))}（共 ${hoursText(Number(limit))}）`,
    en: `${who} prefers other times; ${hoursText(Number(observed))} of ${hoursText(Number(limit))} suit`,
  }),
}
