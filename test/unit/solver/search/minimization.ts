/** Mixed-integer programs as text for HiGHS. */
import type { loadHighs } from '../../../../src/solver/schedules/load-highs.ts'

export type Highs = Awaited<ReturnType<typeof loadHighs>>
export type Terms = Map<string, number>

const textOf = (terms: Iterable<[string, number]>): string =>
  [...terms].map(([name, factor]) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} ${name}`).join(' ')

/** A minimization in the making. */
export class Program {
  readonly objective: Terms = new Map()
  constant = 0
  readonly #rows: string[] = []
  readonly #binary = new Set<string>()
  readonly #free = new Set<string>()

  cost(name: string, factor: number): void {
    this.objective.set(name, (this.objective.get(name) ?? 0) + factor)
  }

  binary(name: string): string {
    this.#binary.add(name)
    return name
  }

  free(name: string): string {
    this.#free.add(name)
    return name
  }

  row(terms: Iterable<[string, number]>, relation: '<=' | '>=' | '=', value: number): void {
    const text = textOf(terms)
    if (text !== '') this.#rows.push(`${text} ${relation} ${value}`)
  }

  solve(highs: Highs): { value: number; primalOf: (name: string) => number } {
    const sections = [
      `Minimize\n obj: ${textOf(this.objective)}`,
      `Subject To\n ${this.#rows.join('\n ')}`,
      this.#free.size > 0 ? `Bounds\n ${[...this.#free].map((name) => `${name} free`).join('\n ')}` : '',
      `Binary\n ${[...this.#binary].join(' ')}`,
      'End\n',
    ]
    const solution = highs.solve(sections.filter((section) => section !== '').join('\n'), {
      mip_rel_gap: 0,
      mip_feasibility_tolerance: 1e-9,
    })
    if (solution.Status !== 'Optimal') throw new Error(`The program was not solved: ${solution.Status}.`)
    return {
      value: this.constant + solution.ObjectiveValue,
      primalOf: (name) => (solution.Columns[name] as { Primal: number } | undefined)?.Primal ?? 0,
    }
  }
}
