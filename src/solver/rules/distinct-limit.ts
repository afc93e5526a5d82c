import type { Duty } from '../model.ts'
import { windowKey, windowReach } from './measure.ts'
import type { PersonRule } from './rule.ts'
import { hasPlanned } from './runs.ts'
import { windowText } from './words.ts'

/** One point for each post (kind of duty) beyond the limit in a window. */
export const distinctLimit: PersonRule<'distinct-limit'> = {
  name: 'distinct-limit',
  on: 'person',
  asks: { zh: '一段时间内的岗位或班次种类不超过上限', en: 'Not too many different posts or kinds of duty in a window' },
  overridable: true,
  level: 'wishes',
  unit: 'posts',
  reach: (params) => windowReach(params.window),
  compile: (model, { params }) => {
    const { window, max } = params
    const kind = (duty: Duty) => (params.of === 'post' ? duty.facts.postId : duty.facts.templateId) ?? ''
    const key = windowKey(window, model)
    const isRolling = window.per === 'rolling'
    const sameWindow = (first: Duty, other: Duty) =>
      window.per === 'rolling' ? other.day < first.day + window.days : key(other.day) === key(first.day)
    return {
      visit(_person, duties, report) {
        for (let from = 0; from < duties.length; from++) {
          const first = duties[from]!
          const previous = duties[from - 1]
          if (previous && (isRolling ? previous.day === first.day : sameWindow(previous, first))) continue
          if (window.per === 'period' && key(first.day) === -1) continue
          const kinds = new Set<string>()
          let to = from
          for (; to < duties.length && sameWindow(first, duties[to]!); to++) kinds.add(kind(duties[to]!))
          if (kinds.size > max && hasPlanned(duties, from, to - 1))
            report(kinds.size - max, kinds.size, max, from, to - 1)
        }
      },
    }
  },
  reason: ({ who, observed, limit }, { params }) => {
    const window = windowText(params.window)
    const words = params.of === 'post' ? { zh: '个岗位', en: 'posts' } : { zh: '种班次', en: 'kinds of duty' }
    return {
      zh: `${who} ${window.zh}涉及 ${observed} ${words.zh}，最多 ${limit}`,
      en: `${who} has ${observed} different ${words.en} ${window.en}; at most ${limit}`,
    }
  },
}
