import { type Random, shuffle } from '../random.ts'
import type { Grid } from './grid.ts'
import { type LineTask, wholeTask, windowTask } from './line-task.ts'
import type { Pricer } from './pricer.ts'
import { addedCover, type Roster } from './roster.ts'
import { countWeekends } from './weekends.ts'

/** Longer periods are planned piece by piece at first. */
const LONGEST_PIECE = 84
const PIECE = 42

/** Prices for one person: what the cover of each cell gains or loses by one more, this person thought away. */
function marginalPrices(roster: Roster, person: number, prices: Float64Array, from = 0, to = roster.grid.days): void {
  const { grid, counts } = roster
  const own = roster.lineOf(person)
  for (let day = from, cell = from * grid.types; day < to; day++) {
    for (let type = 0; type < grid.types; type++, cell++) {
      prices[cell] = addedCover(grid, cell, counts[cell]! - (own[day] === type ? 1 : 0))
    }
  }
}

/** Gives everybody a first line, one after the other in random order, each the best beside those before. */
export function constructAll(pricer: Pricer, roster: Roster, random: Random): void {
  const { grid } = roster
  const prices = new Float64Array(grid.days * grid.types)
  for (const person of shuffle([...Array(grid.people).keys()], random)) {
    marginalPrices(roster, person, prices)
    const line = grid.days > LONGEST_PIECE ? pieceByPiece(pricer, grid, person, prices) : undefined
    if (line) {
      roster.setLine(person, line)
      continue
    }
    const whole = roster.lineOf(person).slice()
    if (pricer.best(wholeTask(grid, person), prices, whole).cost < Number.POSITIVE_INFINITY) {
      roster.setLine(person, whole)
    }
  }
}

/**
 * Gives everybody, in random order, the best line beside all others; over long periods piece by piece. False when it
 * was stopped.
 */
export function rerosterAll(pricer: Pricer, roster: Roster, random: Random, isOver: () => boolean): boolean {
  const { grid } = roster
  const prices = new Float64Array(grid.days * grid.types)
  const length = grid.days > LONGEST_PIECE ? PIECE : grid.days
  const first = length < grid.days ? random.below(length) - length : 0
  for (let start = first; start < grid.days; start += length) {
    const [free, freeEnd] = [Math.max(0, start), Math.min(grid.days, start + length)]
    for (const person of shuffle([...Array(grid.people).keys()], random)) {
      if (isOver()) return false
      rerosterOne(pricer, roster, windowTask(grid, person, roster.lineOf(person), free, freeEnd), prices)
    }
  }
  return true
}

function rerosterOne(pricer: Pricer, roster: Roster, task: LineTask, prices: Float64Array): void {
  marginalPrices(roster, task.person, prices, task.from, task.to)
  const kept = roster.lineOf(task.person).slice()
  const line = kept.slice()
  const before = roster.cost
  if (pricer.best(task, prices, line).cost === Number.POSITIVE_INFINITY) return
  roster.setLine(task.person, line)
  if (roster.cost > before) roster.setLine(task.person, kept)
}

/** Plans a long period piece by piece, each with its part of all limits; undefined when a later piece cannot end it. */
function pieceByPiece(pricer: Pricer, grid: Grid, person: number, prices: Float64Array): Int8Array | undefined {
  const line = new Int8Array(grid.days).fill(-1)
  for (let free = 0; free < grid.days; free += PIECE) {
    const freeEnd = grid.days - free < PIECE * 1.5 ? grid.days : free + PIECE
    const task = pace(grid, windowTask(grid, person, line, free, freeEnd))
    if (pricer.best(task, prices, line).cost === Number.POSITIVE_INFINITY) return undefined
    if (freeEnd === grid.days) return line
  }
  return undefined
}

/** Leaves for later days their part of the limits. */
function pace(grid: Grid, task: LineTask): LineTask {
  const contract = grid.contracts[task.person]!
  const later = 1 - task.freeEnd / grid.days
  if (later <= 0) return task
  const slack = Math.max(...grid.units)
  const laterWeekends =
    countWeekends(grid.weekendOf, task.freeEnd, grid.days) / Math.max(1, countWeekends(grid.weekendOf, 0, grid.days))
  return {
    ...task,
    minUnits: Math.floor(task.minUnits - contract.minUnits * later) - slack,
    maxUnits: Math.min(task.maxUnits, Math.ceil(task.maxUnits - contract.maxUnits * later) + slack),
    maxWeekends: Math.min(task.maxWeekends, Math.ceil(task.maxWeekends - contract.maxWeekends * laterWeekends)),
    counts: task.counts.map((left, i) => Math.min(left, Math.ceil(left - contract.counters[i]!.max * later))),
  }
}
