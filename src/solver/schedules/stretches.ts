import type { Kinds } from './kinds.ts'

const NONE = Number.POSITIVE_INFINITY

/** Costs of one person's days, kind by kind, over a range of days; positions are days of the grid. */
export interface DayCosts {
  from: number
  to: number
  /** `day * kinds + kind`; infinite where nothing of the kind can be taken. */
  kindCost: Float64Array
  kindType: Int8Array
  /** Days that may be free of duty. */
  offAllowed: Uint8Array
}

/** The cheapest stretch of work for each first day and tally. */
export class Stretches {
  readonly kinds: Kinds
  /** `day * tallies + tally` */
  readonly cost: Float64Array
  readonly #byClass: Float64Array

  constructor(kinds: Kinds, days: number) {
    this.kinds = kinds
    this.cost = new Float64Array(days * kinds.tallies.length)
    this.#byClass = new Float64Array(kinds.tallies.length * kinds.classes)
  }

  get tallies(): number {
    return this.kinds.tallies.length
  }

  fill(costs: DayCosts): void {
    this.cost.fill(NONE, costs.from * this.tallies, costs.to * this.tallies)
    for (let start = costs.from; start < costs.to; start++) this.#grow(costs, start)
  }

  /** All stretches that begin on one day, day by day. */
  #grow(costs: DayCosts, start: number): void {
    const { kinds, cost } = this
    const { count, classes, classOf, firstOfLength, after } = kinds
    const byClass = this.#byClass
    byClass.fill(NONE)
    const base = start * this.tallies
    const longest = Math.min(firstOfLength.length - 2, costs.to - start)
    for (let length = 1; length <= longest; length++) {
      const at = (start + length - 1) * count
      let isAlive = false
      for (let tally = firstOfLength[length - 1]!; tally < firstOfLength[length]!; tally++) {
        for (let kind = 0; kind < count; kind++) {
          const next = after[tally * count + kind]!
          const price = costs.kindCost[at + kind]!
          if (next < 0 || price === NONE) continue
          const value = this.#bestBefore(tally, kind) + price
          if (value === NONE) continue
          isAlive = true
          const place = next * classes + classOf[kind]!
          if (value < byClass[place]!) byClass[place] = value
          if (value < cost[base + next]!) cost[base + next] = value
        }
      }
      if (!isAlive) return
    }
  }

  /** Cheapest way to have this tally and be allowed to go on with this kind. */
  #bestBefore(tally: number, kind: number): number {
    if (tally === 0) return 0
    const { classes, follows } = this.kinds
    const groups = follows[kind]!
    const base = tally * classes
    let best = NONE
    for (let i = 0; i < groups.length; i++) {
      const value = this.#byClass[base + groups[i]!]!
      if (value < best) best = value
    }
    return best
  }

  /** Writes the types of the cheapest stretch with this first day and tally into a line. */
  trace(costs: DayCosts, start: number, tally: number, line: Int8Array): void {
    this.#grow(costs, start)
    const { kinds } = this
    let value = this.cost[start * this.tallies + tally]!
    let at = tally
    let next = -1
    for (let length = kinds.tallies[tally]!.length; length > 0; length--) {
      const day = start + length - 1
      const step = this.#stepBack(costs, day, length, at, value, next)
      line[day] = costs.kindType[day * kinds.count + step.kind]!
      value = step.before
      at = step.tally
      next = step.kind
    }
  }

  #stepBack(costs: DayCosts, day: number, length: number, tally: number, value: number, next: number) {
    const { count, firstOfLength, after, follows, classOf } = this.kinds
    for (let from = firstOfLength[length - 1]!; from < firstOfLength[length]!; from++) {
      for (let kind = 0; kind < count; kind++) {
        if (after[from * count + kind] !== tally) continue
        if (next >= 0 && !follows[next]!.includes(classOf[kind]!)) continue
        const before = this.#bestBefore(from, kind)
        if (before + costs.kindCost[day * count + kind]! === value) return { kind, tally: from, before }
      }
    }
    throw new Error('A stretch of work lost its way back.')
  }
}
