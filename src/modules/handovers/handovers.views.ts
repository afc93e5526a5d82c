import type { HandoverAt } from './handovers.repository.ts'
import type { HandoverLine } from './handovers.types.ts'
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
  reports: handover.reports.map(({ content: _content, schema: _schema, name, ...report }) => ({
    ...report,
    name: name as Record<string, string>,
    dueAt: iso(report.dueAt)!,
    filedAt: iso(report.filedAt)!,
  })),
  outgoingSignedAt: iso(handover.outgoingSignedAt),
  incomingSignedAt: iso(handover.incomingSignedAt),
  reliefMissingAt: iso(handover.reliefMissingAt),
  reliefCameAt: iso(handover.reliefCameAt),
  seenBy: handover.seenBy.map(({ seenBy, seenAt }) => ({ seenBy, seenAt: iso(seenAt)! })),
})

const INSTANTS = [
  'plannedAt',
  'actualAt',
  'outgoingSignedAt',
  'incomingSignedAt',
  'reliefMissingAt',
  'reliefCameAt',
] as const satisfies (keyof HandoverLine)[]

/** A row of the log as a cursor brings it, where moments may still be text. */
export const handoverLine = (row: HandoverLine): HandoverLine => ({
  ...row,
  ...Object.fromEntries(INSTANTS.map((key) => [key, row[key] && new Date(row[key])])),
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
