import type { HandoverAt } from './handovers.repository.ts'
import type { MatterRow } from './matters.repository.ts'

const iso = (instant: Date | string | null): string | null =>
  instant === null ? null : new Date(instant).toISOString()

export const handoverView = ({ unitPath: _, ...handover }: HandoverAt) => ({
  ...handover,
  plannedAt: handover.plannedAt.toISOString(),
  actualAt: iso(handover.actualAt),
  outgoingCrew: handover.outgoingCrew.map(memberView),
  incomingCrew: handover.incomingCrew.map(memberView),
  matters: handover.matters.map((matter) => ({
    ...matter,
    dueAt: iso(matter.dueAt),
    createdAt: iso(matter.createdAt)!,
    closedAt: iso(matter.closedAt),
  })),
  outgoingSignedAt: iso(handover.outgoingSignedAt),
  incomingSignedAt: iso(handover.incomingSignedAt),
  reliefMissingAt: iso(handover.reliefMissingAt),
  reliefCameAt: iso(handover.reliefCameAt),
  seenBy: handover.seenBy.map(({ seenBy, seenAt }) => ({ seenBy, seenAt: iso(seenAt)! })),
})

const memberView = (member: HandoverAt['outgoingCrew'][number]) => ({
  ...member,
  checkedInAt: iso(member.checkedInAt),
  checkedOutAt: iso(member.checkedOutAt),
})

export const matterView = (matter: MatterRow) => ({
  id: matter.id,
  text: matter.text,
  owner: matter.owner,
  dueAt: iso(matter.dueAt),
  openedInId: matter.openedInId,
  createdAt: matter.createdAt.toISOString(),
  closedAt: iso(matter.closedAt),
  closedBy: matter.closedBy,
  closingNote: matter.closingNote,
})
