import { expect, test } from 'vitest'
import { toProblem } from '../../../../bench/support/curtois-problem.ts'
import { createRandom, type Random } from '../../../../src/solver/random.ts'
import { compileSchedules } from '../../../../src/solver/schedules/compile.ts'
import type { Grid } from '../../../../src/solver/schedules/grid.ts'
import { type LineTask, wholeTask, windowTask } from '../../../../src/solver/schedules/line-task.ts'
import { Pricer } from '../../../../src/solver/schedules/pricer.ts'
import { lineCost } from '../../../../src/solver/schedules/roster.ts'
import { everyLine, tinyInstance } from './tiny.ts'

const anyPrices = (random: Random, grid: Grid): Float64Array =>
  Float64Array.from({ length: grid.days * grid.types }, () => random.below(40) - 25)

/** Wishes and prices of the days looked at; what the pricer minimises. */
function priceOf(grid: Grid, task: LineTask, line: Int8Array, prices: Float64Array): number {
  const seen = line.map((type, day) => (day >= task.from && day < task.to ? type : -1))
  let cost = lineCost(grid, task.person, seen)
  seen.forEach((type, day) => {
    if (type >= 0) cost += prices[day * grid.types + type]!
  })
  return cost
}

test('the cheapest line is the cheapest of all lines that keep the rules', () => {
  let solved = 0
  for (let seed = 1; seed <= 100; seed++) {
    const instance = tinyInstance(seed, { days: 6 + (seed % 2), people: 1, types: 1 + (seed % 3) })
    const { grid } = compileSchedules(toProblem(instance))
    const prices = anyPrices(createRandom(seed), grid)
    const line = new Int8Array(grid.days).fill(-1)
    const task = wholeTask(grid, 0)
    const priced = new Pricer(grid).best(task, prices, line)
    const costs = everyLine(instance, instance.staff[0]!).map((own) => priceOf(grid, task, own, prices))
    const least = Math.min(...costs)
    expect(priced.cost, `seed ${seed}`).toBe(least)
    if (costs.length === 0) continue
    solved++
    expect(priceOf(grid, task, line, prices)).toBe(least)
    expect(priced.bound).toBeCloseTo(least, 9)
  }
  expect(solved).toBeGreaterThan(60)
})

test('inside a window it is the cheapest of all lines that agree outside', () => {
  let compared = 0
  for (let seed = 1; seed <= 80; seed++) {
    const random = createRandom(seed)
    const instance = tinyInstance(seed, { days: 7, people: 1, types: 2 })
    const { grid } = compileSchedules(toProblem(instance))
    const all = everyLine(instance, instance.staff[0]!)
    if (all.length === 0) continue
    const now = all[random.below(all.length)]!
    const free = random.below(5)
    const freeEnd = free + 1 + random.below(7 - free)
    const task = windowTask(grid, 0, now, free, freeEnd)
    const prices = anyPrices(random, grid)
    const agree = all.filter((line) => line.every((type, day) => (day >= free && day < freeEnd) || type === now[day]))
    const line = now.slice()
    const priced = new Pricer(grid).best(task, prices, line)
    expect(priced.cost, `seed ${seed}`).toBe(Math.min(...agree.map((own) => priceOf(grid, task, own, prices))))
    expect(agree.some((own) => own.every((type, day) => type === line[day]))).toBe(true)
    compared++
  }
  expect(compared).toBeGreaterThan(60)
})

test('limits that are priced instead of counted still hold, and the bound stays below', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const instance = tinyInstance(seed, { days: 7, people: 1, types: 2 })
    const { grid } = compileSchedules(toProblem(instance))
    const prices = anyPrices(createRandom(seed), grid)
    const line = new Int8Array(grid.days).fill(-1)
    const priced = new Pricer(grid, { mostWork: 0 }).best(wholeTask(grid, 0), prices, line)
    const all = everyLine(instance, instance.staff[0]!)
    const least = Math.min(...all.map((own) => priceOf(grid, wholeTask(grid, 0), own, prices)))
    expect(priced.bound, `seed ${seed}`).toBeLessThanOrEqual(least + 1e-9)
    if (priced.cost === Number.POSITIVE_INFINITY) continue
    expect(priced.cost).toBeGreaterThanOrEqual(least)
    expect(all.some((own) => own.every((type, day) => type === line[day]))).toBe(true)
  }
})
