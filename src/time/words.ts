import type { Interval } from './intervals.ts'
import { dateOf, instantToWall, type LocalDateTime, timeOf, weekdayOf } from './zones.ts'

/** Languages that dates can be said in. */
export type Tongue = 'zh' | 'en'

const WEEKDAYS = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const HOUR = 3_600_000

/** '1月5日(周一)08:00' or 'Mon 5 Jan 08:00'. */
export function wallInWords(local: LocalDateTime, tongue: Tongue): string {
  const [month, day] = dateOf(local).split('-').slice(1).map(Number) as [number, number]
  const weekday = WEEKDAYS[tongue][weekdayOf(local) - 1]
  return tongue === 'zh'
    ? `${month}月${day}日(${weekday})${timeOf(local)}`
    : `${weekday} ${day} ${MONTHS[month - 1]} ${timeOf(local)}`
}

export const instantInWords = (instant: Date, zone: string, tongue: Tongue): string =>
  wallInWords(instantToWall(instant, zone), tongue)

export interface LocalPeriod extends Interval {
  startLocal: LocalDateTime
  endLocal: LocalDateTime
}

/** Both ends with their dates and the elapsed hours: 'Mon 5 Jan 08:00 to Tue 6 Jan 08:00 (24 h)'. */
export function periodInWords(period: LocalPeriod, tongue: Tongue): string {
  const [from, to] = [wallInWords(period.startLocal, tongue), wallInWords(period.endLocal, tongue)]
  const hours = Math.round(((period.endsAt.getTime() - period.startsAt.getTime()) / HOUR) * 10) / 10
  return tongue === 'zh' ? `${from} 至 ${to}，共${hours}小时` : `${from} to ${to} (${hours} h)`
}

/** '12月25日20:30' or '25.12. 20:30'. */
export const dayAndTime = (local: LocalDateTime, tongue: Tongue): string => {
  const [month, day] = dateOf(local).split('-').slice(1).map(Number)
  return tongue === 'zh' ? `${month}月${day}日${timeOf(local)}` : `${day}.${month}. ${timeOf(local)}`
}

/** A deadline beside a moment it comes before, for text messages: in Chinese the month is said once. */
export function dueBriefly(due: Date, start: Date, zone: string, tongue: Tongue): string {
  const [dueLocal, startLocal] = [instantToWall(due, zone), instantToWall(start, zone)]
  const text = dayAndTime(dueLocal, tongue)
  const isSameMonth = dueLocal.slice(0, 7) === startLocal.slice(0, 7)
  return tongue === 'zh' && isSameMonth ? text.slice(text.indexOf('月') + 1) : text
}

const MOST_OF_A_NAME = 8

/** '12月25日20:30起24小时城东卡点值班': the least that says when, how long and where, for text messages. */
export function dutyBriefly(duty: Interval & { zone: string; postName: string }, tongue: Tongue): string {
  const hours = Math.round(((duty.endsAt.getTime() - duty.startsAt.getTime()) / HOUR) * 10) / 10
  const post = Array.from(duty.postName).slice(0, MOST_OF_A_NAME).join('')
  const start = dayAndTime(instantToWall(duty.startsAt, duty.zone), tongue)
  return tongue === 'zh' ? `${start}起${hours}小时${post}值班` : `duty ${start}, ${hours} h, ${post}`
}

/** A name as a page that may be passed on shows it: '王**', 'Ada L.' */
export function discreetName(name: string): string {
  const first = Array.from(name.trim())[0] ?? ''
  if (/\p{Script=Han}/u.test(first)) return `${first}**`
  const words = name.trim().split(/\s+/)
  return words.length > 1 ? `${words[0]} ${Array.from(words.at(-1)!)[0]}.` : words[0]!
}
