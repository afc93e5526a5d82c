import fc from 'fast-check'
import { expect, test } from 'vitest'
import { turnsBetween } from '../../../src/modules/echelons/rotation.rules.ts'
import { echelonOnTurnOf } from '../../../src/time/rotation.ts'
import { addLocalDays } from '../../../src/time/zones.ts'

const daily = {
  effectiveFrom: '2026-05-01',
  anchor: '2026-05-01T08:00',
  zone: 'Asia/Shanghai',
  period: 'P1D',
  order: ['a', 'b'],
}
const shown = (patterns: (typeof daily)[], from: string, to: string) =>
  turnsBetween(patterns, from, to).map((turn) => [turn.startLocal, turn.endLocal, turn.echelonId])

test('every turn that touches the days is shown, the one that began the evening before as well', () => {
  expect(shown([daily], '2026-05-04', '2026-05-06')).toEqual([
    ['2026-05-03T08:00', '2026-05-04T08:00', 'a'],
    ['2026-05-04T08:00', '2026-05-05T08:00', 'b'],
    ['2026-05-05T08:00', '2026-05-06T08:00', 'a'],
  ])
  expect(turnsBetween([daily], '2026-05-04', '2026-05-05')[1]).toMatchObject({
    startsAt: new Date('2026-05-04T00:00:00Z'),
    endsAt: new Date('2026-05-05T00:00:00Z'),
  })
})

test('nothing is shown before the first pattern, and a new pattern cuts the turn that runs', () => {
  const weekly = { ...daily, effectiveFrom: '2026-05-05', anchor: '2026-05-04T08:00', period: 'P7D', order: ['c', 'd'] }
  expect(shown([weekly, daily], '2026-04-20', '2026-05-13')).toEqual([
    ['2026-05-01T00:00', '2026-05-01T08:00', 'b'],
    ['2026-05-01T08:00', '2026-05-02T08:00', 'a'],
    ['2026-05-02T08:00', '2026-05-03T08:00', 'b'],
    ['2026-05-03T08:00', '2026-05-04T08:00', 'a'],
    ['2026-05-04T08:00', '2026-05-05T00:00', 'b'],
    ['2026-05-05T00:00', '2026-05-11T08:00', 'c'],
    ['2026-05-11T08:00', '2026-05-18T08:00', 'd'],
  ])
})

test('where the clocks change, turns still meet without a gap', () => {
  const berlin = { ...daily, zone: 'Europe/Berlin', anchor: '2026-03-01T08:00', effectiveFrom: '2026-03-01' }
  const turns = turnsBetween([berlin], '2026-03-28', '2026-03-31')
  expect(turns.map((turn) => (turn.endsAt.getTime() - turn.startsAt.getTime()) / 3_600_000)).toEqual([24, 23, 24, 24])
  for (const [i, turn] of turns.slice(1).entries()) expect(turn.startsAt).toEqual(turns[i]!.endsAt)
})

test('the list and the question "who is on turn at this moment" agree', () => {
  const day = fc.integer({ min: 0, max: 60 }).map((days) => addLocalDays('2026-04-15', days))
  const pattern = fc.record({
    effectiveFrom: day,
    anchor: day.map((date) => `${date}T08:00`),
    zone: fc.constant('Asia/Shanghai'),
    period: fc.constantFrom('P1D', 'PT8H', 'P3D', 'PT36H'),
    order: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }),
  })
  const patterns = fc.uniqueArray(pattern, { selector: (one) => one.effectiveFrom, maxLength: 3 })
  const moment = fc
    .tuple(day, fc.integer({ min: 0, max: 23 }))
    .map(([date, hour]) => `${date}T${String(hour).padStart(2, '0')}:00`)
  fc.assert(
    fc.property(patterns, moment, (given, local) => {
      const on = local.slice(0, 10)
      const turns = turnsBetween(given, on, addLocalDays(on, 1))
      const running = turns.filter((turn) => turn.startLocal <= local && local < turn.endLocal)
      expect(running.map((turn) => turn.echelonId)).toEqual([echelonOnTurnOf(given, local)].filter(Boolean))
    }),
  )
})
