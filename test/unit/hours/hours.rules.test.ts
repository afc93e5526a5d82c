import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsOf } from '../../../src/modules/hours/hours.columns.ts'
import { correctionFaults, entryKind, hoursText, measure, reversed } from '../../../src/modules/hours/hours.rules.ts'

const at = (text: string) => new Date(`${text}:00Z`)
const interval = (from: string, to: string) => ({ startsAt: at(from), endsAt: at(to) })

describe('measuring', () => {
  test('a night into Saturday in Shanghai: night from 22:00 to 06:00, weekend from midnight', () =>
    // Friday 8 May 20:00 to Saturday 9 May 08:00 local
    expect(measure(interval('2026-05-08T12:00', '2026-05-09T00:00'), 'Asia/Shanghai')).toEqual({
      minutes: 720,
      nightMinutes: 480,
      weekendMinutes: 480,
      holidayMinutes: 0,
      clockChangeMinutes: 0,
    }))

  test('the night of the spring change in Berlin is an hour shorter', () =>
    // Saturday 28 March 22:00 to Sunday 29 March 06:00 local
    expect(measure(interval('2026-03-28T21:00', '2026-03-29T04:00'), 'Europe/Berlin')).toEqual({
      minutes: 420,
      nightMinutes: 420,
      weekendMinutes: 420,
      holidayMinutes: 0,
      clockChangeMinutes: 60,
    }))
})

test('a make-up Saturday is no weekend, and a holiday is one on whatever weekday it falls', () => {
  const calendar = {
    night: { from: '23:00', to: '06:00' },
    weekend: [6, 7],
    holidays: new Set(['2026-05-01']),
    makeUpDays: new Set(['2026-05-09']),
  }
  // Friday 8 May 20:00 to Saturday 9 May 08:00 local, worked to make up; then the night into Friday 1 May
  expect(measure(interval('2026-05-08T12:00', '2026-05-09T00:00'), 'Asia/Shanghai', calendar)).toMatchObject({
    minutes: 720,
    nightMinutes: 420,
    weekendMinutes: 0,
    holidayMinutes: 0,
  })
  expect(measure(interval('2026-04-30T12:00', '2026-05-01T00:00'), 'Asia/Shanghai', calendar)).toMatchObject({
    weekendMinutes: 0,
    holidayMinutes: 480,
  })
})

test('parts of a presence add up to the whole, wherever it is cut, over midnights and clock changes', () => {
  const start = Date.UTC(2026, 2, 27)
  const minute = fc.integer({ min: 0, max: 4 * 24 * 60 })
  fc.assert(
    fc.property(
      fc.uniqueArray(minute, { minLength: 2, maxLength: 8 }),
      fc.constantFrom('Europe/Berlin', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe'),
      fc.constantFrom(Date.UTC(2026, 2, 27), Date.UTC(2026, 9, 23), Date.UTC(2026, 2, 6), start),
      (cuts, zone, from) => {
        const instants = cuts.sort((a, b) => a - b).map((cut) => new Date(from + cut * 60_000))
        const whole = measure({ startsAt: instants[0]!, endsAt: instants.at(-1)! }, zone)
        const parts = instants.slice(1).map((endsAt, index) => measure({ startsAt: instants[index]!, endsAt }, zone))
        for (const figure of Object.keys(whole) as (keyof typeof whole)[]) {
          expect(parts.reduce((sum, part) => sum + part[figure], 0)).toBe(whole[figure])
        }
      },
    ),
  )
})

test('a line taken back has every figure the other way round, and zero stays zero', () => {
  const figures = {
    minutes: 90,
    nightMinutes: 0,
    weekendMinutes: 30,
    holidayMinutes: 10,
    clockChangeMinutes: -60,
    plannedMinutes: 480,
    breakMinutes: 15,
    topUpMinutes: 0,
  }
  const back = reversed(figures)
  expect(back).toEqual({
    minutes: -90,
    nightMinutes: 0,
    weekendMinutes: -30,
    holidayMinutes: -10,
    clockChangeMinutes: 60,
    plannedMinutes: -480,
    breakMinutes: -15,
    topUpMinutes: 0,
  })
  expect(Object.is(back.nightMinutes, 0)).toBe(true)
})

test.each([
  [null, null, 'segment', 'booking'],
  ['line', null, 'segment', 'reversal'],
  ['line', null, null, 'reversal'],
  [null, null, null, 'correction'],
  [null, 'line', 'segment', 'correction'],
])('reverses %s, corrects %s, segment %s: %s', (reversesId, correctsId, segmentId, kind) =>
  expect(entryKind({ reversesId, correctsId, segmentId })).toBe(kind),
)

test.each([
  [0, '0.00'],
  [10, '0.17'],
  [-10, '-0.17'],
  [480, '8.00'],
  [1445, '24.08'],
])('%i minutes are %s hours', (minutes, text) => expect(hoursText(minutes)).toBe(text))

describe('correcting', () => {
  const duty = interval('2026-05-04T08:00', '2026-05-04T16:00')
  const line = interval('2026-05-04T08:05', '2026-05-04T16:00')
  const now = at('2026-05-05T00:00')
  const faults = (from: string, to: string, others: { id: string; startsAt: Date; endsAt: Date }[] = []) =>
    correctionFaults(interval(from, to), { line, duty, others, now }).map((fault) => `${fault.field} ${fault.code}`)

  test.each([
    ['2026-05-04T08:00', '2026-05-04T15:00', []],
    ['2026-05-04T08:05', '2026-05-04T16:00', ['startsAt nothing-corrected']],
    ['2026-05-03T08:00', '2026-05-03T16:00', ['startsAt outside-duty']],
    ['2026-05-04T15:00', '2026-05-05T00:01', ['endsAt in-the-future']],
    ['2026-05-03T07:59', '2026-05-04T16:00', ['endsAt too-long']],
  ])('to %s until %s finds %j', (from, to, expected) => expect(faults(from, to)).toEqual(expected))

  test('time that counts already does not count twice', () => {
    const other = { id: 'other', ...interval('2026-05-04T15:00', '2026-05-04T17:00') }
    expect(faults('2026-05-04T08:00', '2026-05-04T15:30', [other])).toEqual(['startsAt overlaps-line'])
    expect(faults('2026-05-04T08:00', '2026-05-04T15:00', [other])).toEqual([])
  })
})

test('both languages have the same columns, and no header twice', () => {
  for (const view of ['lines', 'totals', 'period'] as const) {
    const [zh, en] = [columnsOf({ view, lang: 'zh' }), columnsOf({ view, lang: 'en' })]
    expect(zh.map((column) => column.key)).toEqual(en.map((column) => column.key))
    for (const columns of [zh, en]) expect(new Set(columns.map((column) => column.header)).size).toBe(columns.length)
  }
})
