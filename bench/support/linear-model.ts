/** The text-book integer programme of an instance: one binary for each employee, day and shift. */
import type { Employee, Entry, Instance } from './curtois.ts'

export interface LinearModel {
  /** Cost of each variable; all are at least 0, and at most `upper`. */
  costs: number[]
  upper: number[]
  isInteger: boolean[]
  constant: number
  rows: { low: number; high: number; terms: [variable: number, factor: number][] }[]
}

export interface TextbookModel {
  model: LinearModel
  /** Roster read off the values of the variables. */
  entriesOf(values: ArrayLike<number>): Entry[]
}

type Term = [number, number]

class Builder {
  readonly model: LinearModel = { costs: [], upper: [], isInteger: [], constant: 0, rows: [] }
  readonly #instance: Instance
  readonly #first = new Map<string, number>()

  constructor(instance: Instance) {
    this.#instance = instance
    for (const { id } of instance.staff) {
      this.#first.set(id, this.model.costs.length)
      for (let i = 0; i < instance.days * instance.shifts.length; i++) this.variable(0, 1)
    }
  }

  variable(cost: number, upper: number, isInteger = true): number {
    this.model.costs.push(cost)
    this.model.upper.push(upper)
    this.model.isInteger.push(isInteger)
    return this.model.costs.length - 1
  }

  row(low: number, high: number, terms: Term[]): void {
    if (terms.length > 0) this.model.rows.push({ low, high, terms })
  }

  at(employee: string, day: number, shift: string): number {
    const place = this.#instance.shifts.findIndex((entry) => entry.id === shift)
    return this.#first.get(employee)! + day * this.#instance.shifts.length + place
  }

  /** Variables of one day: their sum is 1 when the employee works. */
  works(employee: string, day: number, factor = 1): Term[] {
    return this.#instance.shifts.map(({ id }): Term => [this.at(employee, day, id), factor])
  }
}

const NONE = Number.POSITIVE_INFINITY

export function textbookModel(instance: Instance): TextbookModel {
  const builder = new Builder(instance)
  for (const employee of instance.staff) {
    addDays(builder, instance, employee)
    addTotals(builder, instance, employee)
    addRuns(builder, instance, employee)
    addWeekends(builder, instance, employee)
  }
  addObjective(builder, instance)
  const cells = instance.staff.flatMap(({ id: employee }) =>
    Array.from({ length: instance.days }, (_, day) =>
      instance.shifts.map(({ id: shift }) => ({ employee, day, shift })),
    ),
  )
  return {
    model: builder.model,
    entriesOf: (values) =>
      cells.flat().filter(({ employee, day, shift }) => values[builder.at(employee, day, shift)]! > 0.5),
  }
}

function addDays(builder: Builder, instance: Instance, employee: Employee): void {
  for (let day = 0; day < instance.days; day++) {
    builder.row(0, employee.daysOff.has(day) ? 0 : 1, builder.works(employee.id, day))
    if (day + 1 === instance.days) continue
    for (const { id, notBefore } of instance.shifts) {
      if (notBefore.length === 0) continue
      const later = notBefore.map((next): Term => [builder.at(employee.id, day + 1, next), 1])
      builder.row(0, 1, [[builder.at(employee.id, day, id), 1], ...later])
    }
  }
}

function addTotals(builder: Builder, instance: Instance, employee: Employee): void {
  const days = [...Array(instance.days).keys()]
  const minutes = days.flatMap((day) =>
    instance.shifts.map((shift): Term => [builder.at(employee.id, day, shift.id), shift.minutes]),
  )
  builder.row(employee.minMinutes, employee.maxMinutes, minutes)
  for (const { id } of instance.shifts) {
    const max = employee.maxShifts.get(id) ?? 0
    if (max < instance.days) {
      builder.row(
        0,
        max,
        days.map((day): Term => [builder.at(employee.id, day, id), 1]),
      )
    }
  }
}

/** No run of work too long; no run of work or of days off too short between two days of the other sort. */
function addRuns(builder: Builder, instance: Instance, { id, maxRun, minRun, minOff }: Employee): void {
  const inner = (first: number, count: number, factor: number): Term[] =>
    Array.from({ length: count }, (_, k) => builder.works(id, first + k, factor)).flat()
  for (let day = 0; day + maxRun < instance.days; day++) builder.row(0, maxRun, inner(day, maxRun + 1, 1))
  for (let count = 1; count < Math.max(minRun, minOff); count++) {
    for (let day = 0; day + count + 1 < instance.days; day++) {
      const ends = (factor: number) => [
        ...builder.works(id, day, factor),
        ...builder.works(id, day + count + 1, factor),
      ]
      if (count < minRun) builder.row(1 - count, NONE, [...ends(1), ...inner(day + 1, count, -1)])
      if (count < minOff) builder.row(-1, NONE, [...ends(-1), ...inner(day + 1, count, 1)])
    }
  }
}

function addWeekends(builder: Builder, instance: Instance, employee: Employee): void {
  const weekends: Term[] = []
  for (let saturday = 5; saturday < instance.days; saturday += 7) {
    const weekend = builder.variable(0, 1)
    weekends.push([weekend, 1])
    for (const day of [saturday, saturday + 1]) {
      if (day < instance.days) builder.row(0, NONE, [[weekend, 1], ...builder.works(employee.id, day, -1)])
    }
  }
  builder.row(0, employee.maxWeekends, weekends)
}

function addObjective(builder: Builder, instance: Instance): void {
  for (const { employee, day, shift, weight } of instance.on) {
    builder.model.constant += weight
    builder.model.costs[builder.at(employee, day, shift)]! -= weight
  }
  for (const { employee, day, shift, weight } of instance.off) {
    builder.model.costs[builder.at(employee, day, shift)]! += weight
  }
  for (const { day, shift, required, under, over } of instance.cover) {
    const assigned = instance.staff.map(({ id }): Term => [builder.at(id, day, shift), 1])
    const missing = builder.variable(under, required)
    const surplus = builder.variable(over, instance.staff.length)
    builder.row(required, required, [...assigned, [missing, 1], [surplus, -1]])
  }
}
