/** A line offered to the master: the free days of one of the people. */
export interface OfferedLine {
  /** Position in `Rework.people`. */
  member: number
  days: Int8Array
  /** Wishes, and cover where more people only cost; the rows it fills besides. */
  cost: number
  rows: number[]
}

/** The lines offered so far, numbered as they came. */
export class Offers {
  readonly lines: OfferedLine[] = []
  readonly #ofMember: number[][]

  constructor(members: number) {
    this.#ofMember = Array.from({ length: members }, () => [])
  }

  add(line: OfferedLine): void {
    this.#ofMember[line.member]!.push(this.lines.length)
    this.lines.push(line)
  }

  /** Numbers of the lines of one member. */
  of(member: number): readonly number[] {
    return this.#ofMember[member]!
  }

  /** Cost at these prices of the cheapest line of a member. */
  cheapest(member: number, rowPrices: Float64Array): number {
    let least = Number.POSITIVE_INFINITY
    for (const number of this.of(member)) least = Math.min(least, this.#costAt(number, rowPrices))
    return least
  }

  /** The lines of a member, the cheapest at these prices first; of those alike the newest. */
  ranked(member: number, rowPrices: Float64Array): Int8Array[] {
    return this.of(member)
      .map((number) => ({ number, cost: this.#costAt(number, rowPrices) }))
      .sort((a, b) => a.cost - b.cost || b.number - a.number)
      .map(({ number }) => this.lines[number]!.days)
  }

  #costAt(number: number, rowPrices: Float64Array): number {
    const { cost, rows } = this.lines[number]!
    let sum = cost
    for (let i = 0; i < rows.length; i++) sum -= rowPrices[rows[i]!]!
    return sum
  }
}
