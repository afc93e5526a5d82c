import type { Change } from '../../platform/audit/audit.ts'
import type { Tx } from '../../platform/db/client.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { advanceCallOut } from './call-outs.jobs.ts'
import { type CallOutAt, type CallRow, callOutsRepository } from './call-outs.repository.ts'
import type { Need } from './call-outs.rules.ts'

export const callEntry = (call: CallRow, unitId: string, from?: string, reason?: string): Change => ({
  action: `call.${from ? call.state : call.state === 'passed_over' ? 'passed_over' : 'opened'}`,
  subject: { type: 'call', id: call.id },
  unitId,
  ...(from ? { from } : {}),
  to: call.state,
  reason,
  facts: { callOutId: call.callOutId, volunteerId: call.volunteerId },
})

export const advanceSoon = (tx: Tx, callOutId: string, now: Date, dueAt = now) =>
  schedule(tx, advanceCallOut, { payload: { callOutId }, key: callOutId, dueAt }, now)

/** A call-out as it stands, held until the end of the transaction. */
export interface Held {
  at: CallOutAt
  need: Need
  rows: CallRow[]
  policy: UnitPolicy
}

export async function holdCallOut(tx: Tx, organisation: Organisation, id: string): Promise<Held | undefined> {
  const repository = callOutsRepository(tx)
  if (!(await repository.lock(id))) return undefined
  const at = (await repository.find(id))!
  const rows = await repository.callsOf(id)
  const holders = await repository.holders(at.callOut.shiftId)
  const { wanted, crewLeast } = at.callOut
  const { startsAt, endsAt } = at.shift
  const policy = await organisation.policyOf({ path: at.unitPath }, tx)
  return { at, rows, policy, need: { startsAt, endsAt, wanted, crewLeast, coming: holders.length, calls: rows } }
}
