import { expect, test } from 'vitest'
import {
  CITY_GOALS,
  CONFIRM_GOALS,
  EXPORT_GOALS,
  LARGE_GOALS,
  missedGoals,
  REPAIR_GOALS,
  SCALE_GOALS,
} from '../../../bench/support/goals.ts'

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

const city = { seconds: 2, unfilled: 0, hard: 0, shiftSpread: 1 }
const repair = { seconds: 1, unfilled: 0, hard: 0, beyond: 0 }
const large = { seconds: 60, unfilled: 0, hard: 0, peakRssMb: 1500 }
const scale = { growthExponent: 1.2, unfilled: 0 }

test.each([
  ['city', city, CITY_GOALS, { seconds: 2.01, unfilled: 1, hard: 1, shiftSpread: 2 }],
  ['repair', repair, REPAIR_GOALS, { seconds: 1.01, unfilled: 1, hard: 1, beyond: 1 }],
  ['large', large, LARGE_GOALS, { seconds: 61, unfilled: 1, hard: 1, peakRssMb: 1501 }],
  ['scale', scale, SCALE_GOALS, { growthExponent: 1.21, unfilled: 1 }],
])('bench:duty judges each figure of the %s by itself', (_name, figures: object, goals, missing) => {
  expect(missedGoals(figures as Record<string, number>, goals)).toEqual([])
  for (const [name, figure] of Object.entries(missing)) {
    const missed = missedGoals({ ...figures, [name]: figure }, goals)
    expect(missed).toEqual([expect.stringContaining(`${name} is ${figure}`)])
  }
})
