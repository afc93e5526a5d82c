import { expect, test } from 'vitest'
import { judge } from '../../../../bench/support/curtois.ts'
import { toEntries, toProblem } from '../../../../bench/support/curtois-problem.ts'
import { highsPeer } from '../../../../bench/support/peers.ts'
import { evaluate } from '../../../../src/solver/index.ts'
import { solveSchedules, solveSchedulesInThreads } from '../../../../src/solver/schedules/index.ts'
import { bestOfAll, tinyInstance } from './tiny.ts'

const TIMEOUT = 120_000

test(
  'no roster beats the bound, and each found is the best of all, nearly always with the proof',
  async () => {
    let best = 0
    let proven = 0
    let seen = 0
    for (let seed = 1; seed <= 450; seed++) {
      const instance = tinyInstance(seed, { days: 5, people: 2, types: 1 + (seed % 2) })
      const optimum = bestOfAll(instance)
      if (optimum === undefined) continue
      seen++
      const { score, bound, stopped } = await solveSchedules(toProblem(instance), { seed, budget: { iterations: 20 } })
      expect(score.hard, `seed ${seed}`).toBe(0)
      expect(score.wishes).toBeGreaterThanOrEqual(optimum)
      expect(bound!.value).toBeLessThanOrEqual(optimum)
      if (stopped === 'optimal') expect(score.wishes).toBe(optimum)
      if (stopped === 'optimal') proven++
      if (score.wishes === optimum) best++
    }
    expect(seen).toBeGreaterThan(300)
    expect(best).toBe(seen)
    expect(proven / seen).toBeGreaterThan(0.95)
  },
  TIMEOUT,
)

test(
  'the engine, its own full evaluation and the judge of the benchmark agree',
  async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const instance = tinyInstance(seed, { days: 14, people: 6, types: 3 })
      for (const employee of instance.staff) employee.minMinutes = 0
      const problem = toProblem(instance)
      const solution = await solveSchedules(problem, { seed, budget: { iterations: 5 }, explain: false })
      const { score } = evaluate(problem, solution.assignments)
      expect(solution.score).toEqual(score)
      expect(judge(instance, toEntries(solution.assignments))).toEqual({ objective: score.wishes, hard: 0 })
    }
  },
  TIMEOUT,
)

test(
  'the same seed and iterations give the same roster; an abort gives the best so far',
  async () => {
    const instance = tinyInstance(3, { days: 21, people: 8, types: 3 })
    for (const employee of instance.staff) employee.minMinutes = 0
    const problem = toProblem(instance)
    const once = await solveSchedules(problem, { seed: 5, budget: { iterations: 12 }, explain: false })
    const again = await solveSchedules(problem, { seed: 5, budget: { iterations: 12 }, explain: false })
    expect(again.assignments).toEqual(once.assignments)
    const aborted = await solveSchedules(problem, { seed: 5, budget: {}, signal: { aborted: true }, explain: false })
    expect(aborted.stopped).toBe('aborted')
    expect(evaluate(problem, aborted.assignments).score.hard).toBe(0)
  },
  TIMEOUT,
)

test(
  'threads share what they find',
  async () => {
    const instance = tinyInstance(11, { days: 14, people: 6, types: 2 })
    for (const employee of instance.staff) employee.minMinutes = 0
    const problem = toProblem(instance)
    const solution = await solveSchedulesInThreads(problem, { seed: 1, budget: { iterations: 10 }, threads: 2 })
    expect(evaluate(problem, solution.assignments).score).toEqual(solution.score)
    expect(solution.score.hard).toBe(0)
    expect(solution.bound!.value).toBeLessThanOrEqual(solution.score.wishes)
  },
  TIMEOUT,
)

test(
  'an integer programme written from the text-book has its optimum between bound and roster',
  async () => {
    let equal = 0
    for (let seed = 1; seed <= 8; seed++) {
      const instance = tinyInstance(seed, { days: 10, people: 4, types: 2 })
      for (const employee of instance.staff) employee.minMinutes = 0
      const { entries, bound: optimum } = await highsPeer(instance, 60)
      expect(judge(instance, entries!)).toEqual({ objective: Math.round(optimum!), hard: 0 })
      const { score, bound } = await solveSchedules(toProblem(instance), { seed, budget: { iterations: 20 } })
      expect(bound!.value).toBeLessThanOrEqual(optimum! + 1e-6)
      expect(score.wishes).toBeGreaterThanOrEqual(optimum! - 1e-6)
      if (score.wishes <= optimum! + 1e-6) equal++
    }
    expect(equal).toBeGreaterThanOrEqual(7)
  },
  TIMEOUT,
)
