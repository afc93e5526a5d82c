import { expect, test } from 'vitest'
import { toProblem } from '../../../../bench/support/curtois-problem.ts'
import { createRandom } from '../../../../src/solver/random.ts'
import { compileSchedules } from '../../../../src/solver/schedules/compile.ts'
import { Drift } from '../../../../src/solver/schedules/drift.ts'
import type { Grid } from '../../../../src/solver/schedules/grid.ts'
import { LinePool } from '../../../../src/solver/schedules/line-pool.ts'
import { loadHighs } from '../../../../src/solver/schedules/load-highs.ts'
import { Pricer } from '../../../../src/solver/schedules/pricer.ts'
import { Relaxation } from '../../../../src/solver/schedules/relaxation.ts'
import type { Tools } from '../../../../src/solver/schedules/rework.ts'
import { Roster } from '../../../../src/solver/schedules/roster.ts'
import { tinyInstance } from './tiny.ts'

const gridOf = (seed: number): Grid =>
  compileSchedules(toProblem(tinyInstance(seed, { days: 7, people: 4, types: 2 }))).grid

const line = (number: number): Int8Array =>
  Int8Array.from([number % 7, Math.floor(number / 7) % 7, Math.floor(number / 49)])

test('the pool keeps the first hundred lines that differ', () => {
  const pool = new LinePool()
  expect(pool.of(3)).toEqual([])
  const ranked = Array.from({ length: 300 }, (_, n) => line(Math.floor(n / 2)))
  pool.keep(3, ranked)
  expect(pool.of(3)).toEqual(Array.from({ length: 100 }, (_, n) => line(n)))
  expect(pool.of(4)).toEqual([])
  pool.keep(3, [line(5)])
  expect(pool.of(3)).toEqual([line(5)])
})

test('lines from the pool save rounds and leave the relaxation as it is', async () => {
  const highs = await loadHighs()
  let compared = 0
  for (let seed = 1; seed <= 60; seed++) {
    const grid = gridOf(seed)
    const roster = new Roster(grid)
    const pool = new LinePool()
    const tools: Tools = {
      grid,
      highs,
      pricer: new Pricer(grid),
      pool,
      isOver: () => false,
      secondsLeft: () => Number.POSITIVE_INFINITY,
    }
    const rework = { people: [...Array(grid.people).keys()], free: 0, freeEnd: grid.days }
    const solved = () => {
      const relaxation = new Relaxation(tools, roster, rework)
      const verdict = relaxation.solve(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
      relaxation.keepLines()
      relaxation.dispose()
      return { verdict, objective: relaxation.objective, lines: relaxation.offers.lines.length }
    }
    const [first, again] = [solved(), solved()]
    expect(again.verdict).toBe(first.verdict)
    if (first.verdict !== 'solved') continue
    expect(again.objective).toBeCloseTo(first.objective, 6)
    const known = rework.people.length + rework.people.reduce((sum, person) => sum + pool.of(person).length, 0)
    if (again.lines <= known) compared++
  }
  expect(compared).toBeGreaterThan(40)
})

test('noise is small, new each time, for the people named alone, and on a grid of its own', () => {
  const grid = gridOf(1)
  const before = grid.cost.slice()
  const drift = new Drift(grid, createRandom(1))
  const size = grid.days * grid.types
  drift.stir([1])
  const first = drift.grid.cost.slice()
  expect(grid.cost).toEqual(before)
  first.forEach((cost, cell) => {
    if (Math.floor(cell / size) !== 1) expect(cost).toBe(before[cell])
    else expect(Math.abs(cost - before[cell]!)).toBeLessThanOrEqual(0.03)
  })
  expect(first.subarray(size, 2 * size)).not.toEqual(before.subarray(size, 2 * size))
  drift.stir([1])
  expect(drift.grid.cost).not.toEqual(first)
})
