import { hoursText } from '../calendar.ts'
import type { PairRule } from './rule.ts'
import { minutesInside } from './spans.ts'

/** Speaks only about people who said when they can serve. */
export const availability: PairRule<'availability'> = {
  name: 'availability',
  on: 'pair',
  looksAt: 'slot',
  asks: {
    zh: '只在本人填报的可用时间内排班',
    en: 'Duty only inside the time a person offered, where they offered any',
  },
  overridable: true,
  level: 'wishes',
  unit: 'minutes',
  compile: (model) => {
    const offered = model.people.map((person) =>
      (person.availability ?? []).filter((span) => span.kind === 'available' || span.kind === 'preferred'),
    )
    const declared = model.people.map(
      (person) => person.availability?.some((span) => span.kind === 'available') ?? false,
    )
    return {
      concerns: (person) => declared[person]!,
      visit(person, slot, report) {
        if (!declared[person]) return
        const { start, end } = model.duties[slot]!
        const inside = minutesInside(offered[person]!, start, end)
        if (inside < end - start) report(1, inside, end - start)
      },
    }
  },
  reason: ({ who, observed, limit }) => ({
    zh: `${who} 仅有 ${hoursText(Number(observed))} 可用，需要 ${hoursText(Number(limit))}`,
    en: `${who} is available for ${hoursText(Number(observed))} of ${hoursText(Number(limit))}`,
  }),
}
