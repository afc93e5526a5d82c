import type { Failure } from '../../solver/types.ts'
import type { Board, SwapShown } from './swaps.board.ts'
import type { AnswerRow, DutyRow, swapsRepository } from './swaps.repository.ts'

type HistoryRow = Awaited<ReturnType<ReturnType<typeof swapsRepository>['historyOf']>>[number]

const dutyView = (duty: DutyRow) => ({
  assignmentId: duty.id,
  volunteerId: duty.volunteerId,
  displayName: duty.volunteerName,
  state: duty.state,
  postName: duty.postName,
  role: duty.role,
  startsAt: duty.startsAt.toISOString(),
  endsAt: duty.endsAt.toISOString(),
  zone: duty.zone,
})

export const swapView = ({ swap, deal }: SwapShown) => ({
  id: swap.id,
  kind: swap.kind,
  state: swap.state,
  assignmentId: swap.assignmentId,
  askerId: swap.askerId,
  askedId: swap.askedId,
  takerId: swap.takerId,
  returnId: swap.returnId,
  part: deal.part ? { startsAt: deal.part.startsAt.toISOString(), endsAt: deal.part.endsAt.toISOString() } : null,
  note: swap.note,
  needsApproval: swap.needsApproval,
  waitsUntil: swap.waitsUntil.toISOString(),
  reason: swap.reason,
  createdAt: swap.createdAt.toISOString(),
  acceptedAt: swap.acceptedAt?.toISOString() ?? null,
  endedAt: swap.endedAt?.toISOString() ?? null,
  version: swap.version,
  duty: dutyView(deal.duty),
  returned: deal.returned ? dutyView(deal.returned) : null,
})

const hindranceView = ({ failure, ...who }: { volunteerId: string; assignmentId: string; failure: Failure }) => ({
  ...who,
  rule: failure.rule,
  detail: failure.text.en,
})

export const swapDetailView = (shown: SwapShown, answers: AnswerRow[], history: HistoryRow[]) => ({
  ...swapView(shown),
  answers: answers.map(({ volunteerId, answer, answeredAt, hindrances }) => ({
    volunteerId,
    answer,
    answeredAt: answeredAt.toISOString(),
    hindrances: hindrances.map(hindranceView),
  })),
  history: history.map((row) => ({
    at: row.at.toISOString(),
    action: row.action,
    from: row.fromState,
    to: row.toState,
    reason: row.reason,
    actor: { kind: row.actorKind, id: row.actorId, door: row.door },
  })),
})

export const boardView = ({ swaps, gaps }: Board) => ({
  swaps: swaps.map((shown) => ({ ...swapView(shown), returns: shown.returns.map(dutyView) })),
  gaps: gaps.map((gap) => ({
    gapId: gap.gapId,
    slotId: gap.slotId,
    postName: gap.postName,
    role: gap.role,
    startsAt: gap.startsAt.toISOString(),
    endsAt: gap.endsAt.toISOString(),
    zone: gap.zone,
  })),
})
