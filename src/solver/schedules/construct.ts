import type { Random } from '../random.ts'
import { shuffle } from '../random.ts'
import type { Grid } from './grid.ts'
import { type LineTask, wholeTask } from './line-task.ts'
import type { Pricer } from './pricer.ts'
import { addedCover, type Roster } from './roster.ts'

/** Prices for one person: what the cover of each cell gains or loses by one more, this person thought away. */
export function marginalPrices(roster: Roster, person: number, prices: Float64Array): void {
  const { grid, counts } = roster
  const own = roster.lineOf(person)
  for (let day = 0, cell = 0; day < grid.days; day++) {
    for (let type = 0; type < grid.types; type++, cell++) {
      prices[cell] = addedCover(grid, cell, counts[cell]! - (own[day] === type ? 1 : 0))
    }
  }
}

/** Gives one person the best line beside all others. False when there is none at all. */
export function rerosterOne(pricer: Pricer, roster: Roster, task: LineTask, prices: Float64Array): boolean {
  marginalPrices(roster, task.person, prices)
  const line = roster.lineOf(task.person).slice()
  const priced = pricer.best(task, prices, line)
  if (priced.cost === Number.POSITIVE_INFINITY) return false
  const before = roster.cost
  const kept = roster.lineOf(task.person).slice()
  const wasEmpty = roster.isUnplanned(task.person)
  roster.setLine(task.person, line)
  if (roster.cost > before && !wasEmpty) roster.setLine(task.person, kept)
  roster.markPlanned(task.person)
  return true
}

/** One person after the other gets the best line beside those before, in random order, so many times. */
export function rerosterEach(
  grid: Grid,
  pricer: Pricer,
  roster: Roster,
  random: Random,
  visit: (person: number) => boolean,
): void {
  const prices = new Float64Array(grid.days * grid.types)
  const order = shuffle([...Array(grid.people).keys()], random)
  for (const person of order) {
    rerosterOne(pricer, roster, wholeTask(grid, person), prices)
    if (!visit(person)) return
  }
}
