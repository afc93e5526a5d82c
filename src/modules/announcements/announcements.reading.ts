import { linkHolder } from '../../platform/auth/actor.ts'
import { findLink, holdLink } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { type AnnouncementRow, announcementsRepository } from './announcements.repository.ts'
import { standingOf } from './announcements.rules.ts'
import type { Wordings } from './announcements.types.ts'

/** Writes down that somebody has answered a wording; a second time nothing happens. */
export type NoteAnswer = (
  occasion: Occasion,
  row: AnnouncementRow,
  answer: { volunteerId: string; revision: number; reason?: string },
) => Promise<void>

/** What the holder of a link is shown. */
export interface AnnouncementPageFacts {
  locale: Locale
  name: string
  unit: { name: string; zone: string }
  revision: number
  publishedAt: Date
  texts: Wordings
  standing: ReturnType<typeof standingOf>
  acknowledgedAt: Date | null
}

type Deps = Pick<Foundations, 'db' | 'clock'> & { acknowledge: NoteAnswer }

/** The door of a personal link: reading, and answering that one has read. */
export const createReading = ({ db, clock, acknowledge }: Deps) => ({
  /** What the page behind a link shows; undefined for a dead link. Changes nothing: opening is no answer. */
  async openPage(secret: string): Promise<AnnouncementPageFacts | undefined> {
    const now = clock.now()
    const link = await findLink(db, secret, 'announcement', now)
    if (!link) return undefined
    const repository = announcementsRepository(db)
    const found = (await repository.find(link.subjectId))!
    const recipient = await repository.recipient(link.subjectId, link.volunteerId)
    if (!recipient) return undefined
    const { announcement, current, unit } = found
    const { acknowledgedRevision, acknowledgedAt } = recipient
    return {
      ...(await repository.personOf(link.volunteerId)),
      unit,
      revision: announcement.revision,
      publishedAt: current.publishedAt,
      texts: current.texts,
      standing: standingOf({ ...announcement, acknowledgedRevision }, now),
      acknowledgedAt: acknowledgedAt === null ? null : new Date(acknowledgedAt),
    }
  },

  /** Takes the answer; 'stale' when the wording has changed since the page was opened; undefined for a dead link. */
  async answerPage(secret: string, seen: number, requestId: string): Promise<'done' | 'stale' | undefined> {
    return db.transaction(async (tx) => {
      const now = clock.now()
      const link = await holdLink(tx, secret, 'announcement', now)
      const repository = announcementsRepository(tx)
      const recipient = link && (await repository.recipient(link.subjectId, link.volunteerId))
      if (!link || !recipient) return undefined
      const { announcement } = (await repository.find(link.subjectId))!
      const { acknowledgedRevision } = recipient
      const standing = standingOf({ ...announcement, acknowledgedRevision }, now)
      if (standing === 'acknowledged' || standing === 'over') return 'done'
      if (seen < announcement.requiredRevision) return 'stale'
      const { volunteerId } = link
      const answer = { volunteerId, revision: Math.min(seen, announcement.revision) }
      await acknowledge({ tx, actor: linkHolder(link.id, requestId), now }, announcement, answer)
      return 'done'
    })
  },
})
