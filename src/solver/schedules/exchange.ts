import type { Grid } from './grid.ts'
import type { Roster } from './roster.ts'

const LOCK = 0
const FINISHED = 1
const MET = 2
const WORDS = 3
const COST = 0
const BOUND = 1

/** Whoever keeps the lock for two seconds is dead: what it does takes less than one millisecond. */
const WAIT_MS = 50
const MOST_WAITS = 40

/** Most types of duty a line can name. */
export const MOST_TYPES = 127

/** Memory that the threads of one run share: the best roster any of them has, the best bound, what they anneal together. */
export interface SharedMemory {
  words: Int32Array
  numbers: Float64Array
  lines: Int8Array
  annealed: Table
}

/** Lines and counts as in `Roster`; more room for counts than the roster may need. */
export interface Table {
  lines: Int8Array
  counts: Int32Array
}

export function shareMemory(people: number, days: number): SharedMemory {
  const numbers = new Float64Array(new SharedArrayBuffer(16))
  numbers[COST] = Number.POSITIVE_INFINITY
  numbers[BOUND] = Number.NEGATIVE_INFINITY
  return {
    words: new Int32Array(new SharedArrayBuffer(4 * WORDS)),
    numbers,
    lines: new Int8Array(new SharedArrayBuffer(people * days)),
    annealed: {
      lines: new Int8Array(new SharedArrayBuffer(people * days)),
      counts: new Int32Array(new SharedArrayBuffer(4 * days * MOST_TYPES)),
    },
  }
}

/** Reads and writes the shared roster; whoever holds the lock does so alone. */
export class Exchange {
  readonly #memory: SharedMemory
  readonly thread: number
  readonly threads: number

  constructor(memory: SharedMemory, thread: number, threads: number) {
    this.#memory = memory
    this.thread = thread
    this.threads = threads
  }

  get annealed(): Table {
    return this.#memory.annealed
  }

  get bound(): number {
    return this.#memory.numbers[BOUND]!
  }

  /** Tells the others a bound at once. */
  raise(bound: number): void {
    const { numbers } = this.#memory
    this.#alone(() => {
      numbers[BOUND] = Math.max(numbers[BOUND]!, bound)
    })
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

  /** Goes on when all threads have come here, as often as they call it; false when one of them did not come in time. */
  meet(milliseconds: number): boolean {
    const { words } = this.#memory
    const all = Math.ceil((Atomics.add(words, MET, 1) + 1) / this.threads) * this.threads
    Atomics.notify(words, MET)
    for (let seen = Atomics.load(words, MET); seen < all; seen = Atomics.load(words, MET)) {
      if (Atomics.wait(words, MET, seen, milliseconds) === 'timed-out') return false
    }
    return true
  }

  finish(): void {
    Atomics.add(this.#memory.words, FINISHED, 1)
    Atomics.notify(this.#memory.words, FINISHED)
  }

  /** Has a thread finished? */
  get isEnding(): boolean {
    return Atomics.load(this.#memory.words, FINISHED) > 0
  }

  /** Waits until all threads have finished, but no longer than told. */
  waitForEnd(milliseconds: number): void {
    const { words } = this.#memory
    for (let seen = Atomics.load(words, FINISHED); seen < this.threads; seen = Atomics.load(words, FINISHED)) {
      if (Atomics.wait(words, FINISHED, seen, milliseconds) === 'timed-out') return
    }
  }

  #alone<T>(work: () => T): T {
    const { words } = this.#memory
    for (let waits = 0; waits < MOST_WAITS && Atomics.compareExchange(words, LOCK, 0, 1) !== 0; waits++) {
      Atomics.wait(words, LOCK, 1, WAIT_MS)
    }
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
