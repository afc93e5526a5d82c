import { audit } from '../../platform/audit/audit.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { chaseAnnouncement } from './announcements.jobs.ts'
import { type AnnouncementRow, announcementsRepository, type Missing } from './announcements.repository.ts'
import { type ChaseStep, chaseSteps } from './announcements.rules.ts'

export type MessageKind = 'announcement' | 'announcement-changed' | 'announcement-reminder'

/** Telling people, and telling again those who do not answer. */
export function createChasing({ notifications }: { notifications: Notifications }) {
  /** When the wording that counts went out, with all that follows from it. */
  async function planOf({ tx }: Occasion, row: AnnouncementRow): Promise<ChaseStep[]> {
    const revisions = await announcementsRepository(tx).revisionsOf(row.id)
    const counting = revisions.find((one) => one.revision === row.requiredRevision)!
    return chaseSteps(counting.publishedAt, row)
  }

  async function scheduleNext(occasion: Occasion, row: AnnouncementRow): Promise<void> {
    const next = (await planOf(occasion, row))[row.chased]
    if (!next) return
    const payload = { announcementId: row.id, revision: row.requiredRevision, step: next.step }
    await schedule(occasion.tx, chaseAnnouncement, { payload, key: row.id, dueAt: next.dueAt }, occasion.now)
  }

  /** One message to each, by one statement for thousands; `round` keeps this one apart from others to the same people. */
  const tell = (occasion: Occasion, row: AnnouncementRow, kind: MessageKind, people: string[], round: string) =>
    notifications.notify(
      occasion,
      people.map((volunteerId) => ({
        volunteerId,
        template: row.urgent ? `${kind}-urgent` : kind,
        subjectId: row.id,
        purpose: `${kind}:${row.id}:${round}`,
      })),
    )

  async function escalate(occasion: Occasion, row: AnnouncementRow, missing: Missing[]): Promise<void> {
    const unitIds = [...new Set(missing.map((one) => one.responsibleUnitId))]
    const purpose = `announcement-overdue:${row.id}:${row.requiredRevision}`
    await notifications.notify(
      occasion,
      unitIds.map((unitId) => ({ unitId, template: 'announcement-overdue', subjectId: row.id, purpose })),
    )
  }

  return {
    tell,
    scheduleNext,

    /** Takes the next step about those who have not answered, once. */
    async takeStep(occasion: Occasion, row: AnnouncementRow, step: number): Promise<void> {
      const { tx, actor, now } = occasion
      const due = row.chased === step ? (await planOf(occasion, row))[step] : undefined
      if (!due || due.dueAt > now) return scheduleNext(occasion, row)
      const missing = await announcementsRepository(tx).missing(row.id)
      const after = await announcementsRepository(tx).update(row.id, { chased: step + 1, updatedAt: now })
      if (missing.length === 0) return scheduleNext(occasion, after)
      const people = missing.map((one) => one.volunteerId)
      if (due.kind === 'escalate') await escalate(occasion, row, missing)
      else await tell(occasion, row, 'announcement-reminder', people, `${row.requiredRevision}:${step}`)
      await audit(tx, actor, now, {
        action: due.kind === 'escalate' ? 'announcement.escalated' : 'announcement.chased',
        subject: { type: 'announcement', id: row.id },
        unitId: row.unitId,
        facts: { people: people.length, step, revision: row.requiredRevision },
      })
      await scheduleNext(occasion, after)
    },
  }
}
