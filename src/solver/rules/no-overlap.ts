import { hoursText, isoDate } from '../calendar.ts'
import type { Duty } from '../model.ts'
import type { InstanceOf, PersonRule } from './rule.ts'

type Params = InstanceOf<'no-overlap'>['params']

/** Minutes needed to get from one duty to the other; 0 at the same post. */
function travelBetween(params: Params): (a: Duty, b: Duty) => number {
  const general = params.travelMinutes ?? 0
  const pairs = new Map<string, number>()
  for (const { postIds, minutes } of params.travel ?? []) {
    pairs.set(`${postIds[0]}\n${postIds[1]}`, minutes)
    pairs.set(`${postIds[1]}\n${postIds[0]}`, minutes)
  }
  if (pairs.size === 0) return (a, b) => (a.facts.postId === b.facts.postId ? 0 : general)
  return (a, b) =>
    a.facts.postId === b.facts.postId ? 0 : (pairs.get(`${a.facts.postId}\n${b.facts.postId}`) ?? general)
}

/** One point for each pair. Observed: minutes between the two (negative when they overlap). */
export const noOverlap: PersonRule<'no-overlap'> = {
  name: 'no-overlap',
  on: 'person',
  asks: {
    zh: '同一人的班次不得重叠，不同岗位之间留出路程时间',
    en: 'No two duties at once, and time to travel between different posts',
  },
  overridable: false,
  level: 'wishes',
  unit: 'minutes',
  reach: () => 7,
  compile: (model, { params }) => {
    const travel = travelBetween(params)
    const longestWay = Math.max(params.travelMinutes ?? 0, ...(params.travel ?? []).map((pair) => pair.minutes))
    return {
      visit(_person, duties, report) {
        for (let j = 1; j < duties.length; j++) {
          const later = duties[j]!
          for (let i = j - 1; i >= 0; i--) {
            const earlier = duties[i]!
            if (later.start - earlier.start >= model.longestDuty + longestWay) break
            if (earlier.slot < 0 && later.slot < 0) continue
            const between = later.start - earlier.end
            const need = between < longestWay ? travel(earlier, later) : 0
            if (between < need) report(1, between, need, i, j)
          }
        }
      },
    }
  },
  reason: ({ who, observed, limit, duties }) => {
    const [a, b] = [duties[0]!, duties.at(-1)!]
    const pair = `${a.label} ${isoDate(a.day)} / ${b.label} ${isoDate(b.day)}`
    return Number(observed) < 0
      ? {
          zh: `${who} 两个班次重叠 ${hoursText(-Number(observed))}：${pair}`,
          en: `${who} has two duties that overlap by ${hoursText(-Number(observed))}: ${pair}`,
        }
      : {
          zh: `${who} 两岗之间仅 ${hoursText(Number(observed))}，路程需 ${hoursText(Number(limit))}：${pair}`,
          en: `${who} has ${hoursText(Number(observed))} to travel, needs ${hoursText(Number(limit))}: ${pair}`,
        }
  },
}
