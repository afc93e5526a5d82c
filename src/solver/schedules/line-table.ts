import type { Kinds, Tally } from './kinds.ts'
import type { LineBounds } from './line-program.ts'
import { mostUnits } from './most-units.ts'
import type { DayCosts } from './stretches.ts'
import { countWeekends } from './weekends.ts'

const NONE = Number.POSITIVE_INFINITY

/** Cells of the table of one day: band of units x (weekends and counts used). */
interface Band {
  offset: number
  low: number
  high: number
  /** Units for which something is known, once the day is reached. */
  least: number
  most: number
}

/**
 * For each day on which a new stretch may begin, and each sum of units, weekends and tracked counts, the least cost of
 * the days before. Weekends and counts together make one number, the mix.
 */
export class LineTable {
  #cells = new Float64Array(0)
  #bands: Band[] = []
  #from = 0
  #mixes = 1
  /** Size of one step of weekends and of each count in the mix, and how many values each can take. */
  #steps: number[] = []
  #sizes: number[] = []
  readonly #fits = new Map<number, Int32Array>()
  /** Steps done so far: a measure of effort that does not depend on the machine. */
  steps = 0

  /** Empties the table for a new run: only the first day, with nothing done, costs nothing. */
  layOut(kinds: Kinds, weekendOf: Int32Array, costs: DayCosts, bounds: LineBounds): void {
    const weekends = countWeekends(weekendOf, costs.from, costs.to)
    const sizes = [Math.min(bounds.maxWeekends, weekends) + 1, ...bounds.counts.map((left) => left + 1)]
    if (sizes.join() !== this.#sizes.join()) this.#fits.clear()
    this.#sizes = sizes
    this.#steps = []
    this.#mixes = 1
    for (const size of this.#sizes) {
      this.#steps.push(this.#mixes)
      this.#mixes *= size
    }
    const { before, after } = mostUnits(kinds, costs, bounds.minOff)
    this.#from = costs.from
    this.#bands = []
    let offset = 0
    for (let day = costs.from; day <= costs.to; day++) {
      const i = day - costs.from
      const low = Math.max(0, bounds.minUnits - after[i]!)
      const high = Math.min(bounds.maxUnits, before[i]!)
      const width = Math.max(1, high - low + 1)
      const first = day === costs.from ? 0 : low
      this.#bands.push({ offset, low: first, high, least: first, most: high })
      offset += width * this.#mixes
    }
    if (this.#cells.length < offset) this.#cells = new Float64Array(offset)
    this.#cells.fill(NONE, 0, offset)
    this.#cells[0] = 0
  }

  /** Forgets what cannot end below the cutoff and narrows the band to what is left. */
  prune(day: number, most: number): void {
    if (most === NONE) return
    const band = this.#bands[day - this.#from]!
    const table = this.#cells
    let [low, high] = [band.high + 1, band.low - 1]
    for (let sum = band.low; sum <= band.high; sum++) {
      const at = band.offset + (sum - band.low) * this.#mixes
      for (let mix = 0; mix < this.#mixes; mix++) {
        if (table[at + mix]! >= most) table[at + mix] = NONE
        else {
          if (low > sum) low = sum
          high = sum
        }
      }
    }
    band.least = low
    band.most = high
  }

  /** Takes the least of what is known of the later day and of coming there from the earlier one. */
  push(day: number, next: number, cost: number, weekends: number, { units, counts }: Tally): void {
    const from = this.#bands[day - this.#from]!
    const to = this.#bands[next - this.#from]!
    const mixes = this.#mixes
    const table = this.#cells
    const lowest = Math.max(from.least, to.low - units)
    const highest = Math.min(from.most, to.high - units)
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

  #mixStep(weekends: number, counts: readonly number[]): number {
    if (weekends >= this.#sizes[0]!) return -1
    let shift = weekends
    for (let i = 0; i < counts.length; i++) {
      if (counts[i]! >= this.#sizes[i + 1]!) return -1
      shift += counts[i]! * this.#steps[i + 1]!
    }
    return shift
  }

  /** Mixes to which a stretch can be added without any of the sums running over. */
  #fitting(shift: number, weekends: number, counts: readonly number[]): Int32Array {
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

  /** The cheapest sum and mix of the last day inside the bounds of units; undefined when there is none. */
  best(minUnits: number, maxUnits: number): { units: number; mix: number; value: number } | undefined {
    const band = this.#bands.at(-1)!
    let best: { units: number; mix: number; value: number } | undefined
    for (let units = Math.max(band.low, minUnits); units <= Math.min(band.high, maxUnits); units++) {
      for (let mix = 0; mix < this.#mixes; mix++) {
        const value = this.#cells[band.offset + (units - band.low) * this.#mixes + mix]!
        if (value < (best?.value ?? NONE)) best = { units, mix, value }
      }
    }
    return best
  }

  at(day: number, units: number, mix: number): number {
    const band = this.#bands[day - this.#from]!
    if (units < band.low || units > band.high || mix < 0) return NONE
    return this.#cells[band.offset + (units - band.low) * this.#mixes + mix]!
  }

  /** The mix before a stretch with these weekends and counts, -1 when there is none. */
  mixBefore(mix: number, weekends: number, counts: readonly number[]): number {
    let before = mix
    for (let i = 0; i < this.#sizes.length; i++) {
      const used = i === 0 ? weekends : counts[i - 1]!
      if (Math.floor(mix / this.#steps[i]!) % this.#sizes[i]! < used) return -1
      before -= used * this.#steps[i]!
    }
    return before
  }
}
