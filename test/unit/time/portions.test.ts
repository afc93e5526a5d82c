import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { minutesOf } from '../../../src/time/intervals.ts'
import { shiftEnd } from '../../../src/time/lengths.ts'
import {
  type DutyCalendar,
  dayKindOf,
  minutesByDay,
  PLAIN_CALENDAR,
  portionMinutes,
  portionsOf,
  sumPortions,
} from '../../../src/time/portions.ts'
import { ZONES } from './zone-list.ts'

const between = (from: string, to: string) => ({ startsAt: new Date(from), endsAt: new Date(to) })

/** Labour Day 2026: off from Friday to Tuesday, Saturday 9 May is worked. */
const labourDay: DutyCalendar = {
  ...PLAIN_CALENDAR,
  holidays: new Set(['2026-05-01', '2026-05-02', '2026-05-03', '2026-05-04', '2026-05-05']),
  makeUpDays: new Set(['2026-05-09']),
}

test('a day is a holiday, a make-up day, of the weekend, or a working day', () => {
  const days = ['2026-04-30', '2026-05-01', '2026-05-02', '2026-05-09', '2026-05-10', '2026-05-11']
  expect(days.map((day) => dayKindOf(day, labourDay))).toEqual([
    'working',
    'holiday',
    'holiday',
    'working',
    'weekend',
    'working',
  ])
  expect(dayKindOf('2026-05-08', { ...PLAIN_CALENDAR, weekend: [5] })).toBe('weekend')
  expect(dayKindOf('2026-05-09', { ...PLAIN_CALENDAR, weekend: [5] })).toBe('working')
})

describe('a watch is cut at midnight and at the edges of the night', () => {
  test('24 hours into a holiday', () => {
    const watch = shiftEnd('2026-04-30T08:00', 'Asia/Shanghai', 'P1D')
    const pieces = portionsOf(watch, 'Asia/Shanghai', labourDay)
    expect(pieces.map(({ day, dayKind, night, minutes }) => [day, dayKind, night, minutes])).toEqual([
      ['2026-04-30', 'working', false, 840],
      ['2026-04-30', 'working', true, 120],
      ['2026-05-01', 'holiday', true, 360],
      ['2026-05-01', 'holiday', false, 120],
    ])
    expect(sumPortions(pieces)).toEqual({ total: 1440, night: 480, working: 960, weekend: 0, holiday: 480 })
  })

  test('every start of a 24-hour watch has the whole night in it', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      const watch = shiftEnd(`2026-05-06T${String(hour).padStart(2, '0')}:00`, 'Asia/Shanghai', 'P1D')
      expect(portionMinutes(watch, 'Asia/Shanghai').night).toBe(480)
    }
  })

  test.each([
    ['2026-03-28T20:00', 'Europe/Berlin', 'PT11H', { total: 660, night: 420, working: 0, weekend: 660, holiday: 0 }],
    ['2026-10-24T20:00', 'Europe/Berlin', 'P1D', { total: 1500, night: 540, working: 0, weekend: 1500, holiday: 0 }],
    ['2026-10-25T20:00', 'Europe/Berlin', 'PT10H', { total: 600, night: 480, working: 360, weekend: 240, holiday: 0 }],
    [
      '2026-04-04T22:00',
      'Australia/Lord_Howe',
      'P1D',
      { total: 1470, night: 510, working: 0, weekend: 1470, holiday: 0 },
    ],
    [
      '2026-10-03T22:00',
      'Australia/Lord_Howe',
      'P1D',
      { total: 1410, night: 450, working: 0, weekend: 1410, holiday: 0 },
    ],
    ['1986-05-03T22:00', 'Asia/Shanghai', 'P1D', { total: 1380, night: 420, working: 0, weekend: 1380, holiday: 0 }],
    [
      '2026-03-06T22:00',
      'America/New_York',
      'P2D',
      { total: 2820, night: 900, working: 120, weekend: 2700, holiday: 0 },
    ],
  ])('%s in %s, %s', (localStart, zone, length, minutes) => {
    expect(portionMinutes(shiftEnd(localStart, zone, length), zone)).toEqual(minutes)
  })

  test('a night edge that is repeated counts each time the clock shows night', () => {
    const calendar = { ...PLAIN_CALENDAR, night: { from: '22:00', to: '02:30' } }
    const pieces = portionsOf(between('2026-10-24T23:00Z', '2026-10-25T03:00Z'), 'Europe/Berlin', calendar)
    expect(
      pieces.map(({ startsAt, night, minutes }) => [startsAt.toISOString().slice(11, 16), night, minutes]),
    ).toEqual([
      ['23:00', true, 90],
      ['00:30', false, 30],
      ['01:00', true, 30],
      ['01:30', false, 90],
    ])
  })

  test('a night within one day, and one of the whole day', () => {
    const watch = shiftEnd('2026-05-06T00:00', 'Asia/Shanghai', 'P1D')
    const nightOf = (from: string, to: string) =>
      portionMinutes(watch, 'Asia/Shanghai', { ...PLAIN_CALENDAR, night: { from, to } }).night
    expect(nightOf('00:00', '06:00')).toBe(360)
    expect(nightOf('23:30', '00:00')).toBe(30)
    expect(nightOf('20:00', '20:00')).toBe(1440)
  })

  test('an empty interval has no pieces, a broken calendar or zone is refused', () => {
    const nothing = between('2026-05-06T08:00Z', '2026-05-06T08:00Z')
    const hour = between('2026-05-06T08:00Z', '2026-05-06T09:00Z')
    expect(portionsOf(nothing, 'UTC')).toEqual([])
    expect(() => portionsOf(hour, 'Nowhere')).toThrow(/not a time zone/)
    expect(() => portionsOf(hour, 'UTC', { ...PLAIN_CALENDAR, night: { from: '22', to: '06:00' } })).toThrow(RangeError)
  })

  test('seconds are not lost between the pieces', () => {
    const attendance = between('2026-05-06T13:30:40Z', '2026-05-06T16:10:39Z')
    const pieces = portionsOf(attendance, 'Asia/Shanghai')
    expect(pieces.map(({ minutes }) => minutes)).toEqual([29, 120, 10])
    expect(minutesOf(attendance)).toBe(159)
  })
})

describe('minutes by local day', () => {
  test.each([
    ['2026-03-28T09:00', 'Europe/Berlin', { '2026-03-28': 900, '2026-03-29': 480 }],
    ['2026-10-24T09:00', 'Europe/Berlin', { '2026-10-24': 900, '2026-10-25': 600 }],
    ['2026-10-04T00:00', 'Australia/Lord_Howe', { '2026-10-04': 1410 }],
  ])('%s in %s', (localStart, zone, days) => {
    expect(Object.fromEntries(minutesByDay(shiftEnd(localStart, zone, 'P1D'), zone))).toEqual(days)
  })
})

describe('whatever the interval', () => {
  const interval = fc
    .tuple(
      fc.integer({ min: Date.UTC(2015, 0) / 1000, max: Date.UTC(2036, 0) / 1000 }),
      fc.integer({ min: 1, max: 4 * 86_400 }),
    )
    .map(([from, seconds]) => ({ startsAt: new Date(from * 1000), endsAt: new Date((from + seconds) * 1000) }))

  test('the pieces follow one another and add up to the whole', () => {
    fc.assert(
      fc.property(interval, fc.constantFrom(...ZONES), (whole, zone) => {
        const pieces = portionsOf(whole, zone, labourDay)
        expect(pieces.map(({ startsAt }) => startsAt)).toEqual([
          whole.startsAt,
          ...pieces.slice(0, -1).map(({ endsAt }) => endsAt),
        ])
        expect(pieces.at(-1)?.endsAt).toEqual(whole.endsAt)
        expect(pieces.every(({ minutes }) => Number.isInteger(minutes) && minutes >= 0)).toBe(true)
        const { total, working, weekend, holiday } = sumPortions(pieces)
        expect(total).toBe(minutesOf(whole))
        expect(working + weekend + holiday).toBe(total)
        expect([...minutesByDay(whole, zone).values()].reduce((a, b) => a + b, 0)).toBe(total)
      }),
      { seed: 6, numRuns: 1000 },
    )
  })

  /** Looks at the clock on the wall every minute. */
  function countedMinutes(startsAt: Date, minutes: number, zone: string) {
    const days: Record<string, number> = {}
    let night = 0
    for (let i = 0; i < minutes; i += 1) {
      const wall = Temporal.Instant.fromEpochMilliseconds(startsAt.getTime() + i * 60_000).toZonedDateTimeISO(zone)
      const day = wall.toPlainDate().toString()
      days[day] = (days[day] ?? 0) + 1
      if (wall.hour >= 22 || wall.hour < 6) night += 1
    }
    return { days, night }
  }

  test.each([
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-10-04'],
    ['Asia/Shanghai', '1988-04-17'],
    ['Asia/Shanghai', '1991-09-15'],
    ['America/Havana', '2026-11-01'],
    ['America/Sao_Paulo', '2018-02-18'],
    ['Asia/Beirut', '2026-03-29'],
    ['Asia/Pyongyang', '2015-08-15'],
    ['Antarctica/Troll', '2026-03-29'],
  ])('minute by minute in %s round %s', (zone, date) => {
    const startsAt = new Date(Date.parse(`${date}T00:00Z`) - 30 * 3_600_000)
    const whole = { startsAt, endsAt: new Date(startsAt.getTime() + 54 * 3_600_000) }
    const counted = countedMinutes(startsAt, 54 * 60, zone)
    expect(Object.fromEntries(minutesByDay(whole, zone))).toEqual(counted.days)
    expect(portionMinutes(whole, zone).night).toBe(counted.night)
  })
})
