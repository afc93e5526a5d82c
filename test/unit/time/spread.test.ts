import { expect, test } from 'vitest'
import { newId } from '../../../src/platform/db/ids.ts'
import { spread } from '../../../src/time/spread.ts'

const WANTED = new Date('2026-05-05T10:00:00Z')
const after = (minutes: number) => new Date(WANTED.getTime() + minutes * 60_000)
const FIVE_MINUTES = 300_000
const ids = Array.from({ length: 2_000 }, () => newId())
const offsets = (deadline: Date) => ids.map((id) => spread(WANTED, id, deadline).getTime() - WANTED.getTime())

test('what many are told at one time is spread evenly over five minutes, and never comes early', () => {
  const all = offsets(after(12 * 60))
  expect(Math.min(...all)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...all)).toBeLessThan(FIVE_MINUTES)
  const shares = Map.groupBy(all, (offset) => offset / 60_000)
  expect([...shares.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
  for (const share of shares.values()) expect(share.length).toBeLessThan(500)
})

test('the same id has the same moment', () => {
  for (const id of ids) expect(spread(WANTED, id, after(600))).toEqual(spread(WANTED, id, after(600)))
})

test.each([
  [20, 120_000],
  [1, 6_000],
  [0, 1],
  [-5, 1],
])('%d minutes before what must come after nobody waits %d ms', (minutes, most) => {
  expect(Math.max(...offsets(after(minutes)))).toBeLessThan(most)
})
