/** General solvers on a linear programme with whole variables, each with the time it is given. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import loader, { type Highs } from 'highs'
import type { LinearModel } from './linear-model.ts'

export interface Answer {
  /** Undefined when nothing was found. */
  values?: ArrayLike<number>
  bound?: number
}

export async function solveByHighs(model: LinearModel, seconds: number): Promise<Answer> {
  const highs = await (loader as unknown as typeof loader.default)()
  return highs.withModel(matrixOf(model, highs.constants.variableType), (solver) => {
    solver.options.set({ output_flag: false, time_limit: seconds })
    solver.run()
    const bound = Number(solver.info.get('mip_dual_bound'))
    const isFound = Number(solver.info.get('primal_solution_status')) === 2
    return {
      values: isFound ? Float64Array.from(solver.getSolution().colValue) : undefined,
      bound: Number.isFinite(bound) ? bound : undefined,
    }
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
    e = cp_model.LinearExpr.weighted_sum([x[v] for v, f in row['terms']], [f for v, f in row['terms']])
    if row['low'] is not None: m.add(e >= int(row['low']))
    if row['high'] is not None: m.add(e <= int(row['high']))
m.minimize(cp_model.LinearExpr.weighted_sum(x, task['costs']) + task['constant'])
s = cp_model.CpSolver()
s.parameters.max_time_in_seconds = task['seconds']
s.parameters.num_workers = task['workers']
s.parameters.linearization_level = 2
ok = s.solve(m) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
print(json.dumps({'values': [s.value(v) for v in x] if ok else None, 'bound': s.best_objective_bound}))
`

/** CP-SAT by the Python package at linearization level 2; undefined where it is not installed. */
export async function solveByCpSat(model: LinearModel, seconds: number, workers: number): Promise<Answer | undefined> {
  if ((await python('import ortools')).status !== 0) return undefined
  const finite = (value: number) => (Number.isFinite(value) ? value : null)
  const rows = model.rows.map(({ low, high, terms }) => ({ low: finite(low), high: finite(high), terms }))
  const { status, stdout, stderr } = await python(CP_SAT, JSON.stringify({ ...model, rows, seconds, workers }))
  if (status !== 0) throw new Error(`CP-SAT failed. ${stderr}`)
  const { values, bound } = JSON.parse(stdout) as { values: number[] | null; bound: number }
  return { values: values ?? undefined, bound }
}

/** Runs a Python program; a machine without Python answers with a status that is not 0. */
async function python(program: string, input = ''): Promise<{ status: number; stdout: string; stderr: string }> {
  const child = spawn('python3', ['-c', program])
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(-1))
    child.on('close', (code) => resolve(code ?? -1))
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { status, stdout, stderr }
}

interface WasmResponse {
  status?: string | number
  solution?: (number | string)[]
  bestObjectiveBound?: number
}

interface CpSat {
  createModel(model: object): Promise<Uint8Array>
  solve(model: Uint8Array, parameters: object): Promise<{ response: WasmResponse | null }>
}

/** Named by a variable: the package is looked for when the bench runs, not when types are checked. */
const PACKAGE = 'or-tools-wasm/cp-sat'
/** As good as unlimited for whole numbers the solver sums up. */
const UNLIMITED = 2 ** 40

const loadCpSat = async (): Promise<CpSat | undefined> =>
  import(PACKAGE).then(
    (module: { CpSat: CpSat }) => module.CpSat,
    () => undefined,
  )

const whole = (value: number): number => (Number.isFinite(value) ? value : Math.sign(value) * UNLIMITED)

/**
 * CP-SAT as the npm package `or-tools-wasm` has it, at linearization level 2; it runs one worker. The package is large,
 * so it is used where it is installed and not required; undefined where it is not.
 */
export async function solveByCpSatWasm(model: LinearModel, seconds: number): Promise<Answer | undefined> {
  const cpSat = await loadCpSat()
  if (!cpSat) return undefined
  const proto = {
    variables: model.upper.map((upper) => ({ domain: [0, whole(upper)] })),
    constraints: model.rows.map(({ low, high, terms }) => ({
      linear: {
        vars: terms.map(([variable]) => variable),
        coeffs: terms.map(([, factor]) => factor),
        domain: [whole(low), whole(high)],
      },
    })),
    objective: { vars: model.costs.map((_, variable) => variable), coeffs: model.costs, offset: model.constant },
  }
  const parameters = { maxTimeInSeconds: seconds, linearizationLevel: 2 }
  const { response } = await cpSat.solve(await cpSat.createModel(proto), parameters)
  const solution = response?.solution?.map(Number)
  return { values: solution && solution.length > 0 ? solution : undefined, bound: response?.bestObjectiveBound }
}
