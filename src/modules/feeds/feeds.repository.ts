import { and, asc, eq, gt, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { CALLED_OFF, type FeedWindow } from './feeds.rules.ts'
import { calendarFeeds } from './feeds.tables.ts'
import type { FeedDuty, FeedSubject, Language } from './feeds.types.ts'

export type FeedRow = typeof calendarFeeds.$inferSelect

const homes = alias(units, 'homes')
const SUBJECTS = {
  volunteer: { table: volunteers, id: volunteers.id, unitId: volunteers.unitId, column: calendarFeeds.volunteerId },
  post: { table: posts, id: posts.id, unitId: posts.unitId, column: calendarFeeds.postId },
} as const

export const feedsRepository = (db: Handle) => {
  const feeds = () =>
    db
      .select({
        feed: calendarFeeds,
        unitId: sql<string>`coalesce(${units.id}, ${homes.id})`,
        unitPath: sql<string>`coalesce(${units.path}, ${homes.path})`,
        language: sql<Language>`coalesce(${volunteers.locale}, ${units.locale})`,
        personName: volunteers.displayName,
        postName: posts.name,
      })
      .from(calendarFeeds)
      .leftJoin(volunteers, eq(volunteers.id, calendarFeeds.volunteerId))
      .leftJoin(homes, eq(homes.id, volunteers.unitId))
      .leftJoin(posts, eq(posts.id, calendarFeeds.postId))
      .leftJoin(units, eq(units.id, posts.unitId))

  return {
    async findSubject(subject: FeedSubject, id: string): Promise<{ unitId: string; unitPath: string } | undefined> {
      const { table, id: key, unitId } = SUBJECTS[subject]
      const [found] = await db
        .select({ unitId: units.id, unitPath: units.path })
        .from(table)
        .innerJoin(units, eq(units.id, unitId))
        .where(eq(key, id))
      return found
    },

    insertFeed: async (row: typeof calendarFeeds.$inferInsert): Promise<FeedRow> =>
      (await db.insert(calendarFeeds).values(row).returning())[0]!,

    listFeeds: (subject: FeedSubject, id: string, page: Keyset): Promise<FeedRow[]> =>
      db
        .select()
        .from(calendarFeeds)
        .where(and(eq(SUBJECTS[subject].column, id), page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    findFeed: async (id: string) => (await feeds().where(eq(calendarFeeds.id, id)))[0],

    findLive: async (tokenHash: string) =>
      (await feeds().where(and(eq(calendarFeeds.tokenHash, tokenHash), isNull(calendarFeeds.revokedAt))))[0],

    touch: (id: string, now: Date) => db.update(calendarFeeds).set({ lastReadAt: now }).where(eq(calendarFeeds.id, id)),

    /** The row after the change, or undefined when it was revoked already. */
    async revoke(id: string, now: Date): Promise<FeedRow | undefined> {
      const [row] = await db
        .update(calendarFeeds)
        .set({ revokedAt: now })
        .where(and(eq(calendarFeeds.id, id), isNull(calendarFeeds.revokedAt)))
        .returning()
      return row
    },

    dutiesOf: (feed: FeedRow, { from, to, calledOffSince }: FeedWindow): Promise<FeedDuty[]> =>
      db
        .select({
          assignmentId: assignments.id,
          assignmentVersion: assignments.version,
          assignmentChangedAt: assignments.updatedAt,
          state: assignments.state,
          startsAt: assignments.startsAt,
          endsAt: assignments.endsAt,
          zone: shifts.zone,
          kind: shifts.kind,
          role: slots.role,
          postName: posts.name,
          postVersion: posts.version,
          postChangedAt: posts.updatedAt,
          address: posts.address,
          phone: posts.phone,
        })
        .from(assignments)
        .innerJoin(slots, eq(slots.id, assignments.slotId))
        .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .where(
          and(
            feed.volunteerId ? eq(assignments.volunteerId, feed.volunteerId) : eq(shifts.postId, feed.postId!),
            gt(assignments.endsAt, from),
            lt(assignments.startsAt, to),
            or(sql`not ${inArray(assignments.state, [...CALLED_OFF])}`, gte(assignments.updatedAt, calledOffSince)),
          ),
        )
        .orderBy(asc(assignments.startsAt), asc(assignments.id)),
  }
}
