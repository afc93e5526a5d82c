import type { CallOutAt, CallRow } from './call-outs.repository.ts'
import { tallyOf } from './call-outs.rules.ts'

export const callOutView = ({ callOut, shift, postName }: CallOutAt) => ({
  id: callOut.id,
  unitId: callOut.unitId,
  postId: callOut.postId,
  postName,
  rosterId: callOut.rosterId,
  shiftId: callOut.shiftId,
  reason: callOut.reason,
  role: callOut.role,
  wanted: callOut.wanted,
  state: callOut.state,
  startLocal: shift.startLocal,
  endLocal: shift.endLocal,
  zone: shift.zone,
  startsAt: shift.startsAt.toISOString(),
  endsAt: shift.endsAt.toISOString(),
  answerMinutes: callOut.answerMinutes,
  crewLeast: callOut.crewLeast,
  tiers: callOut.tiers.map((tier, index) => ({
    ...tier,
    state:
      index < callOut.tiersDone
        ? ('done' as const)
        : index === callOut.tiersDone && callOut.wave > 0
          ? ('calling' as const)
          : ('waiting' as const),
  })),
  createdAt: callOut.createdAt.toISOString(),
  endedAt: callOut.endedAt?.toISOString() ?? null,
  version: callOut.version,
})

export const tallyView = ({ callOut }: CallOutAt, coming: number, calls: CallRow[]) => {
  const crews = callOut.tiers.filter((tier) => tier.kind === 'crew')
  return {
    state: callOut.state,
    wanted: callOut.wanted,
    stillNeeded: callOut.state === 'open' ? Math.max(0, callOut.wanted - coming) : 0,
    short: callOut.state === 'open' && callOut.shortAt !== null,
    ...tallyOf(calls),
    coming,
    crews: crews.flatMap(({ id, name }) => {
      const own = calls.filter((call) => call.crewId === id)
      return own.length > 0 ? [{ crewId: id, name, ...tallyOf(own) }] : []
    }),
  }
}

export const callView = ({
  call,
  ...person
}: {
  call: CallRow
  displayName: string
  homeUnit: string
  crewName: string | null
}) => ({
  id: call.id,
  volunteerId: call.volunteerId,
  displayName: person.displayName,
  homeUnit: person.homeUnit,
  crewId: call.crewId,
  crewName: person.crewName,
  state: call.state,
  because: call.because,
  askedAt: call.askedAt.toISOString(),
  answerBy: call.answerBy.toISOString(),
  readAt: call.readAt?.toISOString() ?? null,
  decidedAt: call.decidedAt?.toISOString() ?? null,
  assignmentId: call.assignmentId,
})
