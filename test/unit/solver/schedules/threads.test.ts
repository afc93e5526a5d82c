import { expect, test } from 'vitest'
import { toProblem } from '../../../../bench/support/curtois-problem.ts'
import { evaluate } from '../../../../src/solver/index.ts'
import { solveSchedulesInThreads } from '../../../../src/solver/schedules/index.ts'
import { tinyInstance } from './tiny.ts'

test('when the first thread breaks, the roster of the other is given, with its reasons', async () => {
  const instance = tinyInstance(11, { days: 14, people: 6, types: 2 })
  for (const employee of instance.staff) employee.minMinutes = 0
  const problem = toProblem(instance)
  const lost: Error[] = []
  process.once('worker', (worker) => void worker.terminate())
  const solution = await solveSchedulesInThreads(problem, {
    seed: 1,
    budget: { iterations: 10 },
    threads: 2,
    onThreadLost: (error) => lost.push(error),
  })
  expect(evaluate(problem, solution.assignments)).toEqual({ score: solution.score, breaches: solution.breaches })
  expect(solution.score.hard).toBe(0)
  expect(solution.assignments.length).toBeGreaterThan(0)
  expect(solution.why).toHaveLength(solution.assignments.length)
  expect(lost).toHaveLength(1)
}, 120_000)
