import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { lengthBetween, lengthOf, nominalMinutes, parseLength, shiftEnd } from '../../../src/time/lengths.ts'
import { addLocalDays, offsetMinutes } from '../../../src/time/zones.ts'
import { ZONES } from './zone-list.ts'

const elapsedHours = (localStart: string, zone: string, length: string) => {
  const { startsAt, endsAt } = shiftEnd(localStart, zone, length)
  return (endsAt.getTime() - startsAt.getTime()) / 3_600_000
}

describe('the written form', () => {
  test.each([
    ['P1D', 1, 0, 1440],
    ['P31D', 31, 0, 44640],
    ['PT8H', 0, 480, 480],
    ['PT12H30M', 0, 750, 750],
    ['PT24H', 0, 1440, 1440],
    ['PT90M', 0, 90, 90],
    ['PT744H', 0, 44640, 44640],
  ])('%s is %i days and %i minutes', (text, days, minutes, nominal) => {
    expect(parseLength(text)).toEqual({ ok: true, length: { days, minutes } })
    expect(nominalMinutes(text)).toBe(nominal)
  })

  test.each([
    '',
    'P',
    'PT',
    '1D',
    'P1W',
    'P1M',
    'P1DT12H',
    'PT30S',
    'PT1.5H',
    '-PT8H',
    'P-1D',
    'pt8h',
    ' P1D',
    'PT8H ',
  ])('"%s" is not a length', (text) => {
    expect(parseLength(text)).toEqual({ ok: false, problem: expect.stringContaining('is not a length') })
    expect(() => lengthOf(text)).toThrow(/is not a length/)
  })

  test.each(['P0D', 'PT0H', 'PT0M', 'PT0H0M'])('%s is refused: a shift has a length', (text) => {
    expect(parseLength(text)).toEqual({ ok: false, problem: expect.stringContaining('no time at all') })
  })

  test.each(['P32D', 'PT745H', 'PT744H1M', 'PT99999M'])('%s is refused as too long', (text) => {
    expect(parseLength(text)).toEqual({ ok: false, problem: expect.stringContaining('longer than 31 days') })
  })

  test.each([
    ['20:00', '08:00', 'PT12H'],
    ['08:00', '20:30', 'PT12H30M'],
    ['23:45', '00:15', 'PT30M'],
    ['09:00', '09:00', 'P1D'],
    ['00:00', '00:00', 'P1D'],
  ])('from %s to %s is %s', (start, end, length) => expect(lengthBetween(start, end)).toBe(length))
})

describe('a day ends at the same wall time of the next', () => {
  test.each([
    ['2026-03-27T09:00', 'Europe/Berlin', '2026-03-27T08:00Z', '2026-03-28T08:00Z', '2026-03-28T09:00', 24],
    ['2026-03-28T09:00', 'Europe/Berlin', '2026-03-28T08:00Z', '2026-03-29T07:00Z', '2026-03-29T09:00', 23],
    ['2026-10-24T09:00', 'Europe/Berlin', '2026-10-24T07:00Z', '2026-10-25T08:00Z', '2026-10-25T09:00', 25],
    // The end does not exist: it moves forward. The start that does not exist, too.
    ['2026-03-28T02:30', 'Europe/Berlin', '2026-03-28T01:30Z', '2026-03-29T01:30Z', '2026-03-29T02:30', 24],
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30Z', '2026-03-30T00:30Z', '2026-03-30T02:30', 23],
    // The wall time comes twice: the first starts, the last ends.
    ['2026-10-24T02:30', 'Europe/Berlin', '2026-10-24T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30', 25],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-26T01:30Z', '2026-10-26T02:30', 25],
    ['2026-03-07T20:00', 'America/New_York', '2026-03-08T01:00Z', '2026-03-09T00:00Z', '2026-03-08T20:00', 23],
    ['2026-10-31T20:00', 'America/New_York', '2026-11-01T00:00Z', '2026-11-02T01:00Z', '2026-11-01T20:00', 25],
    ['2026-04-04T09:00', 'Australia/Lord_Howe', '2026-04-03T22:00Z', '2026-04-04T22:30Z', '2026-04-05T09:00', 24.5],
    ['2026-10-03T09:00', 'Australia/Lord_Howe', '2026-10-02T22:30Z', '2026-10-03T22:00Z', '2026-10-04T09:00', 23.5],
    ['1986-05-03T09:00', 'Asia/Shanghai', '1986-05-03T01:00Z', '1986-05-04T00:00Z', '1986-05-04T09:00', 23],
    ['1986-09-13T09:00', 'Asia/Shanghai', '1986-09-13T00:00Z', '1986-09-14T01:00Z', '1986-09-14T09:00', 25],
    ['2026-09-13T09:00', 'Asia/Shanghai', '2026-09-13T01:00Z', '2026-09-14T01:00Z', '2026-09-14T09:00', 24],
  ])('%s in %s runs from %s to %s', (localStart, zone, startsAt, endsAt, localEnd, hours) => {
    expect(shiftEnd(localStart, zone, 'P1D')).toEqual({
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
      localEnd,
    })
    expect(elapsedHours(localStart, zone, 'P1D')).toBe(hours)
  })

  test('several days too', () => {
    expect(elapsedHours('2026-03-28T09:00', 'Europe/Berlin', 'P2D')).toBe(47)
    expect(elapsedHours('2026-10-20T09:00', 'Europe/Berlin', 'P7D')).toBe(169)
  })
})

describe('hours are exact', () => {
  test.each([
    ['2026-03-28T09:00', 'Europe/Berlin', 'PT24H', '2026-03-29T08:00Z', '2026-03-29T10:00'],
    ['2026-10-24T09:00', 'Europe/Berlin', 'PT24H', '2026-10-25T07:00Z', '2026-10-25T08:00'],
    ['2026-03-28T22:00', 'Europe/Berlin', 'PT8H', '2026-03-29T05:00Z', '2026-03-29T07:00'],
    ['2026-10-25T02:30', 'Europe/Berlin', 'PT1H', '2026-10-25T01:30Z', '2026-10-25T02:30'],
    ['2026-10-03T20:00', 'Australia/Lord_Howe', 'PT12H30M', '2026-10-03T22:00Z', '2026-10-04T09:00'],
  ])('%s in %s and %s', (localStart, zone, length, endsAt, localEnd) => {
    expect(shiftEnd(localStart, zone, length)).toMatchObject({ endsAt: new Date(endsAt), localEnd })
    expect(elapsedHours(localStart, zone, length) * 60).toBe(nominalMinutes(length))
  })
})

describe('a post kept day after day has no uncovered minute', () => {
  const startTimes = ['00:00', '00:30', '01:00', '01:15', '01:45', '02:00', '02:30', '03:00', '09:00', '23:00', '23:45']

  /** The next crew starts when this one ends; only where the wall time comes twice are both there meanwhile. */
  function expectRelief(zone: string, day: string, time: string): void {
    const start = `${day}T${time}`
    const today = shiftEnd(start, zone, 'P1D')
    const tomorrow = shiftEnd(addLocalDays(start, 1), zone, 'P1D')
    const lasts = (today.endsAt.getTime() - today.startsAt.getTime()) / 3_600_000
    const both = today.endsAt.getTime() - tomorrow.startsAt.getTime()
    const expected = both === 0 ? 0 : repeatedMillis(addLocalDays(start, 1), zone)
    if (both !== expected || lasts < 22 || lasts > 26) {
      expect.fail(`${zone} ${start}: lasts ${lasts} h, both crews there for ${both} ms, expected ${expected} ms`)
    }
  }

  function repeatedMillis(wall: string, zone: string): number {
    const at = (disambiguation: 'earlier' | 'later') =>
      Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, { disambiguation })
    const isShown = at('earlier').toPlainDateTime().equals(wall)
    return isShown ? at('later').epochMilliseconds - at('earlier').epochMilliseconds : 0
  }

  test.each(ZONES)('through every change of clocks from 2015 to 2035 in %s', (zone) => {
    let offset = Number.NaN
    let changes = 0
    for (let day = Date.UTC(2015, 0); day < Date.UTC(2036, 0); day += 86_400_000) {
      const next = offsetMinutes(zone, new Date(day))
      if (!Number.isNaN(offset) && next !== offset) {
        changes += 1
        const date = new Date(day).toISOString().slice(0, 10)
        for (const d of [-2, -1, 0]) for (const time of startTimes) expectRelief(zone, addLocalDays(date, d), time)
      }
      offset = next
    }
    if (zone === 'Europe/Berlin') expect(changes).toBe(42)
  })

  test('and on any other day', () => {
    const day = fc.integer({ min: 0, max: 7669 }).map((n) => addLocalDays('2015-01-01', n))
    const time = fc.integer({ min: 0, max: 1439 }).map((n) => new Date(n * 60_000).toISOString().slice(11, 16))
    fc.assert(fc.property(fc.constantFrom(...ZONES), day, time, expectRelief), { seed: 2, numRuns: 3000 })
  })
})
