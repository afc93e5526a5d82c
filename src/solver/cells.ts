import type { Plan } from './checks.ts'
import { LEVEL_COUNT } from './score.ts'

/** Where the numbers of each kind lie in the one array of costs. */
export interface Offsets {
  persons: number
  groups: number[]
  balances: { loads: number; sums: number; costs: number }[]
  size: number
}

export function layOutCells(plan: Plan): Offsets {
  const people = plan.model.people.length
  let size = LEVEL_COUNT
  const take = (count: number): number => {
    size += count
    return size - count
  }
  return {
    persons: take(people * LEVEL_COUNT),
    groups: plan.slots.map((check) => take(check.slots.groups.length)),
    balances: plan.balances.map(({ balance }) => ({
      loads: take(people),
      sums: take(balance.setCount * 3),
      costs: take(balance.setCount),
    })),
    get size() {
      return size
    },
  }
}

/** Numbers that remember what they were, so that changes can be taken back. */
export class Cells {
  readonly values: Float64Array
  readonly #changed: number[] = []
  readonly #before: number[] = []

  constructor(size: number) {
    this.values = new Float64Array(size)
  }

  set(cell: number, value: number): void {
    const old = this.values[cell]!
    if (old === value) return
    this.#changed.push(cell)
    this.#before.push(old)
    this.values[cell] = value
  }

  add(cell: number, amount: number): void {
    if (amount !== 0) this.set(cell, this.values[cell]! + amount)
  }

  /** A point to come back to. */
  mark(): number {
    return this.#changed.length
  }

  undo(mark: number): void {
    for (let i = this.#changed.length - 1; i >= mark; i--) this.values[this.#changed[i]!] = this.#before[i]!
    this.#changed.length = mark
    this.#before.length = mark
  }

  /** Forgets how to take back. */
  keep(): void {
    this.#changed.length = 0
    this.#before.length = 0
  }
}
