import type { LiveRow } from './problem.repository.ts'
import type { RosterAt } from './rosters.repository.ts'
import type { OpenSeats, RosterDiff } from './rosters.rules.ts'
import type { rosterVersions } from './rosters.tables.ts'

export const diffView = (diff: RosterDiff, live: LiveRow[], open: OpenSeats) => {
  const stateOf = new Map(live.map((row) => [row.id, row.state]))
  const slotsOf = (rows: { volunteerId: string; slotId: string }[], id: string) =>
    rows.filter((row) => row.volunteerId === id).map((row) => row.slotId)
  return {
    added: diff.added,
    removed: diff.removed.map(({ slotId, volunteerId, assignmentId }) => ({
      slotId,
      volunteerId,
      assignmentId,
      state: stateOf.get(assignmentId)!,
    })),
    moved: diff.movedIds.map((volunteerId) => ({
      volunteerId,
      fromSlotIds: slotsOf(diff.removed, volunteerId),
      toSlotIds: slotsOf(diff.added, volunteerId),
    })),
    kept: diff.kept.length,
    peopleAffected: diff.affectedIds,
    confirmedPeopleAffected: diff.confirmedAffectedIds,
    openMandatorySlotIds: open.mandatory,
    openDesiredSlotIds: open.desired,
  }
}

export const publicationView = (roster: RosterAt, diff: RosterDiff, live: LiveRow[], open: OpenSeats) => ({
  rosterId: roster.id,
  number: roster.publishedVersion + 1,
  summary: {
    added: diff.added.length,
    removed: diff.removed.length,
    moved: diff.movedIds.length,
    kept: diff.kept.length,
  },
  ...diffView(diff, live, open),
})

export const versionView = (version: typeof rosterVersions.$inferSelect) => ({
  number: version.number,
  publishedAt: version.publishedAt.toISOString(),
  publishedBy: version.publishedBy,
  note: version.note,
  summary: version.summary,
})
