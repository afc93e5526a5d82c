import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  addLocalDays,
  compareLocal,
  formatWall,
  instantToWall,
  isLocalDate,
  isLocalDateTime,
  isLocalTime,
  isZone,
  localDay,
  localDaysBetween,
  minuteOfDay,
  wallMillis,
  wallToInstant,
  weekdayOf,
} from '../../../src/time/zones.ts'
import { ZONES } from './zone-list.ts'

test('the process keeps the zone the suite was started for', () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  expect(zone).toBe(process.env.TZ ?? zone)
  expect(new Date(2026, 6, 1).getTime()).toBe(Temporal.ZonedDateTime.from(`2026-07-01[${zone}]`).epochMilliseconds)
})

describe('a wall time becomes an instant', () => {
  test.each([
    // Ordinary days.
    ['2026-03-28T09:00', 'Europe/Berlin', '2026-03-28T08:00Z', '2026-03-28T08:00Z'],
    ['2026-03-29T09:00', 'Europe/Berlin', '2026-03-29T07:00Z', '2026-03-29T07:00Z'],
    ['2026-05-01T08:00', 'Asia/Shanghai', '2026-05-01T00:00Z', '2026-05-01T00:00Z'],
    // Skipped: forward by the skipped time.
    ['2026-03-29T02:00', 'Europe/Berlin', '2026-03-29T01:00Z', '2026-03-29T01:00Z'],
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30Z', '2026-03-29T01:30Z'],
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30Z', '2026-03-08T07:30Z'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45Z', '2026-10-03T15:45Z'],
    ['1986-05-04T02:30', 'Asia/Shanghai', '1986-05-03T18:30Z', '1986-05-03T18:30Z'],
    // Twice: the first starts, the last ends.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-25T01:30Z'],
    ['2026-10-25T02:00', 'Europe/Berlin', '2026-10-25T00:00Z', '2026-10-25T01:00Z'],
    ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00Z', '2026-10-25T02:00Z'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30Z', '2026-11-01T06:30Z'],
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45Z', '2026-04-04T15:15Z'],
    ['1986-09-14T01:30', 'Asia/Shanghai', '1986-09-13T16:30Z', '1986-09-13T17:30Z'],
    ['1991-09-15T01:30', 'Asia/Shanghai', '1991-09-14T16:30Z', '1991-09-14T17:30Z'],
    ['1992-09-13T01:30', 'Asia/Shanghai', '1992-09-12T17:30Z', '1992-09-12T17:30Z'],
    // A whole day skipped.
    ['2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00Z', '2011-12-30T22:00Z'],
  ])('%s in %s starts at %s and ends at %s', (wall, zone, start, end) => {
    expect(wallToInstant(wall, zone, 'start')).toEqual(new Date(start))
    expect(wallToInstant(wall, zone, 'end')).toEqual(new Date(end))
  })

  test('as the standard calendar has it, in many zones, near every change of clocks and elsewhere', () => {
    const oracle = (wall: string, zone: string, disambiguation: 'compatible' | 'later') =>
      Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, { disambiguation }).epochMilliseconds
    const wrong: string[] = []
    for (const zone of ZONES) {
      for (const wall of wallsNearChanges(zone)) {
        const same =
          wallToInstant(wall, zone, 'start').getTime() === oracle(wall, zone, 'compatible') &&
          wallToInstant(wall, zone, 'end').getTime() === oracle(wall, zone, 'later')
        if (!same) wrong.push(`${zone} ${wall}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)
})

describe('an instant becomes a wall time', () => {
  test.each([
    ['2026-10-25T00:30:59Z', 'Europe/Berlin', '2026-10-25T02:30'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T02:30'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29T03:00'],
    ['2026-04-30T16:00:00Z', 'Asia/Shanghai', '2026-05-01T00:00'],
    ['2026-04-04T15:00:00Z', 'Australia/Lord_Howe', '2026-04-05T01:30'],
    ['1988-07-01T00:00:00Z', 'Asia/Shanghai', '1988-07-01T09:00'],
    ['2026-01-01T00:00:00Z', 'Asia/Kathmandu', '2026-01-01T05:45'],
  ])('%s in %s is %s', (instant, zone, wall) => {
    expect(instantToWall(new Date(instant), zone)).toBe(wall)
    expect(localDay(new Date(instant), zone)).toBe(wall.slice(0, 10))
  })

  test('and back again, unless the clocks repeat it', () => {
    const minute = fc.integer({ min: Date.UTC(2015, 0) / 60_000, max: Date.UTC(2036, 0) / 60_000 })
    fc.assert(
      fc.property(minute, fc.constantFrom(...ZONES), (epochMinute, zone) => {
        const instant = new Date(epochMinute * 60_000)
        const wall = instantToWall(instant, zone)
        const start = wallToInstant(wall, zone, 'start')
        const end = wallToInstant(wall, zone, 'end')
        expect([start.getTime(), end.getTime()]).toContain(instant.getTime())
        expect(instantToWall(start, zone)).toBe(wall)
        expect(instantToWall(end, zone)).toBe(wall)
      }),
      { seed: 1, numRuns: 2000 },
    )
  })

  test('a broken date is refused', () => {
    expect(() => instantToWall(new Date('nonsense'), 'UTC')).toThrow(RangeError)
  })
})

describe('zones', () => {
  test.each(['Europe/Berlin', 'Asia/Shanghai', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is one', (zone) => {
    expect(isZone(zone)).toBe(true)
  })

  test.each(['', 'Mars/Olympus', '+08:00', '-05:00', 'Europe/Berlin ', '../etc'])('"%s" is none', (zone) => {
    expect(isZone(zone)).toBe(false)
    expect(() => wallToInstant('2026-05-01T08:00', zone, 'start')).toThrow(/is not a time zone/)
    expect(() => instantToWall(new Date(0), zone)).toThrow(/is not a time zone/)
  })
})

describe('the written form', () => {
  test.each(['2026-02-28', '2028-02-29', '0001-01-01', '9999-12-31'])('%s is a date', (text) => {
    expect(isLocalDate(text)).toBe(true)
    expect(formatWall(wallMillis(text))).toBe(`${text}T00:00`)
  })

  test.each(['2026-02-29', '2026-02-30', '2026-13-01', '2026-00-10', '2026-1-1', '26-01-01', '2026-01-01T00:00', ''])(
    '"%s" is not a date',
    (text) => expect(isLocalDate(text)).toBe(false),
  )

  test.each(['2026-02-28T00:00', '2026-02-28T23:59'])('%s is a wall time', (text) => {
    expect(isLocalDateTime(text)).toBe(true)
    expect(formatWall(wallMillis(text))).toBe(text)
  })

  test.each([
    '2026-02-28T24:00',
    '2026-02-28 08:00',
    '2026-02-28T08:60',
    '2026-02-28T08:00:00',
    '2026-02-28T08:00Z',
    '2026-02-30T08:00',
    '2026-02-28',
  ])('"%s" is not a wall time', (text) => {
    expect(isLocalDateTime(text)).toBe(false)
    expect(() => wallToInstant(`${text}!`, 'UTC', 'start')).toThrow(RangeError)
  })

  test('times of day', () => {
    expect(['00:00', '23:59'].map(minuteOfDay)).toEqual([0, 1439])
    expect(['24:00', '8:00', '08:60', '08:00 '].filter(isLocalTime)).toEqual([])
    expect(() => minuteOfDay('24:00')).toThrow(RangeError)
  })

  test('text order is time order', () => {
    const walls = ['2026-10-01', '2026-09-30T23:59', '2026-10-01T00:00', '2025-12-31']
    expect(walls.sort(compareLocal)).toEqual(['2025-12-31', '2026-09-30T23:59', '2026-10-01', '2026-10-01T00:00'])
    expect(compareLocal('2026-10-01', '2026-10-01')).toBe(0)
  })
})

describe('counting in days', () => {
  test.each([
    ['2026-03-28T02:30', 1, '2026-03-29T02:30'],
    ['2026-10-25', -1, '2026-10-24'],
    ['2026-12-31T23:59', 1, '2027-01-01T23:59'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-05-01', 0, '2026-05-01'],
  ])('%s and %i days', (from, days, to) => {
    expect(addLocalDays(from, days)).toBe(to)
    expect(localDaysBetween(from, to)).toBe(days)
  })

  test('a time of day makes no part of a day', () => {
    expect(localDaysBetween('2026-03-28T23:00', '2026-03-29T01:00')).toBe(1)
  })

  test('the calendar ends with the year 9999', () => {
    expect(() => addLocalDays('9999-12-31', 1)).toThrow(RangeError)
    expect(() => addLocalDays('0000-01-01', -1)).toThrow(RangeError)
  })

  test('Monday is 1 and Sunday is 7', () => {
    expect(['2026-03-23', '2026-03-28', '2026-03-29T12:00'].map(weekdayOf)).toEqual([1, 6, 7])
  })
})

/** Every half hour of the days round each change of clocks from 2015 to 2035, and of one other day a year. */
function wallsNearChanges(zone: string): string[] {
  const days = new Set<string>()
  let offset = ''
  for (let day = Date.UTC(2015, 0); day < Date.UTC(2036, 0); day += 86_400_000) {
    const next = Temporal.Instant.fromEpochMilliseconds(day).toZonedDateTimeISO(zone).offset
    const date = new Date(day).toISOString().slice(0, 10)
    if (offset && next !== offset) for (const d of [-2, -1, 0, 1]) days.add(addLocalDays(date, d))
    if (date.endsWith('-06-15')) days.add(date)
    offset = next
  }
  return [...days].flatMap((day) =>
    Array.from({ length: 48 }, (_, i) => formatWall(wallMillis(day) + i * 30 * 60_000)).filter(
      (wall) => wall < `${day}T04:00` || wall >= `${day}T21:00`,
    ),
  )
}
