import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, primaryId } from '../../platform/db/columns.ts'
import { posts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

/** A calendar address that holds until it is revoked. The secret itself is never stored, only its SHA-256. */
export const calendarFeeds = pgTable(
  'calendar_feeds',
  {
    id: primaryId(),
    volunteerId: uuid('volunteer_id').references(() => volunteers.id),
    postId: uuid('post_id').references(() => posts.id),
    tokenHash: text('token_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastReadAt: instant('last_read_at'),
  },
  (t) => [
    uniqueIndex('calendar_feeds_token_hash').on(t.tokenHash),
    index('calendar_feeds_volunteer').on(t.volunteerId, t.createdAt),
    index('calendar_feeds_post').on(t.postId, t.createdAt),
    check('calendar_feeds_one_subject', sql`num_nonnulls(${t.volunteerId}, ${t.postId}) = 1`),
  ],
)
