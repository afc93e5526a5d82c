import type { Highs, Model, SymbolDisposable } from 'highs'

/** One cell of cover in the master: people still wanted, cost of one too few, of one too many. */
export interface CoverRow {
  required: number
  under: number
  over: number
}

/** New lines leave the basis feasible for the primal method, fixed lines for the dual one: each goes on from there. */
const PRIMAL_SIMPLEX = 4
const DUAL_SIMPLEX = 1

export interface MasterSolution {
  objective: number
  /** Value of each line offered, in the order they were added. */
  values: Float64Array
  /** Price of one more person in each row of cover, and of each person's own row. */
  rowPrices: Float64Array
  ownPrices: Float64Array
}

/**
 * The linear programme over lines: each person takes one line (or a mix of lines), the cover of each cell may be
 * missed at its cost.
 */
export class Master {
  readonly #model: SymbolDisposable<Model>
  readonly #rows: number
  readonly #required: number[]
  readonly #people: number
  readonly #optimal: number
  #isFixing = false
  /** Pivots times rows, so far: a measure of effort that does not depend on the machine. */
  steps = 0

  constructor(highs: Highs, rows: readonly CoverRow[], people: number) {
    this.#rows = rows.length
    this.#required = rows.map((row) => row.required)
    this.#people = people
    this.#optimal = highs.constants.modelStatus.optimal
    this.#model = highs.createModel()
    this.#model.options.set({
      output_flag: false,
      presolve: 'off',
      solver: 'simplex',
    })
    const none = { indices: [], values: [] }
    for (const row of rows) this.#model.addRow(row.required, row.required, none)
    for (let person = 0; person < people; person++) this.#model.addRow(1, 1, none)
    rows.forEach((row, i) => {
      this.#model.addCol(row.under, 0, highs.infinity, { indices: [i], values: [1] })
      this.#model.addCol(row.over, 0, highs.infinity, { indices: [i], values: [-1] })
    })
  }

  required(row: number): number {
    return this.#required[row]!
  }

  /** `rows`: rows of cover the line helps to fill. Lines are numbered as they come. */
  add(person: number, cost: number, rows: readonly number[]): void {
    const indices = [...rows, this.#rows + person]
    this.#model.addCol(cost, 0, Number.POSITIVE_INFINITY, { indices, values: indices.map(() => 1) })
  }

  /** Gives the line to its person for good, and takes that person's other lines away. */
  fix(line: number, others: readonly number[]): void {
    this.#isFixing = true
    for (const other of others) this.#model.changeColBounds(2 * this.#rows + other, 0, 0)
    this.#model.changeColBounds(2 * this.#rows + line, 1, 1)
  }

  /** Undefined when the time given ran out first. */
  solve(seconds = Number.POSITIVE_INFINITY): MasterSolution | undefined {
    if (seconds !== Number.POSITIVE_INFINITY) {
      this.#model.zeroAllClocks()
      this.#model.options.set('time_limit', Math.max(0.01, seconds))
    }
    this.#model.options.set('simplex_strategy', this.#isFixing ? DUAL_SIMPLEX : PRIMAL_SIMPLEX)
    this.#isFixing = false
    this.#model.run()
    this.steps += Number(this.#model.info.get('simplex_iteration_count')) * (this.#rows + this.#people)
    if (this.#model.getModelStatus() !== this.#optimal) return undefined
    const { colValue, rowDual } = this.#model.getSolution()
    return {
      objective: this.#model.getObjectiveValue(),
      values: colValue.subarray(2 * this.#rows),
      rowPrices: rowDual.subarray(0, this.#rows),
      ownPrices: rowDual.subarray(this.#rows, this.#rows + this.#people),
    }
  }

  dispose(): void {
    this.#model.dispose()
  }
}
