import type { Handle, Tx } from '../../platform/db/client.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { attendanceRepository, type DutyRow } from './attendance.repository.ts'
import * as rules from './attendance.rules.ts'

export type Step = 'check-in' | 'check-out'
/** The policy that holds for a duty: its unit's, but for what its template says. */
export type Policies = (duty: Pick<DutyRow, 'unitPath' | 'windows'>) => UnitPolicy

export interface Verdict {
  duty: DutyRow
  /** The duty is in no state for this step. */
  state: rules.Fault | undefined
  /** What is wrong with the instant. */
  faults: rules.Fault[]
}

export const readPolicies =
  (organisation: Organisation) =>
  async (handle: Handle, duties: Pick<DutyRow, 'unitPath'>[]): Promise<Policies> => {
    const policies = new Map<string, UnitPolicy>()
    for (const path of new Set(duties.map((duty) => duty.unitPath))) {
      policies.set(path, await organisation.policyOf({ path }, handle))
    }
    return ({ unitPath, windows }) => rules.windowsOf(windows, policies.get(unitPath)!)
  }

export interface Question {
  step: Step
  duties: DutyRow[]
  at: Date
  now: Date
}

/** Makes the duties and their people wait for this transaction, and says of each what is wrong with it. */
export async function judge(
  tx: Tx,
  { step, duties, at, now }: Question,
  policiesOf: ReturnType<typeof readPolicies>,
): Promise<{ verdicts: Verdict[]; policies: Policies }> {
  const repository = attendanceRepository(tx)
  const ids = duties.map((duty) => duty.id)
  const people = [...new Set(duties.map((duty) => duty.volunteerId))]
  await repository.lock(people, ids)
  const locked = await repository.findDuties(ids)
  const policies = await policiesOf(tx, locked)
  const since = Math.min(at.getTime(), ...locked.map((duty) => (duty.checkedInAt ?? at).getTime()))
  const presences = Map.groupBy(await repository.attendancesOf(people, new Date(since)), (one) => one.volunteerId)
  const verdicts = locked.map((duty): Verdict => {
    const others = (presences.get(duty.volunteerId) ?? []).filter((one) => one.assignmentId !== duty.id)
    const state = step === 'check-in' ? rules.checkInStateFault(duty) : rules.checkOutStateFault(duty)
    if (state) return { duty, state, faults: [] }
    const facts = { now, policy: policies(duty), others }
    const faults = step === 'check-in' ? rules.checkInFaults(duty, at, facts) : rules.checkOutFaults(duty, at, facts)
    return { duty, state, faults }
  })
  if (step === 'check-in') refuseDoubles(verdicts)
  return { verdicts, policies }
}

/** Nobody arrives at two posts at once, also when one list says so. */
function refuseDoubles(verdicts: Verdict[]): void {
  for (const group of Map.groupBy(verdicts, ({ duty }) => duty.volunteerId).values()) {
    if (group.length === 1) continue
    for (const { faults } of group) {
      faults.push({ code: 'twice-in-list', detail: 'The same person is in this list for two duties.' })
    }
  }
}
