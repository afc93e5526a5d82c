import { createRandom, type Random, shuffle } from '../random.ts'
import type { Meter } from '../search/clock.ts'
import { Annealer } from './anneal.ts'
import type { Exchange, Table } from './exchange.ts'
import { Roster } from './roster.ts'

/** Rounds; before each the threads deal the people out anew. */
const ROUNDS = 40
/** Temperatures at first and at last, as parts of what one missing person costs in the middle. */
const HOTTEST = 0.1
const COLDEST = 0.002
/** So long a thread waits for the others before a round; they come together when the machine is calm. */
const WAIT_MS = 5000

export interface AnnealingOptions {
  random: Random
  meter: Meter
  exchange: Exchange | undefined
  /** Part of the budget at which it ends. */
  until: number
  /** Looked at all the time: ends it earlier. */
  isEnough(): boolean
  note(cost: number): void
}

/**
 * Anneals a whole roster, together with the other threads: all write into the same table, each the lines of its own
 * people. Leaves the better of before and after in the roster.
 */
export function annealWhole(roster: Roster, options: AnnealingOptions): void {
  const { exchange, meter, random } = options
  const { grid } = roster
  const meet = () => exchange?.meet(WAIT_MS) ?? true
  const table = exchange?.annealed ?? { lines: roster.lines.slice(), counts: roster.counts.slice() }
  if ((exchange?.thread ?? 0) === 0) lay(table, roster)
  if (!meet()) return
  const start = meter.done
  const degree = middleOf(grid.under)
  const annealer = new Annealer(grid, table, random)
  const current = new Roster(grid)
  for (let round = 0; round < ROUNDS; round++) {
    annealer.take(dealt(grid.people, round, exchange))
    const end = start + ((options.until - start) * (round + 1)) / ROUNDS
    const temperature = degree * HOTTEST * (COLDEST / HOTTEST) ** (round / (ROUNDS - 1))
    while (!meter.isOver && meter.done < end && !options.isEnough()) {
      annealer.run(temperature)
      meter.tick()
    }
    if (!meet()) return
    for (let person = 0; person < grid.people; person++) current.setLine(person, lineIn(table, current, person))
    if (current.cost < roster.cost) {
      for (let person = 0; person < grid.people; person++) roster.setLine(person, current.lineOf(person))
      options.note(roster.cost)
    }
    if (!meet()) return
  }
}

function lay(table: Table, roster: Roster): void {
  table.lines.set(roster.lines)
  table.counts.set(roster.counts)
}

const lineIn = ({ lines }: Table, { grid }: Roster, person: number): Int8Array =>
  lines.subarray(person * grid.days, (person + 1) * grid.days)

/** The people of this thread in a round: all threads deal alike. */
function dealt(people: number, round: number, exchange: Exchange | undefined): number[] {
  const everybody = [...Array(people).keys()]
  if (!exchange) return everybody
  return shuffle(everybody, createRandom(round)).filter((_, i) => i % exchange.threads === exchange.thread)
}

function middleOf(costs: Float64Array): number {
  const sorted = costs.filter((cost) => cost > 0).sort()
  return sorted[sorted.length >> 1] ?? 1
}
