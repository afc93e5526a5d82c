import { isoDate } from '../calendar.ts'
import { dutyTable } from '../model.ts'
import type { PersonRule } from './rule.ts'

/** One point for each `first` that is followed by a forbidden duty, or not followed by the wanted one. */
export const succession: PersonRule<'succession'> = {
  name: 'succession',
  on: 'person',
  asks: { zh: '班次衔接：禁止或希望的前后班次', en: 'What may not follow a duty, and what should' },
  overridable: true,
  level: 'wishes',
  reach: ({ afterDays }) => (afterDays ?? 1) + 1,
  compile: (model, { params }) => {
    const first = dutyTable(model, params.first)
    const next = dutyTable(model, params.next)
    const after = params.afterDays ?? 1
    const wanted = params.mode === 'wanted'
    const { toDay } = model.problem.period
    return {
      visit(_person, duties, report) {
        for (let i = 0; i < duties.length; i++) {
          const duty = duties[i]!
          if (first[duty.id] === 0) continue
          const day = duty.day + after
          let met = false
          for (let j = after === 0 ? 0 : i + 1; j < duties.length && duties[j]!.day <= day; j++) {
            if (j === i || duties[j]!.day !== day || next[duties[j]!.id] === 0) continue
            met = true
            if (!wanted && (duty.slot >= 0 || duties[j]!.slot >= 0)) report(1, 1, 0, Math.min(i, j), Math.max(i, j))
          }
          if (wanted && !met && day < toDay && day >= model.problem.period.fromDay) report(1, 0, 1, i, i)
        }
      },
    }
  },
  reason: ({ who, duties }, { params }) => {
    const [a, b] = [duties[0]!, duties.at(-1)!]
    return params.mode === 'forbidden'
      ? {
          zh: `${who} 不应在 ${a.label}（${isoDate(a.day)}）之后接 ${b.label}（${isoDate(b.day)}）`,
          en: `${who} must not go from ${a.label} on ${isoDate(a.day)} to ${b.label} on ${isoDate(b.day)}`,
        }
      : {
          zh: `${who} 在 ${a.label}（${isoDate(a.day)}）之后缺少约定的后续班次`,
          en: `${who} has no duty of the wanted kind after ${a.label} on ${isoDate(a.day)}`,
        }
  },
}
