import type { Grid } from './grid.ts'
import type { Roster } from './roster.ts'

const LOCK = 0
const FINISHED = 1
const WORDS = 2
const COST = 0
const BOUND = 1

/** Memory that the threads of one run share: the best roster any of them has, and the best bound. */
export interface SharedMemory {
  words: Int32Array
  numbers: Float64Array
  lines: Int8Array
}

export function shareMemory(people: number, days: number): SharedMemory {
  const numbers = new Float64Array(new SharedArrayBuffer(16))
  numbers[COST] = Number.POSITIVE_INFINITY
  numbers[BOUND] = Number.NEGATIVE_INFINITY
  return {
    words: new Int32Array(new SharedArrayBuffer(4 * WORDS)),
    numbers,
    lines: new Int8Array(new SharedArrayBuffer(people * days)),
  }
}

/** Reads and writes the shared roster; whoever holds the lock does so alone. */
export class Exchange {
  readonly #memory: SharedMemory

  constructor(memory: SharedMemory) {
    this.#memory = memory
  }

  get bound(): number {
    return this.#memory.numbers[BOUND]!
  }

  /** Gives the better of the shared roster and this one to both sides. True when the roster was replaced. */
  trade(roster: Roster, bound: number): boolean {
    const { numbers, lines } = this.#memory
    return this.#alone(() => {
      numbers[BOUND] = Math.max(numbers[BOUND]!, bound)
      if (numbers[COST]! > roster.cost) {
        numbers[COST] = roster.cost
        lines.set(roster.lines)
      }
      if (numbers[COST]! > roster.cost - 1e-6) return false
      adopt(roster, roster.grid, lines)
      return true
    })
  }

  finish(): void {
    Atomics.add(this.#memory.words, FINISHED, 1)
    Atomics.notify(this.#memory.words, FINISHED)
  }

  /** Waits until so many threads have finished, but no longer than told. */
  waitFor(threads: number, milliseconds: number): void {
    const { words } = this.#memory
    for (let seen = Atomics.load(words, FINISHED); seen < threads; seen = Atomics.load(words, FINISHED)) {
      if (Atomics.wait(words, FINISHED, seen, milliseconds) === 'timed-out') return
    }
  }

  #alone<T>(work: () => T): T {
    const { words } = this.#memory
    while (Atomics.compareExchange(words, LOCK, 0, 1) !== 0) Atomics.wait(words, LOCK, 1, 50)
    try {
      return work()
    } finally {
      Atomics.store(words, LOCK, 0)
      Atomics.notify(words, LOCK)
    }
  }
}

function adopt(roster: Roster, grid: Grid, lines: Int8Array): void {
  for (let person = 0; person < grid.people; person++) {
    roster.setLine(person, lines.subarray(person * grid.days, (person + 1) * grid.days))
  }
}
