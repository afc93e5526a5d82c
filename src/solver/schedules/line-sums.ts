import { type Grid, OFF } from './grid.ts'

/** What each line of a roster adds up to, kept as days are changed, beside what its contract allows. */
export class LineSums {
  readonly #grid: Grid
  readonly #lines: Int8Array
  readonly #units: Int32Array
  readonly #weekends: Int32Array
  /** `person * weekendCount + weekend`: days worked. */
  readonly #worked: Uint8Array
  readonly #weekendCount: number
  /** By person: days used of each counter, and which counters look at each type. */
  readonly #used: Int32Array[]
  readonly #counting: number[][][]
  /** By person: counters that are over their limit. */
  readonly #over: Int32Array

  constructor(grid: Grid, lines: Int8Array) {
    this.#grid = grid
    this.#lines = lines
    this.#units = new Int32Array(grid.people)
    this.#weekends = new Int32Array(grid.people)
    this.#weekendCount = grid.weekendOf.reduce((most, weekend) => Math.max(most, weekend + 1), 0)
    this.#worked = new Uint8Array(grid.people * this.#weekendCount)
    this.#over = new Int32Array(grid.people)
    this.#used = grid.contracts.map(({ counters }) => new Int32Array(counters.length))
    this.#counting = grid.contracts.map(({ counters }) =>
      Array.from({ length: grid.types }, (_, type) =>
        counters.flatMap((counter, i) => (counter.types[type] === 1 ? [i] : [])),
      ),
    )
  }

  /** Adds up the lines of these people. */
  add(people: readonly number[]): void {
    const { days } = this.#grid
    for (const person of people) {
      this.#units[person] = 0
      this.#weekends[person] = 0
      this.#worked.fill(0, person * this.#weekendCount, (person + 1) * this.#weekendCount)
      this.#over[person] = 0
      this.#used[person]!.fill(0)
      for (let day = 0; day < days; day++) this.#count(person, day, this.#lines[person * days + day]!, 1)
    }
  }

  /** Puts another type on a person's day. */
  put(person: number, day: number, type: number): void {
    const place = person * this.#grid.days + day
    this.#count(person, day, this.#lines[place]!, -1)
    this.#lines[place] = type
    this.#count(person, day, type, 1)
  }

  #count(person: number, day: number, type: number, step: 1 | -1): void {
    if (type === OFF) return
    const { units, weekendOf, contracts } = this.#grid
    this.#units[person]! += step * units[type]!
    const weekend = weekendOf[day]!
    if (weekend >= 0) {
      const at = person * this.#weekendCount + weekend
      const before = this.#worked[at]!
      this.#worked[at] = before + step
      if (before === 0) this.#weekends[person]!++
      else if (before + step === 0) this.#weekends[person]!--
    }
    const counting = this.#counting[person]![type]!
    if (counting.length === 0) return
    const { counters } = contracts[person]!
    const used = this.#used[person]!
    for (let i = 0; i < counting.length; i++) {
      const counter = counting[i]!
      used[counter]! += step
      // Crossing the limit upward, or back.
      if (used[counter]! === counters[counter]!.max + (step === 1 ? 1 : 0)) this.#over[person]! += step
    }
  }

  /** Are all sums of the person inside the contract? */
  isWithin(person: number): boolean {
    const { minUnits, maxUnits, maxWeekends } = this.#grid.contracts[person]!
    const units = this.#units[person]!
    return units >= minUnits && units <= maxUnits && this.#weekends[person]! <= maxWeekends && this.#over[person]! === 0
  }

  /** Are all stretches of work and of days off that touch `[from, to)` or its neighbours as long as they must be? */
  hasGoodStretches(person: number, from: number, to: number): boolean {
    const { days, contracts } = this.#grid
    const { minRun, maxRun, minOff } = contracts[person]!
    const lines = this.#lines
    const base = person * days
    let start = Math.max(0, from - 1)
    const isFirstOff = lines[base + start]! === OFF
    while (start > 0 && (lines[base + start - 1]! === OFF) === isFirstOff) start--
    const last = Math.min(days, to + 1)
    while (start < last) {
      const isOff = lines[base + start]! === OFF
      let end = start + 1
      while (end < days && (lines[base + end]! === OFF) === isOff) end++
      const length = end - start
      if (!isOff && length > maxRun) return false
      if (length < (isOff ? minOff : minRun) && start > 0 && end < days) return false
      start = end
    }
    return true
  }
}
