import { hoursText, isoDate } from '../calendar.ts'
import { dutyTable } from '../model.ts'
import type { InstanceOf, PersonRule } from './rule.ts'

/** Rest owed after a duty: the base, or that of the longest step its nominal length reaches. */
export function restAfter(params: InstanceOf<'minimum-rest'>['params']): (duty: { minutes: number }) => number {
  const steps = [...(params.long ?? [])].sort((a, b) => b.fromMinutes - a.fromMinutes)
  return (duty) => steps.find((step) => duty.minutes >= step.fromMinutes)?.minutes ?? params.minutes
}

/** Elapsed time from the end of one duty to the start of the next; one point for each started hour missing. */
export const minimumRest: PersonRule<'minimum-rest'> = {
  name: 'minimum-rest',
  on: 'person',
  asks: { zh: '两次值班之间须有足够休息，长班之后更长', en: 'Enough rest between two duties, more after a long one' },
  overridable: true,
  level: 'wishes',
  unit: 'minutes',
  reach: (params) => Math.ceil(Math.max(params.minutes, ...(params.long ?? []).map((s) => s.minutes)) / 1440) + 7,
  compile: (model, { params }) => {
    const after = dutyTable(model, params.after)
    const before = dutyTable(model, params.before)
    const owed = Float64Array.from(model.duties, restAfter(params))
    const most = owed.reduce((a, b) => Math.max(a, b), 0)
    return {
      visit(_person, duties, report) {
        for (let j = 1; j < duties.length; j++) {
          const later = duties[j]!
          if (before[later.id] === 0) continue
          for (let i = j - 1; i >= 0; i--) {
            const earlier = duties[i]!
            if (later.start - earlier.start >= model.longestDuty + most) break
            if (after[earlier.id] === 0 || (earlier.slot < 0 && later.slot < 0)) continue
            const rest = later.start - earlier.end
            const need = owed[earlier.id]!
            if (rest >= 0 && rest < need) report(Math.ceil((need - rest) / 60), rest, need, i, j)
          }
        }
      },
    }
  },
  reason: ({ who, observed, limit, duties }) => {
    const [a, b] = [duties[0]!, duties.at(-1)!]
    return {
      zh: `${who} 在 ${a.label}（${isoDate(a.day)}）与 ${b.label}（${isoDate(b.day)}）之间只休息 ${hoursText(Number(observed))}，应不少于 ${hoursText(Number(limit))}`,
      en: `${who} rests ${hoursText(Number(observed))} between ${a.label} on ${isoDate(a.day)} and ${b.label} on ${isoDate(b.day)}; ${hoursText(Number(limit))} are owed`,
    }
  },
}
