/** CP-SAT as the npm package `or-tools-wasm` has it. It is large, so it is used where it is installed and not required. */
import type { Instance } from './curtois.ts'
import { textbookModel } from './linear-model.ts'
import type { PeerAnswer } from './peers.ts'

interface Response {
  status?: string | number
  solution?: (number | string)[]
  bestObjectiveBound?: number
}

interface CpSat {
  createModel(model: object): Promise<Uint8Array>
  solve(model: Uint8Array, parameters: object): Promise<{ response: Response | null }>
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

/** CP-SAT in WebAssembly at linearization level 2, which runs one worker; undefined where it is not installed. */
export async function cpSatWasmPeer(instance: Instance, seconds: number): Promise<PeerAnswer | undefined> {
  const cpSat = await loadCpSat()
  if (!cpSat) return undefined
  const { model, entriesOf } = textbookModel(instance)
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
  return {
    entries: solution && solution.length > 0 ? entriesOf(solution) : undefined,
    bound: response?.bestObjectiveBound,
  }
}
