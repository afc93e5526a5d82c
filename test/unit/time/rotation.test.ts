import { describe, expect, test } from 'vitest'
import { shiftEnd } from '../../../src/time/lengths.ts'
import {
  type EffectivePattern,
  echelonOnTurn,
  echelonOnTurnAt,
  echelonOnTurnOf,
  effectivePattern,
  type RotationPattern,
  turnNumber,
} from '../../../src/time/rotation.ts'
import { addLocalDays } from '../../../src/time/zones.ts'

const daily: RotationPattern = {
  anchor: '2026-03-27T08:00',
  zone: 'Europe/Berlin',
  period: 'P1D',
  order: ['first', 'second', 'third'],
}

describe('whose turn it is', () => {
  test.each([
    ['2026-03-27T08:00', 'first'],
    ['2026-03-28T07:59', 'first'],
    ['2026-03-28T08:00', 'second'],
    ['2026-03-29T08:00', 'third'],
    ['2026-03-30T08:00', 'first'],
    ['2026-10-25T07:59', 'second'],
    ['2026-10-25T08:00', 'third'],
    ['2026-03-27T07:59', 'third'],
    ['2026-03-26T08:00', 'third'],
    ['2026-03-25T08:00', 'second'],
    ['2026-03-24T08:00', 'first'],
    ['2025-03-27T08:00', 'second'],
  ])('at %s the %s', (localStart, echelon) => expect(echelonOnTurn(daily, localStart)).toBe(echelon))

  test('everybody in order, day by day, through two changes of clocks and backwards from the anchor', () => {
    const days = Array.from({ length: 800 }, (_, i) => i - 400)
    const turns = days.map((day) => echelonOnTurn(daily, addLocalDays(daily.anchor, day)))
    expect(turns).toEqual(days.map((day) => daily.order[(day + 402) % 3]))
  })

  test('two days each', () => {
    const pattern = { ...daily, order: ['A', 'A', 'B', 'B'] }
    const turns = [-2, -1, 0, 1, 2, 3, 4].map((day) => echelonOnTurn(pattern, addLocalDays(pattern.anchor, day)))
    expect(turns.join('')).toBe('BBAABBA')
  })

  test.each([
    ['P7D', '2026-04-03T07:59', 'first'],
    ['P7D', '2026-04-03T08:00', 'second'],
    ['PT12H', '2026-03-27T20:00', 'second'],
    ['PT12H', '2026-03-29T08:00', 'second'],
    ['PT8H', '2026-03-29T00:00', 'third'],
    ['PT8H', '2026-03-29T08:00', 'first'],
  ])('turns of %s: at %s the %s', (period, localStart, echelon) => {
    expect(echelonOnTurn({ ...daily, period }, localStart)).toBe(echelon)
  })

  test('turns are numbered from the anchor', () => {
    expect(turnNumber(daily, '2026-03-27T08:00')).toBe(0)
    expect(turnNumber(daily, '2026-03-26T08:00')).toBe(-1)
    expect(turnNumber(daily, '2027-03-27T08:00')).toBe(365)
  })

  test('a shift in another zone has the turn of the pattern’s clock', () => {
    const { startsAt } = shiftEnd('2026-03-29T14:00', 'Asia/Shanghai', 'PT8H')
    expect(echelonOnTurnAt(daily, startsAt)).toBe('third')
    expect(echelonOnTurnAt(daily, new Date(startsAt.getTime() - 60_000))).toBe('second')
  })

  test.each([
    { ...daily, order: [] },
    { ...daily, period: 'P0D' },
    { ...daily, anchor: '2026-02-30T08:00' },
  ])('a pattern that is none is refused: %o', (pattern) => {
    expect(() => echelonOnTurn(pattern, '2026-03-27T08:00')).toThrow(RangeError)
  })

  test('an unknown zone is refused', () => {
    expect(() => echelonOnTurnAt({ ...daily, zone: 'Nowhere' }, new Date('2026-03-27T08:00Z'))).toThrow(
      /not a time zone/,
    )
  })
})

describe('a list of patterns', () => {
  const from = (effectiveFrom: string, ...order: string[]): EffectivePattern => ({ ...daily, order, effectiveFrom })
  const patterns = [from('2026-06-01', 'C', 'D'), from('2026-03-01', 'A', 'B'), from('2026-09-01T20:00', 'E')]

  test.each([
    ['2026-02-28T23:59', undefined],
    ['2026-03-01T00:00', 'B'],
    ['2026-03-01T08:00', 'A'],
    ['2026-05-31T23:59', 'B'],
    ['2026-06-01T00:00', 'D'],
    ['2026-06-01T08:00', 'C'],
    ['2026-09-01T08:00', 'C'],
    ['2026-09-01T20:00', 'E'],
  ])('at %s gives %s', (localStart, echelon) => {
    expect(echelonOnTurnOf(patterns, localStart)).toBe(echelon)
  })

  test('a correction from the same day comes later in the list and wins', () => {
    const corrected = [...patterns, from('2026-06-01', 'X')]
    expect(effectivePattern(corrected, '2026-07-01T08:00')?.order).toEqual(['X'])
    expect(effectivePattern(corrected, '2026-05-31T08:00')?.order).toEqual(['A', 'B'])
  })
})
