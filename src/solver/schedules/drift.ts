import type { Random } from '../random.ts'
import { cellOf, type Grid } from './grid.ts'
import { Pricer } from './pricer.ts'

/**
 * Noise on one day's wish. Where costs are whole numbers it only chooses among lines that cost the same: even added up
 * over the days of a line it stays below what one wish is worth.
 */
const NOISE = 0.03

/** A second grid with noise on the wishes: what is planned on it costs the same and looks different. */
export class Drift {
  readonly #grid: Grid
  readonly #random: Random
  readonly grid: Grid
  readonly pricer: Pricer

  constructor(grid: Grid, random: Random) {
    this.#grid = grid
    this.#random = random
    this.grid = { ...grid, cost: grid.cost.slice() }
    this.pricer = new Pricer(this.grid)
  }

  /** Draws new noise for these people. */
  stir(people: readonly number[]): void {
    const { days, types, cost } = this.#grid
    for (const person of people) {
      const first = cellOf(this.#grid, person, 0, 0)
      for (let cell = first; cell < first + days * types; cell++) {
        this.grid.cost[cell] = cost[cell]! + NOISE * (2 * this.#random.next() - 1)
      }
    }
  }
}
