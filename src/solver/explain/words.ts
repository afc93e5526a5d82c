import { hoursText } from '../calendar.ts'
import type { Failure, Level, Text } from '../types.ts'

/** What costs at each level are about; English as it stands inside a sentence. */
export const LEVEL_WORDS: Record<Level, Text> = {
  hard: { zh: '硬性规则', en: 'hard rules' },
  unmetMandatory: { zh: '必备名额', en: 'mandatory seats' },
  movedConfirmed: { zh: '已确认人员变动', en: 'confirmed people moved' },
  unmetDesired: { zh: '期望名额', en: 'desired seats' },
  movedPending: { zh: '其他安排变动', en: 'other assignments moved' },
  justice: { zh: '公平', en: 'justice' },
  wishes: { zh: '意愿', en: 'wishes' },
}

const UNIT_WORDS: Record<
  Exclude<NonNullable<Failure['unit']>, 'minutes'>,
  { zh: string; one: string; more: string }
> = {
  shifts: { zh: '班', one: 'shift', more: 'shifts' },
  days: { zh: '天', one: 'day', more: 'days' },
  weekends: { zh: '个周末', one: 'weekend', more: 'weekends' },
  kilometres: { zh: '公里', one: 'km', more: 'km' },
  people: { zh: '人', one: 'person', more: 'people' },
  posts: { zh: '个岗位', one: 'post', more: 'posts' },
}

/** Costs and amounts as people read them: two decimals at most. */
export const rounded = (value: number): number => Math.round(value * 100) / 100

/** '2 h', '1 shift', '3 km' */
export function amountText(amount: number, unit: NonNullable<Failure['unit']>): Text {
  if (unit === 'minutes') return { zh: hoursText(amount), en: hoursText(amount) }
  const words = UNIT_WORDS[unit]
  const shown = rounded(amount)
  return { zh: `${shown} ${words.zh}`, en: `${shown} ${shown === 1 ? words.one : words.more}` }
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st */
export function ordinal(place: number): string {
  const teen = place % 100 >= 11 && place % 100 <= 13
  const ending = teen ? undefined : ['st', 'nd', 'rd'][(place % 10) - 1]
  return `${place}${ending ?? 'th'}`
}
