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
    }))

  test('the night of the spring change in Berlin is an hour shorter', () =>
    // Saturday 28 March 22:00 to Sunday 29 March 06:00 local
    expect(measure(interval('2026-03-28T21:00', '2026-03-29T04:00'), 'Europe/Berlin')).toEqual({
      minutes: 420,
      nightMinutes: 420,
      weekendMinutes: 420,
    }))
})

test('a line taken back has every figure below zero, and zero stays zero', () => {
  const back = reversed({ minutes: 90, nightMinutes: 0, weekendMinutes: 30, plannedMinutes: 480 })
  expect(back).toEqual({ minutes: -90, nightMinutes: 0, weekendMinutes: -30, plannedMinutes: -480 })
  expect(Object.is(back.nightMinutes, 0)).toBe(true)
})

test.each([
  [null, 'segment', 'booking'],
  ['line', 'segment', 'reversal'],
  ['line', null, 'reversal'],
  [null, null, 'correction'],
])('reverses %s, segment %s: %s', (reversesId, segmentId, kind) =>
  expect(entryKind({ reversesId, segmentId })).toBe(kind),
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
  for (const view of ['lines', 'totals'] as const) {
    const [zh, en] = [columnsOf(view, 'zh'), columnsOf(view, 'en')]
    expect(zh.map((column) => column.key)).toEqual(en.map((column) => column.key))
    for (const columns of [zh, en]) expect(new Set(columns.map((column) => column.header)).size).toBe(columns.length)
  }
})
