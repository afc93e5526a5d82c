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
  holidays: { zh: '节假日班数', en: 'holiday shifts' },
  shortNotice: { zh: '临时征召次数', en: 'short-notice calls' },
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
