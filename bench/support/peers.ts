/** Other ways to make the same roster: each gets the same instance and the same time. */
import { spawnSync } from 'node:child_process'
import loader, { type Highs } from 'highs'
import type { Entry, Instance } from './curtois.ts'
import { type LinearModel, textbookModel } from './linear-model.ts'

export interface PeerAnswer {
  /** Undefined when no roster was found. */
  entries?: Entry[]
  bound?: number
}

/** Goes round the staff for each shift of each day and takes the next one no upper limit stands against. */
export function roundRobin(instance: Instance): PeerAnswer {
  const entries: Entry[] = []
  const plan = new Map(instance.staff.map(({ id }) => [id, new Array<string | undefined>(instance.days)]))
  const spent = new Map(instance.staff.map(({ id }) => [id, { minutes: 0, shifts: new Map<string, number>() }]))
  let turn = 0
  for (const { day, shift, required } of [...instance.cover].sort((a, b) => a.day - b.day)) {
    const { minutes } = instance.shifts.find(({ id }) => id === shift)!
    for (let looked = 0, placed = 0; looked < instance.staff.length && placed < required; looked++) {
      const employee = instance.staff[turn++ % instance.staff.length]!
      const own = plan.get(employee.id)!
      const used = spent.get(employee.id)!
      const before = instance.shifts.find(({ id }) => id === own[day - 1])
      const count = used.shifts.get(shift) ?? 0
      const run = own.slice(Math.max(0, day - employee.maxRun), day).filter(Boolean).length
      if (own[day] || employee.daysOff.has(day) || before?.notBefore.includes(shift)) continue
      if (used.minutes + minutes > employee.maxMinutes || count >= (employee.maxShifts.get(shift) ?? 0)) continue
      if (run >= employee.maxRun) continue
      own[day] = shift
      used.minutes += minutes
      used.shifts.set(shift, count + 1)
      entries.push({ employee: employee.id, day, shift })
      placed++
    }
  }
  return { entries }
}

/** HiGHS on the text-book integer programme. */
export async function highsPeer(instance: Instance, seconds: number): Promise<PeerAnswer> {
  const { model, entriesOf } = textbookModel(instance)
  const highs = await (loader as unknown as typeof loader.default)()
  return highs.withModel(matrixOf(model, highs.constants.variableType), (solver) => {
    solver.options.set({ output_flag: false, time_limit: seconds })
    solver.run()
    const { colValue } = solver.getSolution()
    const bound = Number(solver.info.get('mip_dual_bound'))
    const isFound = Number(solver.info.get('primal_solution_status')) === 2
    return { entries: isFound ? entriesOf(colValue) : undefined, bound: Number.isFinite(bound) ? bound : undefined }
  })
}

function matrixOf(model: LinearModel, types: Highs['constants']['variableType']) {
  const starts = [0]
  const indices: number[] = []
  const values: number[] = []
  for (const { terms } of model.rows) {
    for (const [variable, factor] of terms) {
      indices.push(variable)
      values.push(factor)
    }
    starts.push(indices.length)
  }
  const [numCols, numRows] = [model.costs.length, model.rows.length]
  return {
    numCols,
    numRows,
    offset: model.constant,
    colCost: model.costs,
    colLower: model.costs.map(() => 0),
    colUpper: model.upper,
    rowLower: model.rows.map((row) => row.low),
    rowUpper: model.rows.map((row) => row.high),
    matrix: { format: 'csr' as const, numRows, numCols, starts, indices, values },
    integrality: model.isInteger.map((isInteger) => (isInteger ? types.integer : types.continuous)),
  }
}

const CP_SAT = `
import json, sys
from ortools.sat.python import cp_model
task = json.load(sys.stdin)
m = cp_model.CpModel()
x = [m.new_int_var(0, int(u), '') for u in task['upper']]
for row in task['rows']:
    e = sum(f * x[v] for v, f in row['terms'])
    if row['low'] is not None: m.add(e >= int(row['low']))
    if row['high'] is not None: m.add(e <= int(row['high']))
m.minimize(sum(c * v for c, v in zip(task['costs'], x)) + task['constant'])
s = cp_model.CpSolver()
s.parameters.max_time_in_seconds = task['seconds']
s.parameters.num_workers = task['workers']
s.parameters.linearization_level = 2
ok = s.solve(m) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
print(json.dumps({'values': [s.value(v) for v in x] if ok else None, 'bound': s.best_objective_bound}))
`

/** CP-SAT on the same programme, by the Python package where it is installed; undefined where it is not. */
export function cpSatPeer(instance: Instance, seconds: number, workers: number): PeerAnswer | undefined {
  if (spawnSync('python3', ['-c', 'import ortools']).status !== 0) return undefined
  const { model, entriesOf } = textbookModel(instance)
  const finite = (value: number) => (Number.isFinite(value) ? value : null)
  const rows = model.rows.map(({ low, high, terms }) => ({ low: finite(low), high: finite(high), terms }))
  const input = JSON.stringify({ ...model, rows, seconds, workers })
  const { stdout, stderr, status } = spawnSync('python3', ['-c', CP_SAT], { input, maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(`CP-SAT failed. ${stderr}`)
  const { values, bound } = JSON.parse(String(stdout)) as { values: number[] | null; bound: number }
  return { entries: values ? entriesOf(values) : undefined, bound }
}
