import { OFF } from './grid.ts'
import type { Kinds } from './kinds.ts'
import { LineTable } from './line-table.ts'
import { type DayCosts, Stretches } from './stretches.ts'
import { countWeekends } from './weekends.ts'

const NONE = Number.POSITIVE_INFINITY

/** What a person may still do inside a range of days. */
export interface LineBounds {
  minUnits: number
  maxUnits: number
  minRun: number
  minOff: number
  maxWeekends: number
  /** Days left for each tracked counter. */
  counts: number[]
  /** First day a stretch of work may begin: enough days off lie before it. */
  readyAt: number
  /** Days off must be complete before this day, on which work goes on; infinite when nothing follows. */
  workAt: number
  /** A stretch that touches the first or last day of the whole period may be short. */
  days: number
}

/** A cell of the table: sum of units, mix of weekends and counts, cost. */
interface Reached {
  units: number
  mix: number
  value: number
}

/** The cheapest schedule of one person: stretches of work joined by days off. */
export class LineProgram {
  readonly #kinds: Kinds
  readonly #stretches: Stretches
  readonly #weekendOf: Int32Array
  readonly #table = new LineTable()

  constructor(kinds: Kinds, weekendOf: Int32Array) {
    this.#kinds = kinds
    this.#stretches = new Stretches(kinds, weekendOf.length)
    this.#weekendOf = weekendOf
  }

  /**
   * Writes the cheapest line into `line[from..to)` and gives its cost; infinite (line untouched) when there is none
   * below `cutoff`.
   */
  solve(costs: DayCosts, bounds: LineBounds, line: Int8Array, cutoff = NONE): number {
    this.#stretches.fill(costs)
    const rest = this.#leastRest(costs, bounds)
    if (rest[0]! >= cutoff) return NONE
    this.#table.layOut(this.#kinds, this.#weekendOf, costs, bounds)
    for (let day = costs.from; day < costs.to; day++) {
      this.#table.prune(day, cutoff - rest[day - costs.from]!)
      this.#extend(costs, bounds, day)
    }
    const best = this.#table.best(bounds.minUnits, bounds.maxUnits)
    if (!best) return NONE
    this.#trace(costs, bounds, line, best)
    return best.value
  }

  /** Steps done so far: a measure of effort that does not depend on the machine. */
  get steps(): number {
    return this.#table.steps
  }

  /** Least cost from each day on when units, weekends and counts do not matter. */
  #leastRest(costs: DayCosts, bounds: LineBounds): Float64Array {
    const { tallies, firstOfLength } = this.#kinds
    const rest = new Float64Array(costs.to - costs.from + 1).fill(NONE)
    rest[costs.to - costs.from] = 0
    for (let day = costs.to - 1; day >= costs.from; day--) {
      let least = costs.offAllowed[day] === 1 ? rest[day + 1 - costs.from]! : NONE
      this.#eachLength(costs, bounds, day, (length, next) => {
        const after = rest[next - costs.from]!
        for (let tally = firstOfLength[length]!; tally < firstOfLength[length + 1]!; tally++) {
          least = Math.min(least, after + this.#stretches.cost[day * tallies.length + tally]!)
        }
      })
      rest[day - costs.from] = least
    }
    return rest
  }

  /** Day on which the next stretch may begin after one that ended on `end`; -1 when the days off do not fit. */
  #freeAfter(costs: DayCosts, bounds: LineBounds, end: number): number {
    const free = end + 1 + bounds.minOff
    if (end + 1 < bounds.workAt && free > bounds.workAt) return -1
    const next = Math.min(free, costs.to)
    for (let day = end + 1; day < next; day++) if (costs.offAllowed[day] === 0) return -1
    return next
  }

  #extend(costs: DayCosts, bounds: LineBounds, day: number): void {
    const { tallies, firstOfLength } = this.#kinds
    if (costs.offAllowed[day] === 1) this.#table.push(day, day + 1, 0, 0, tallies[0]!)
    this.#eachLength(costs, bounds, day, (length, next) => {
      const weekends = countWeekends(this.#weekendOf, day, day + length)
      for (let tally = firstOfLength[length]!; tally < firstOfLength[length + 1]!; tally++) {
        const cost = this.#stretches.cost[day * tallies.length + tally]!
        if (cost < NONE) this.#table.push(day, next, cost, weekends, tallies[tally]!)
      }
    })
  }

  /** Lengths a stretch that begins on this day may have, each with the day on which the next may begin. */
  #eachLength(costs: DayCosts, bounds: LineBounds, day: number, visit: (length: number, next: number) => void): void {
    if (day < bounds.readyAt) return
    const longest = Math.min(this.#kinds.firstOfLength.length - 2, costs.to - day)
    for (let length = 1; length <= longest; length++) {
      const end = day + length - 1
      if (length < bounds.minRun && day > 0 && end < bounds.days - 1) continue
      const next = this.#freeAfter(costs, bounds, end)
      if (next >= 0) visit(length, next)
    }
  }

  #trace(costs: DayCosts, bounds: LineBounds, line: Int8Array, best: Reached): void {
    let day = costs.to
    let { units, mix, value } = best
    while (day > costs.from) {
      if (costs.offAllowed[day - 1] === 1 && this.#table.at(day - 1, units, mix) === value) {
        line[--day] = OFF
        continue
      }
      const step = this.#stepBack(costs, bounds, day, { units, mix, value })
      line.fill(OFF, step.start, day)
      this.#stretches.trace(costs, step.start, step.tally, line)
      day = step.start
      units -= this.#kinds.tallies[step.tally]!.units
      mix = step.mix
      value = step.value
    }
  }

  #stepBack(costs: DayCosts, bounds: LineBounds, day: number, { units, mix, value }: Reached) {
    const { tallies } = this.#kinds
    for (let tally = 1; tally < tallies.length; tally++) {
      const { length, units: own, counts } = tallies[tally]!
      const last = day === costs.to ? day - length : day - length - bounds.minOff
      const first = day === costs.to ? Math.max(costs.from, day - length - bounds.minOff) : last
      for (let start = Math.max(first, costs.from, bounds.readyAt); start <= last; start++) {
        const end = start + length - 1
        if (length < bounds.minRun && start > 0 && end < bounds.days - 1) continue
        if (this.#freeAfter(costs, bounds, end) !== day) continue
        const weekends = countWeekends(this.#weekendOf, start, end + 1)
        const before = this.#table.mixBefore(mix, weekends, counts)
        const earlier = this.#table.at(start, units - own, before)
        if (earlier + this.#stretches.cost[start * tallies.length + tally]! === value && value < NONE) {
          return { start, tally, mix: before, value: earlier }
        }
      }
    }
    throw new Error('A line lost its way back.')
  }
}
