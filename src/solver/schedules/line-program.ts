import { OFF } from './grid.ts'
import type { Kinds } from './kinds.ts'
import { type DayCosts, Stretches } from './stretches.ts'

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

/** Cells of the table of one day: band of units x (weekends and counts used). */
interface Band {
  offset: number
  low: number
  high: number
}

/**
 * The cheapest schedule of one person: stretches of work joined by days off. The table says for each day on which a
 * new stretch may begin, each sum of units, weekends and tracked counts, the least cost of the days before.
 */
export class LineProgram {
  readonly #kinds: Kinds
  readonly #stretches: Stretches
  readonly #weekendOf: Int32Array
  #table = new Float64Array(0)
  #bands: Band[] = []
  /** Weekends and counts in one number: how many there are, and the size of one step of each. */
  #mixes = 1
  #steps: number[] = []
  #sizes: number[] = []
  readonly #fits = new Map<number, Int32Array>()
  /** Steps done so far: a measure of effort that does not depend on the machine. */
  steps = 0

  constructor(kinds: Kinds, weekendOf: Int32Array) {
    this.#kinds = kinds
    this.#stretches = new Stretches(kinds, weekendOf.length)
    this.#weekendOf = weekendOf
  }

  /** Writes the cheapest line into `line[from..to)` and gives its cost; infinite (line untouched) when there is none. */
  solve(costs: DayCosts, bounds: LineBounds, line: Int8Array): number {
    this.#stretches.fill(costs)
    this.#layOut(costs, bounds)
    this.#table[this.#bands[0]!.offset] = 0
    for (let day = costs.from; day < costs.to; day++) this.#extend(costs, bounds, day)
    return this.#finish(costs, bounds, line)
  }

  #layOut(costs: DayCosts, bounds: LineBounds): void {
    const weekends = countWeekends(this.#weekendOf, costs.from, costs.to)
    const sizes = [Math.min(bounds.maxWeekends, weekends) + 1, ...bounds.counts.map((left) => left + 1)]
    if (sizes.join() !== this.#sizes.join()) this.#fits.clear()
    this.#sizes = sizes
    this.#steps = []
    this.#mixes = 1
    for (const size of this.#sizes) {
      this.#steps.push(this.#mixes)
      this.#mixes *= size
    }
    const { before, after } = mostUnits(this.#kinds, costs, bounds)
    this.#bands = []
    let offset = 0
    for (let day = costs.from; day <= costs.to; day++) {
      const i = day - costs.from
      const low = Math.max(0, bounds.minUnits - after[i]!)
      const high = Math.min(bounds.maxUnits, before[i]!)
      const width = Math.max(1, high - low + 1)
      this.#bands.push({ offset, low: day === costs.from ? 0 : low, high })
      offset += width * this.#mixes
    }
    if (this.#table.length < offset) this.#table = new Float64Array(offset)
    this.#table.fill(NONE, 0, offset)
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
    if (costs.offAllowed[day] === 1) this.#push(day, day + 1, costs.from, 0, 0, 0, undefined)
    if (day < bounds.readyAt) return
    const { tallies, firstOfLength } = this.#kinds
    const longest = Math.min(firstOfLength.length - 2, costs.to - day)
    for (let length = 1; length <= longest; length++) {
      const end = day + length - 1
      if (length < bounds.minRun && day > 0 && end < bounds.days - 1) continue
      const next = this.#freeAfter(costs, bounds, end)
      if (next < 0) continue
      const weekends = countWeekends(this.#weekendOf, day, end + 1)
      for (let tally = firstOfLength[length]!; tally < firstOfLength[length + 1]!; tally++) {
        const cost = this.#stretches.cost[day * tallies.length + tally]!
        if (cost === NONE) continue
        this.#push(day, next, costs.from, cost, tallies[tally]!.units, weekends, tallies[tally]!.counts)
      }
    }
  }

  /** Takes the least of what is known of the later day and of coming there from the earlier one. */
  #push(
    day: number,
    next: number,
    origin: number,
    cost: number,
    units: number,
    weekends: number,
    counts: readonly number[] | undefined,
  ): void {
    const from = this.#bands[day - origin]!
    const to = this.#bands[next - origin]!
    const mixes = this.#mixes
    const table = this.#table
    const lowest = Math.max(from.low, to.low - units)
    const highest = Math.min(from.high, to.high - units)
    const shift = this.#mixStep(weekends, counts)
    if (shift < 0) return
    const fit = this.#sizes.length === 1 || shift === 0 ? undefined : this.#fitting(shift, weekends, counts)
    this.steps += Math.max(0, highest - lowest + 1) * mixes + 4
    for (let sum = lowest; sum <= highest; sum++) {
      const source = from.offset + (sum - from.low) * mixes
      const target = to.offset + (sum + units - to.low) * mixes + shift
      if (!fit) {
        for (let mix = 0; mix < mixes - shift; mix++) {
          const value = table[source + mix]! + cost
          if (value < table[target + mix]!) table[target + mix] = value
        }
      } else {
        for (let i = 0; i < fit.length; i++) {
          const mix = fit[i]!
          const value = table[source + mix]! + cost
          if (value < table[target + mix]!) table[target + mix] = value
        }
      }
    }
  }

  #mixStep(weekends: number, counts: readonly number[] | undefined): number {
    if (weekends >= this.#sizes[0]!) return -1
    let shift = weekends
    if (!counts) return shift
    for (let i = 0; i < counts.length; i++) {
      if (counts[i]! >= this.#sizes[i + 1]!) return -1
      shift += counts[i]! * this.#steps[i + 1]!
    }
    return shift
  }

  /** Mixes to which a stretch can be added without any of the sums running over. */
  #fitting(shift: number, weekends: number, counts: readonly number[] = []): Int32Array {
    const known = this.#fits.get(shift)
    if (known) return known
    const used = [weekends, ...counts]
    const list: number[] = []
    for (let mix = 0; mix < this.#mixes; mix++) {
      const isIn = this.#sizes.every((size, i) => (Math.floor(mix / this.#steps[i]!) % size) + used[i]! < size)
      if (isIn) list.push(mix)
    }
    const made = Int32Array.from(list)
    this.#fits.set(shift, made)
    return made
  }

  #finish(costs: DayCosts, bounds: LineBounds, line: Int8Array): number {
    const band = this.#bands[costs.to - costs.from]!
    let best = NONE
    let units = -1
    let mix = -1
    for (let sum = Math.max(band.low, bounds.minUnits); sum <= Math.min(band.high, bounds.maxUnits); sum++) {
      for (let m = 0; m < this.#mixes; m++) {
        const value = this.#table[band.offset + (sum - band.low) * this.#mixes + m]!
        if (value < best) {
          best = value
          units = sum
          mix = m
        }
      }
    }
    if (best < NONE) this.#trace(costs, bounds, line, units, mix, best)
    return best
  }

  #at(day: number, origin: number, units: number, mix: number): number {
    const band = this.#bands[day - origin]!
    if (units < band.low || units > band.high || mix < 0) return NONE
    return this.#table[band.offset + (units - band.low) * this.#mixes + mix]!
  }

  #trace(costs: DayCosts, bounds: LineBounds, line: Int8Array, units: number, mix: number, best: number): void {
    let [day, sum, used, value] = [costs.to, units, mix, best]
    while (day > costs.from) {
      if (costs.offAllowed[day - 1] === 1 && this.#at(day - 1, costs.from, sum, used) === value) {
        line[--day] = OFF
        continue
      }
      const step = this.#stepBack(costs, bounds, day, sum, used, value)
      line.fill(OFF, step.start, day)
      this.#stretches.trace(costs, step.start, step.tally, line)
      day = step.start
      sum -= this.#kinds.tallies[step.tally]!.units
      used = step.mix
      value = step.value
    }
  }

  #stepBack(costs: DayCosts, bounds: LineBounds, day: number, units: number, mix: number, value: number) {
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
        const before = this.#mixBefore(mix, weekends, counts)
        const earlier = this.#at(start, costs.from, units - own, before)
        if (earlier + this.#stretches.cost[start * tallies.length + tally]! === value && value < NONE) {
          return { start, tally, mix: before, value: earlier }
        }
      }
    }
    throw new Error('A line lost its way back.')
  }

  /** The mix before a stretch with these weekends and counts, -1 when there is none. */
  #mixBefore(mix: number, weekends: number, counts: readonly number[]): number {
    let before = mix
    for (let i = 0; i < this.#sizes.length; i++) {
      const used = i === 0 ? weekends : counts[i - 1]!
      if (Math.floor(mix / this.#steps[i]!) % this.#sizes[i]! < used) return -1
      before -= used * this.#steps[i]!
    }
    return before
  }
}

export function countWeekends(weekendOf: Int32Array, from: number, to: number): number {
  let count = 0
  let last = -1
  for (let day = from; day < to; day++) {
    const weekend = weekendOf[day]!
    if (weekend < 0 || weekend === last) continue
    last = weekend
    count++
  }
  return count
}

/** Most units that fit before each day and from it on, weekends and counts left aside. */
function mostUnits(kinds: Kinds, costs: DayCosts, bounds: LineBounds): { before: Int32Array; after: Int32Array } {
  const days = costs.to - costs.from
  const most = new Int32Array(days)
  const step = Array.from({ length: kinds.count }, (_, kind) => kinds.tallies[Math.max(0, kinds.after[kind]!)]!.units)
  for (let i = 0; i < days; i++) {
    most[i] = -1
    for (let kind = 0; kind < kinds.count; kind++) {
      if (costs.kindCost[(costs.from + i) * kinds.count + kind]! < NONE) most[i] = Math.max(most[i]!, step[kind]!)
    }
  }
  const longest = kinds.firstOfLength.length - 2
  const before = new Int32Array(days + 1)
  const after = new Int32Array(days + 1)
  for (let i = 1; i <= days; i++) {
    before[i] = joinRuns(
      i,
      longest,
      bounds.minOff,
      (length) => most[i - length]!,
      (length) => before[Math.max(0, i - length)]!,
    )
  }
  for (let i = days - 1; i >= 0; i--) {
    const rest = (length: number) => after[Math.min(days, i + length)]!
    after[i] = joinRuns(days - i, longest, bounds.minOff, (length) => most[i + length - 1]!, rest)
  }
  return { before, after }
}

function joinRuns(
  days: number,
  longest: number,
  minOff: number,
  unitsOf: (length: number) => number,
  rest: (length: number) => number,
): number {
  let best = rest(1)
  let sum = 0
  for (let length = 1; length <= Math.min(longest, days); length++) {
    const units = unitsOf(length)
    if (units < 0) break
    sum += units
    best = Math.max(best, sum + rest(length + minOff))
  }
  return best
}
