import type { DutyCalendar } from '../../time/portions.ts'
import type { HOLIDAY_KINDS } from './holidays.tables.ts'

export type HolidayKind = (typeof HOLIDAY_KINDS)[number]

export interface NamedDay {
  day: string
  kind: HolidayKind
  name: string
}
export type DayOfUnit = NamedDay & { unitId: string; unitPath: string }

/** What a unit's policy says about the calendar. */
export interface CalendarPolicy {
  nightFrom: string
  nightTo: string
  weekendDays: readonly number[]
}

/** The days that hold at a unit, in order: of several words on a day the nearest one. */
export function effectiveDays(days: readonly DayOfUnit[], unitPath: string): DayOfUnit[] {
  const nearest = new Map<string, DayOfUnit>()
  for (const one of days) {
    const known = nearest.get(one.day)
    const closer = !known || known.unitPath.length < one.unitPath.length
    if (unitPath.startsWith(one.unitPath) && closer) nearest.set(one.day, one)
  }
  return [...nearest.values()].sort((a, b) => (a.day < b.day ? -1 : 1))
}

export function calendarOf(days: readonly DayOfUnit[], unitPath: string, policy: CalendarPolicy): DutyCalendar {
  const effective = effectiveDays(days, unitPath)
  const ofKind = (kind: HolidayKind) => new Set(effective.filter((one) => one.kind === kind).map((one) => one.day))
  return {
    night: { from: policy.nightFrom, to: policy.nightTo },
    weekend: policy.weekendDays,
    holidays: ofKind('holiday'),
    makeUpDays: ofKind('makeUp'),
  }
}

/** Words for the kinds in a file, in lower case. */
export const KIND_WORDS: ReadonlyMap<string, HolidayKind> = new Map([
  ['holiday', 'holiday'],
  ['节假日', 'holiday'],
  ['放假', 'holiday'],
  ['休', 'holiday'],
  ['make-up', 'makeUp'],
  ['makeup', 'makeUp'],
  ['调休上班', 'makeUp'],
  ['补班', 'makeUp'],
  ['上班', 'makeUp'],
  ['班', 'makeUp'],
  ['ordinary', 'ordinary'],
  ['照常', 'ordinary'],
])

/** '2026-05-01', from that, '2026/5/1' or '2026年5月1日'; undefined when it is none of them. */
export function readDay(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?$/.exec(text.trim()) ?? []
  return year && `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
}
