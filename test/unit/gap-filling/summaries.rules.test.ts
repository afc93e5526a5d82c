import { expect, test } from 'vitest'
import { nextSummaryAt, summaryOf } from '../../../src/modules/gap-filling/summaries.rules.ts'

const ZONE = 'Asia/Shanghai'
const TIMES = ['08:00', '17:00']
const at = (text: string) => new Date(`2026-05-${text}Z`)

test.each([
  ['04T10:00', '05T00:00'],
  ['04T09:00', '05T00:00'],
  ['04T08:59', '04T09:00'],
  ['03T23:59', '04T00:00'],
])('after %s the next summary is at %s', (now, next) => {
  expect(nextSummaryAt(at(now), ZONE, TIMES)).toEqual(at(next))
})

test('no times, no summary', () => {
  expect(nextSummaryAt(at('04T10:00'), ZONE, [])).toBeUndefined()
  expect(summaryOf(at('04T10:00'), ZONE, [])).toBeUndefined()
})

test.each([
  ['04T00:00', '2026-05-04T08:00'],
  ['04T08:59', '2026-05-04T08:00'],
  ['04T09:00', '2026-05-04T17:00'],
  ['03T23:59', undefined],
])('at %s it is the turn of %s', (now, slot) => {
  expect(summaryOf(at(now), ZONE, TIMES)).toBe(slot)
})
