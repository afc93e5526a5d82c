import type { Measure, Text } from '../types.ts'
import type { LimitWindow } from './params.ts'

export const MEASURE_WORDS: Record<Measure, Text> = {
  minutes: { zh: '值班时长', en: 'duty' },
  shifts: { zh: '班数', en: 'shifts' },
  days: { zh: '值班天数', en: 'days with duty' },
  nightMinutes: { zh: '夜间时长', en: 'night duty' },
  weekendMinutes: { zh: '周末时长', en: 'weekend duty' },
  holidayMinutes: { zh: '节假日时长', en: 'holiday duty' },
  nights: { zh: '夜班数', en: 'nights' },
  weekends: { zh: '值班周末数', en: 'weekends with duty' },
  weekendShifts: { zh: '周末班数', en: 'weekend duties' },
  holidays: { zh: '节假日班数', en: 'holiday duties' },
  shortNotice: { zh: '临时征召次数', en: 'short-notice calls' },
}

/** What is counted, after a number: minutes are told in hours. */
const COUNTED: Record<Measure, { zh: string; one: string; more: string }> = {
  minutes: { zh: '小时值班', one: 'hour', more: 'hours' },
  shifts: { zh: '次值班', one: 'duty', more: 'duties' },
  days: { zh: '天值班', one: 'day with duty', more: 'days with duty' },
  nightMinutes: { zh: '小时夜间值班', one: 'night hour', more: 'night hours' },
  weekendMinutes: { zh: '小时周末值班', one: 'weekend hour', more: 'weekend hours' },
  holidayMinutes: { zh: '小时节假日值班', one: 'holiday hour', more: 'holiday hours' },
  nights: { zh: '个夜班', one: 'night', more: 'nights' },
  weekends: { zh: '个值班周末', one: 'weekend with duty', more: 'weekends with duty' },
  weekendShifts: { zh: '次周末值班', one: 'weekend duty', more: 'weekend duties' },
  holidays: { zh: '次节假日值班', one: 'holiday duty', more: 'holiday duties' },
  shortNotice: { zh: '次临时征召', one: 'short-notice call', more: 'short-notice calls' },
}

/** '2 nights' */
export function countText(measure: Measure, count: number): Text {
  const { zh, one, more } = COUNTED[measure]
  return { zh: `${count} ${zh}`, en: `${count} ${count === 1 ? one : more}` }
}

export function windowText(window: LimitWindow): Text {
  switch (window.per) {
    case 'day':
      return { zh: '一天内', en: 'in one day' }
    case 'week':
      return { zh: '一周内', en: 'in one week' }
    case 'month':
      return { zh: '一个月内', en: 'in one month' }
    case 'period':
      return { zh: '本期内', en: 'in the period' }
    default:
      return { zh: `任意 ${window.days} 天内`, en: `in ${window.days} days` }
  }
}
