import { expect, test } from 'vitest'
import { CONFIRM_GOALS, EXPORT_GOALS, missedGoals } from '../../../bench/support/goals.ts'

const confirm = { ratio: 0.6, p50Ms: 3, p99Ms: 300, failed: 0, mailMinutes: 5, waitingRatio: 2 }
const exported = { rows: 1_000_000, csvVsCopy: 0.5, peakRssMB: 150 }

test('figures that just meet their goals miss none', () => {
  expect([...missedGoals(confirm, CONFIRM_GOALS), ...missedGoals(exported, EXPORT_GOALS)]).toEqual([])
})

test.each([
  ['ratio', 0.59],
  ['p99Ms', 301],
  ['failed', 1],
  ['mailMinutes', 5.1],
  ['waitingRatio', 2.1],
  ['waitingRatio', Number.NaN],
])('bench:confirm misses %s at %d, and nothing else', (name, figure) => {
  const missed = missedGoals({ ...confirm, [name]: figure }, CONFIRM_GOALS)
  expect(missed).toEqual([expect.stringContaining(`${name} is ${figure}`)])
})

test.each([
  ['csvVsCopy', 0.49],
  ['peakRssMB', 151],
])('bench:export misses %s at %d, and nothing else', (name, figure) => {
  const missed = missedGoals({ ...exported, [name]: figure }, EXPORT_GOALS)
  expect(missed).toEqual([expect.stringContaining(`${name} is ${figure}`)])
})
