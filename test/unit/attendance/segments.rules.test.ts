import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SEGMENT_KINDS } from '../../../src/modules/attendance/attendance.tables.ts'
import { type Mark, partFaults, partsOf } from '../../../src/modules/attendance/segments.rules.ts'
import { minutesOf, overlaps } from '../../../src/time/intervals.ts'

const MINUTE = 60_000
const BEGIN = Date.parse('2026-05-04T08:00:00Z')
const at = (minute: number) => new Date(BEGIN + minute * MINUTE)
const presence = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 1440 }))
  .map(([from, length]) => ({ startsAt: at(from), endsAt: at(from + length) }))
const marks = fc.uniqueArray(
  fc.record({
    at: fc.integer({ min: -60, max: 2200 }).map(at),
    kind: fc.constantFrom(...SEGMENT_KINDS),
    cause: fc.constantFrom<Mark['cause']>(null, 'relief-missing', 'relief-came'),
  }),
  { maxLength: 12, selector: (mark) => mark.at.getTime() },
)

describe('the parts of a presence', () => {
  test('follow each other without holes, whatever was marked and in whatever order', () => {
    fc.assert(
      fc.property(presence, marks, (whole, shuffled) => {
        const parts = partsOf(whole, shuffled)
        expect(parts[0]!.startsAt).toEqual(whole.startsAt)
        expect(parts.at(-1)!.endsAt).toEqual(whole.endsAt)
        for (const [index, part] of parts.entries()) {
          expect(part.endsAt > part.startsAt).toBe(true)
          expect(parts[index + 1]?.startsAt ?? whole.endsAt).toEqual(part.endsAt)
        }
        expect(parts.reduce((sum, part) => sum + minutesOf(part), 0)).toBe(minutesOf(whole))
        expect(partFaults(whole, parts)).toEqual([])
      }),
    )
  })

  test('are active until something is said, and change where it is', () => {
    const whole = { startsAt: at(0), endsAt: at(60) }
    expect(partsOf(whole, [])).toEqual([{ ...whole, kind: 'active', cause: null }])
    const called = partsOf(whole, [
      { at: at(20), kind: 'active', cause: null },
      { at: at(0), kind: 'standby', cause: null },
    ])
    expect(called.map((part) => [part.kind, minutesOf(part)])).toEqual([
      ['standby', 20],
      ['active', 40],
    ])
  })
})

describe('parts that somebody states', () => {
  const whole = { startsAt: at(0), endsAt: at(60) }
  const codes = (...parts: [number, number][]) =>
    partFaults(
      whole,
      parts.map(([from, to]) => ({ startsAt: at(from), endsAt: at(to) })),
    ).map((fault) => fault.code)

  test.each<[string, [number, number][], string[]]>([
    ['whole', [[0, 60]], []],
    [
      'in any order',
      [
        [20, 60],
        [0, 20],
      ],
      [],
    ],
    [
      'with a hole',
      [
        [0, 20],
        [30, 60],
      ],
      ['segments-incomplete'],
    ],
    [
      'overlapping',
      [
        [0, 40],
        [30, 60],
      ],
      ['segments-overlap'],
    ],
    ['outside', [[-5, 60]], ['outside-presence']],
    ['upside down', [[60, 0]], ['end-before-start']],
    [
      'in halves of minutes',
      [
        [0, 0.5],
        [0.5, 60],
      ],
      ['not-whole-minutes', 'not-whole-minutes'],
    ],
  ])('%s', (_name, parts, expected) => expect(codes(...parts)).toEqual(expected))

  test('that are sound never overlap and lose no minute', () => {
    const cuts = fc.array(fc.integer({ min: -3, max: 63 }), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(cuts, (minutes) => {
        const parts = minutes.slice(1).map((to, index) => ({ startsAt: at(minutes[index]!), endsAt: at(to) }))
        if (partFaults(whole, parts).length > 0) return
        for (const [index, part] of parts.entries()) {
          expect(parts.some((other, place) => place !== index && overlaps(part, other))).toBe(false)
        }
        expect(parts.reduce((sum, part) => sum + minutesOf(part), 0)).toBe(60)
      }),
    )
  })
})
