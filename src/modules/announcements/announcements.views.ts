import type { announcementsRepository, Found, RevisionRow } from './announcements.repository.ts'

type Repository = ReturnType<typeof announcementsRepository>
type UnitCount = Awaited<ReturnType<Repository['countsByUnit']>>[number]
type RollRow = Awaited<ReturnType<Repository['listRecipients']>>[number]

const wordings = (texts: RevisionRow['texts']) => texts as Record<string, { title: string; text: string }>

export const announcementView = ({ announcement, current }: Pick<Found, 'announcement' | 'current'>) => ({
  id: announcement.id,
  unitId: announcement.unitId,
  state: announcement.state,
  texts: wordings(current.texts),
  audience: announcement.audience,
  urgent: announcement.urgent,
  revision: announcement.revision,
  requiredRevision: announcement.requiredRevision,
  remindAfterMinutes: announcement.remindAfterMinutes,
  escalateAfterMinutes: announcement.escalateAfterMinutes,
  expiresAt: announcement.expiresAt?.toISOString() ?? null,
  createdAt: announcement.createdAt.toISOString(),
  updatedAt: announcement.updatedAt.toISOString(),
  endedAt: announcement.endedAt?.toISOString() ?? null,
  version: announcement.version,
})

const countView = ({ recipients, acknowledged, unreached }: Omit<UnitCount, 'unitId' | 'unitName' | 'unitPath'>) => ({
  recipients,
  acknowledged,
  missing: recipients - acknowledged,
  unreached,
})

export function announcementDetailView(found: Found, counts: UnitCount[], revisions: RevisionRow[]) {
  const sum = (key: 'recipients' | 'acknowledged' | 'unreached') => counts.reduce((total, one) => total + one[key], 0)
  const total = { recipients: sum('recipients'), acknowledged: sum('acknowledged'), unreached: sum('unreached') }
  return {
    ...announcementView(found),
    counts: countView(total),
    units: counts.map((one) => ({ unitId: one.unitId, unitName: one.unitName, ...countView(one) })),
    revisions: revisions.map(({ revision, material, texts, publishedAt, publishedBy }) => ({
      revision,
      material,
      texts: wordings(texts),
      publishedAt: publishedAt.toISOString(),
      publishedBy,
    })),
  }
}

export const recipientView = (row: RollRow) => ({
  volunteerId: row.id,
  displayName: row.displayName,
  unitId: row.unitId,
  unitName: row.unitName,
  acknowledged: row.acknowledged,
  acknowledgedRevision: row.acknowledgedRevision,
  acknowledgedAt: row.acknowledgedAt === null ? null : new Date(row.acknowledgedAt).toISOString(),
  messageState: row.messageState as 'queued' | null,
})
