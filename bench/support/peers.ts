/** Other ways to make the roster of a staff-scheduling instance: each gets the same instance and the same time. */
import type { Entry, Instance } from './curtois.ts'
import { textbookModel } from './linear-model.ts'
import { type Answer, solveByCpSat, solveByCpSatWasm, solveByHighs } from './solvers.ts'

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

const read = (answer: Answer, entriesOf: (values: ArrayLike<number>) => Entry[]): PeerAnswer => ({
  entries: answer.values && entriesOf(answer.values),
  bound: answer.bound,
})

/** HiGHS on the text-book integer programme. */
export async function highsPeer(instance: Instance, seconds: number): Promise<PeerAnswer> {
  const { model, entriesOf } = textbookModel(instance)
  return read(await solveByHighs(model, seconds), entriesOf)
}

/** CP-SAT on the same programme, natively; undefined where it is not installed. */
export async function cpSatPeer(instance: Instance, seconds: number, workers: number): Promise<PeerAnswer | undefined> {
  const { model, entriesOf } = textbookModel(instance)
  const answer = await solveByCpSat(model, seconds, workers)
  return answer && read(answer, entriesOf)
}

/** CP-SAT in WebAssembly; undefined where it is not installed. */
export async function cpSatWasmPeer(instance: Instance, seconds: number): Promise<PeerAnswer | undefined> {
  const { model, entriesOf } = textbookModel(instance)
  const answer = await solveByCpSatWasm(model, seconds)
  return answer && read(answer, entriesOf)
}
