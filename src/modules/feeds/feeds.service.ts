import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { hashSecret, newSecret } from '../../platform/auth/secrets.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { calendarOf } from './feeds.calendar.ts'
import { feedProblems } from './feeds.problems.ts'
import { feedsRepository } from './feeds.repository.ts'
import { windowAt } from './feeds.rules.ts'
import type { CalendarFeedList } from './feeds.schemas.ts'
import { calendarFeeds } from './feeds.tables.ts'
import type { FeedSubject } from './feeds.types.ts'
import { feedView } from './feeds.views.ts'

export type Feeds = ReturnType<typeof createFeeds>

/** Reads closer together than this are noted as one. */
const NOTED_MS = 60_000

export interface FeedsDeps extends Foundations {
  address: { readonly publicUrl: string }
}

/**
 * Calendars to subscribe to. Promises: an address is shown once and its secret is not stored, a revoked one is as good
 * as unknown from the next read on, and no calendar names anybody.
 */
export function createFeeds({ db, clock, address }: FeedsDeps) {
  const repository = feedsRepository(db)

  async function unitOf(handle: Handle, actor: Actor, subject: FeedSubject, id: string): Promise<string> {
    const found = await feedsRepository(handle).findSubject(subject, id)
    assertCovers(actor, found?.unitPath, () => feedProblems.subjectUnknown(subject, id))
    return found!.unitId
  }

  return {
    /** Makes an address and returns it with its secret, which cannot be shown again. */
    async createFeed(actor: Actor, subject: FeedSubject, subjectId: string) {
      return db.transaction(async (tx) => {
        const unitId = await unitOf(tx, actor, subject, subjectId)
        const now = clock.now()
        const secret = newSecret()
        const feed = await feedsRepository(tx).insertFeed({
          id: newId(),
          volunteerId: subject === 'volunteer' ? subjectId : null,
          postId: subject === 'post' ? subjectId : null,
          tokenHash: hashSecret(secret),
          createdAt: now,
        })
        await audit(tx, actor, now, {
          action: 'calendar-feed.created',
          subject: { type: 'calendar-feed', id: feed.id },
          unitId,
          facts: { [`${subject}Id`]: subjectId },
        })
        return { ...feedView(feed), url: `${address.publicUrl}/feeds/${secret}.ics` }
      })
    },

    async listFeeds(actor: Actor, subject: FeedSubject, subjectId: string, query: z.output<typeof CalendarFeedList>) {
      await unitOf(db, actor, subject, subjectId)
      const page = keyset(query, { createdAt: calendarFeeds.createdAt }, calendarFeeds.id)
      return toPage(query, await repository.listFeeds(subject, subjectId, page), (row) => row.createdAt, feedView)
    },

    async revokeFeed(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const repo = feedsRepository(tx)
        const found = await repo.findFeed(id)
        assertCovers(actor, found?.unitPath, () => feedProblems.feedUnknown(id))
        const now = clock.now()
        const revoked = await repo.revoke(id, now)
        if (!revoked) return feedView((await repo.findFeed(id))!.feed)
        await audit(tx, actor, now, {
          action: 'calendar-feed.revoked',
          subject: { type: 'calendar-feed', id },
          unitId: found!.unitId,
        })
        return feedView(revoked)
      })
    },

    /** The calendar behind a secret, with the tag of what it says; undefined for unknown and revoked ones alike. */
    async readFeed(secret: string): Promise<{ text: string; etag: string } | undefined> {
      const found = await repository.findLive(hashSecret(secret))
      if (!found) return undefined
      const now = clock.now()
      const { feed } = found
      if (!feed.lastReadAt || now.getTime() - feed.lastReadAt.getTime() > NOTED_MS) await repository.touch(feed.id, now)
      const text = calendarOf(found, await repository.dutiesOf(feed, windowAt(now)))
      return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` }
    },
  }
}
