import { expect, test } from 'vitest'
import { type Instance, judge } from '../../../../bench/support/curtois.ts'
import { toEntries, toProblem } from '../../../../bench/support/curtois-problem.ts'
import { createRandom } from '../../../../src/solver/random.ts'
import { Annealer } from '../../../../src/solver/schedules/anneal.ts'
import { compileSchedules } from '../../../../src/solver/schedules/compile.ts'
import { constructAll } from '../../../../src/solver/schedules/construct.ts'
import { solveSchedules, solveSchedulesInThreads } from '../../../../src/solver/schedules/index.ts'
import { Pricer } from '../../../../src/solver/schedules/pricer.ts'
import { Roster } from '../../../../src/solver/schedules/roster.ts'
import { assignmentsOf } from '../../../../src/solver/schedules/solution.ts'
import { bestOfAll, tinyInstance } from './tiny.ts'

const TIMEOUT = 120_000

/** A first roster and an annealer that works on it in place: `roster.cost` is not kept meanwhile. */
function begin(instance: Instance, seed: number) {
  const compiled = compileSchedules(toProblem(instance))
  const { grid } = compiled
  const roster = new Roster(grid)
  const random = createRandom(seed)
  constructAll(new Pricer(grid), roster, random)
  const annealer = new Annealer(grid, roster, random)
  annealer.take([...Array(grid.people).keys()])
  return { compiled, roster, annealer, judged: () => judge(instance, toEntries(assignmentsOf(compiled, roster))) }
}

test('whatever the temperature, every line stays inside its contract and the counts are those of the lines', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const instance = tinyInstance(seed, { days: 28, people: 6, types: 1 + (seed % 3) })
    for (const employee of instance.staff) {
      employee.minMinutes = 480 * (seed % 3)
      employee.maxMinutes = 480 * (6 + (seed % 5))
    }
    const { compiled, roster, annealer, judged } = begin(instance, seed)
    if (judged().hard > 0) continue
    const before = roster.lines.slice()
    for (const temperature of [1e6, 10, 0.01]) {
      annealer.run(temperature)
      expect(judged().hard, `seed ${seed} at ${temperature}`).toBe(0)
      const again = new Roster(compiled.grid)
      for (let person = 0; person < compiled.grid.people; person++) again.setLine(person, roster.lineOf(person))
      expect(roster.counts).toEqual(again.counts)
      expect(again.cost).toBe(judged().objective)
    }
    expect(roster.lines, `seed ${seed}`).not.toEqual(before)
  }
})

test('cooled slowly, it ends at the best of all rosters of most tiny problems', () => {
  let seen = 0
  let best = 0
  for (let seed = 1; seed <= 60; seed++) {
    const instance = tinyInstance(seed, { days: 5, people: 2, types: 1 + (seed % 2) })
    const optimum = bestOfAll(instance)
    const { annealer, judged } = begin(instance, seed)
    if (optimum === undefined || judged().hard > 0) continue
    for (let temperature = 10; temperature > 0.1; temperature *= 0.5) annealer.run(temperature)
    expect(judged().objective).toBeGreaterThanOrEqual(optimum)
    seen++
    if (judged().objective === optimum) best++
  }
  expect(seen).toBeGreaterThan(40)
  expect(best / seen).toBeGreaterThan(0.9)
})

/** Too many cells for a relaxation of the whole. */
function longInstance(): Instance {
  const instance = tinyInstance(7, { days: 420, people: 8, types: 3 })
  for (const employee of instance.staff) {
    employee.maxShifts = new Map([...employee.maxShifts.keys()].map((shift) => [shift, 200]))
    employee.minMinutes = 0
    employee.maxMinutes = 480 * 200
    employee.maxWeekends = 40
  }
  return instance
}

test(
  'long periods are annealed, alone and by two threads at once, and cost less after it',
  async () => {
    const instance = longInstance()
    const problem = toProblem(instance)
    const alone = await solveSchedules(problem, { seed: 1, budget: { iterations: 40 }, explain: false })
    const again = await solveSchedules(problem, { seed: 1, budget: { iterations: 40 }, explain: false })
    expect(alone.assignments).toEqual(again.assignments)
    const together = await solveSchedulesInThreads(problem, {
      seed: 1,
      budget: { milliseconds: 4000 },
      threads: 2,
      explain: false,
    })
    for (const solution of [alone, together]) {
      const constructed = solution.trace.find(({ phase }) => phase === 'reroster')!.score.wishes
      const annealed = solution.trace.filter(({ phase }) => phase === 'anneal').at(-1)!.score.wishes
      expect(annealed).toBeLessThan(constructed)
      expect(judge(instance, toEntries(solution.assignments))).toEqual({ objective: solution.score.wishes, hard: 0 })
    }
  },
  TIMEOUT,
)
