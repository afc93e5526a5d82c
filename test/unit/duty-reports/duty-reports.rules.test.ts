import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  deadlinesAhead,
  nextPlanning,
  receiverKey,
  stateByClock,
  statesToFile,
  sumsOf,
  wordsIn,
} from '../../../src/modules/duty-reports/duty-reports.rules.ts'
import type { Content, ReportSchema } from '../../../src/modules/duty-reports/duty-reports.types.ts'

const daily = {
  rule: 'FREQ=DAILY',
  dueTime: '16:30',
  zone: 'Asia/Shanghai',
  effectiveFrom: '2026-08-01',
  effectiveTo: null,
}
const minute = (n: number) => new Date(Date.parse('2026-08-01T08:30:00Z') + n * 60_000)

describe('deadlines', () => {
  test('only those to come, in local time, three days ahead', () => {
    expect(deadlinesAhead(daily, new Date('2026-08-01T08:29:59Z')).map((one) => one.dueLocal)).toEqual([
      '2026-08-01T16:30',
      '2026-08-02T16:30',
      '2026-08-03T16:30',
      '2026-08-04T16:30',
    ])
    const after = deadlinesAhead(daily, minute(0))
    expect(after[0]).toEqual({ dueLocal: '2026-08-02T16:30', dueAt: new Date('2026-08-02T08:30:00Z') })
  })

  test('a wall time that comes twice gives people the later one, a skipped one moves on', () => {
    const night = { ...daily, dueTime: '02:30', zone: 'Europe/Berlin' }
    const at = (day: string) =>
      deadlinesAhead({ ...night, effectiveFrom: day }, new Date(`${day}T00:00:00Z`))
        .find((one) => one.dueLocal.startsWith(day))!
        .dueAt.toISOString()
    expect(at('2026-10-25')).toBe('2026-10-25T01:30:00.000Z')
    expect(at('2026-03-29')).toBe('2026-03-29T01:30:00.000Z')
  })

  test('planning ends with the obligation', () => {
    expect(nextPlanning(daily, minute(0))).toEqual(minute(1440))
    expect(nextPlanning({ ...daily, effectiveTo: '2026-08-01' }, minute(0))).toBeUndefined()
    expect(deadlinesAhead({ ...daily, effectiveTo: '2026-08-03' }, minute(1))).toHaveLength(1)
  })
})

describe('states', () => {
  test('the first filing decides whether it came in time; later ones change no state', () => {
    expect(statesToFile('due', minute(0), minute(0))).toEqual(['filed'])
    expect(statesToFile('due', minute(0), minute(1))).toEqual(['late', 'filed_late'])
    expect(statesToFile('late', minute(0), minute(1))).toEqual(['filed_late'])
    expect(statesToFile('missing', minute(0), minute(900))).toEqual(['filed_late'])
    expect([statesToFile('filed', minute(0), minute(9)), statesToFile('filed_late', minute(0), minute(9))]).toEqual([
      [],
      [],
    ])
  })

  test('the clock never files anything and never goes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 300 }), fc.integer({ min: 1, max: 120 }), (now, patience) => {
        let state = stateByClock({ state: 'due', dueAt: minute(0) }, patience, minute(now))
        state = stateByClock({ state, dueAt: minute(0) }, patience, minute(now))
        expect(state).toBe(now < 0 ? 'due' : now < patience ? 'late' : 'missing')
        expect(stateByClock({ state: 'filed', dueAt: minute(0) }, patience, minute(now))).toBe('filed')
      }),
    )
  })
})

test('sums take figures of the same name; nil and other words count for nothing', () => {
  const schema: ReportSchema = {
    type: 'object',
    properties: {
      people: { type: 'integer' },
      litres: { type: 'number' },
      mood: { type: 'string' },
      masks: { type: 'integer' },
    },
  }
  const children: { content: Content | null }[] = [
    { content: { people: 3, litres: 0.1, mood: 'good' } },
    { content: { people: 4, litres: 0.2 } },
    { content: null },
  ]
  expect(sumsOf(schema, children)).toEqual({ people: 7, litres: 0.3 })
  expect(sumsOf(schema, [])).toEqual({})
})

test('a receiver is the same however it is written; words fall back to what there is', () => {
  expect(receiverKey({ name: 'A', channel: 'email', address: 'X@Example.org' })).toBe('email/x@example.org')
  expect(receiverKey({ unitId: 'u' })).not.toBe(receiverKey({ volunteerId: 'u' }))
  expect([wordsIn({ en: 'x' }, 'zh'), wordsIn({ zh: '报', en: 'x' }, 'bo'), wordsIn(undefined, 'en')]).toEqual([
    'x',
    '报',
    undefined,
  ])
})
