import { and, asc, desc, eq, exists, gt, inArray, isNull, lte, ne, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { tasks } from '../../platform/queue/queue.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { advanceCascade } from './gap-filling.jobs.ts'
import { cascadeSkips, cascades, gaps, offers } from './gap-filling.tables.ts'
import type { PastAnswers } from './waves.rules.ts'

export type CascadeRow = typeof cascades.$inferSelect
const CHUNK = 2_000
/** Answers older than this, or more of them, say nothing new about a unit. */
const PAST_MS = 90 * 24 * 3_600_000
const MOST_PAST = 1_000

/** Searches as the database keeps them. */
export const searchesRepository = (db: Handle) => {
  const tasksOf = (...conditions: SQL[]) =>
    db
      .select({ one: sql`1` })
      .from(tasks)
      .where(and(eq(tasks.name, advanceCascade.name), sql`${tasks.key} = ${cascades.id}::text`, ...conditions))

  /** Searches below a root that are going on, the most critical first. */
  const openBelow = (rootId: string, ...conditions: SQL[]) =>
    db
      .select({ id: cascades.id })
      .from(cascades)
      .innerJoin(gaps, eq(gaps.id, cascades.gapId))
      .innerJoin(slots, eq(slots.id, gaps.slotId))
      .innerJoin(shifts, eq(shifts.id, slots.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(eq(cascades.state, 'open'), sql`starts_with(${units.path}, ${`/${rootId}/`})`, ...conditions))
      .orderBy(desc(slots.mandatory), asc(posts.priority), asc(shifts.startsAt), asc(cascades.id))

  return {
    async insertCascades(rows: (typeof cascades.$inferInsert)[]): Promise<CascadeRow[]> {
      const inserted: CascadeRow[] = []
      for (let at = 0; at < rows.length; at += CHUNK) {
        inserted.push(
          ...(await db
            .insert(cascades)
            .values(rows.slice(at, at + CHUNK))
            .returning()),
        )
      }
      return inserted
    },

    async findCascade(id: string): Promise<CascadeRow | undefined> {
      const [row] = await db.select().from(cascades).where(eq(cascades.id, id))
      return row
    },

    /** Ends the searches for these gaps that are still going on. */
    endCascades: (gapIds: string[], state: CascadeRow['state'], now: Date) =>
      db
        .update(cascades)
        .set({ state, endedAt: now })
        .where(and(eq(cascades.state, 'open'), inArray(cascades.gapId, gapIds)))
        .returning(),

    noteProgress: (id: string, progress: Pick<CascadeRow, 'wave' | 'history' | 'acceptance'>) =>
      db.update(cascades).set(progress).where(eq(cascades.id, id)),

    /** Searches below one root go one after the other, so that the more important gap has the first choice. */
    lockTree: (rootId: string) =>
      db.execute(sql`select pg_advisory_xact_lock(hashtext('watchbill.cascades'), hashtext(${rootId}))`),

    async rootOf(cascadeId: string): Promise<string | undefined> {
      const [row] = await db
        .select({ path: units.path })
        .from(cascades)
        .innerJoin(gaps, eq(gaps.id, cascades.gapId))
        .innerJoin(rosters, eq(rosters.id, gaps.rosterId))
        .innerJoin(units, eq(units.id, rosters.unitId))
        .where(eq(cascades.id, cascadeId))
      return row?.path.split('/')[1]
    },

    /**
     * Of the searches below a root that are due now (or in another worker's hands, which waits for the same lock), and
     * the given one, the one for the most critical gap. Those in `done` had their turn.
     */
    async mostCritical(rootId: string, cascadeId: string, done: string[], now: Date): Promise<string | undefined> {
      const due = tasksOf(inArray(tasks.state, ['waiting', 'running']), lte(tasks.dueAt, now))
      const [row] = await openBelow(
        rootId,
        notInArray(cascades.id, done),
        sql`(${cascades.id} = ${cascadeId} or ${exists(due)})`,
      ).limit(1)
      return row?.id
    },

    cascadesOf: (gapId: string): Promise<CascadeRow[]> =>
      db.select().from(cascades).where(eq(cascades.gapId, gapId)).orderBy(asc(cascades.createdAt), asc(cascades.id)),

    /** The search for this gap that is going on, held until the end of the transaction. */
    async lockOpen(gapId: string): Promise<CascadeRow | undefined> {
      const [row] = await db
        .select()
        .from(cascades)
        .where(and(eq(cascades.gapId, gapId), eq(cascades.state, 'open')))
        .for('no key update')
      return row
    },

    async setPause(id: string, pausedAt: Date | null): Promise<CascadeRow> {
      const [row] = await db.update(cascades).set({ pausedAt }).where(eq(cascades.id, id)).returning()
      return row!
    },

    /** Where the gap of a search is: its seat and the root of its tree. */
    async placeOf(cascadeId: string) {
      const [row] = await db
        .select({ gapId: gaps.id, slotId: gaps.slotId })
        .from(cascades)
        .innerJoin(gaps, eq(gaps.id, cascades.gapId))
        .where(eq(cascades.id, cascadeId))
      return row
    },

    /** Searches that wait for somebody who is being asked elsewhere, the most critical first. */
    async waitingForPeople(rootId: string, now: Date, atMost: number): Promise<string[]> {
      const waits = tasksOf(eq(tasks.state, 'waiting'), gt(tasks.dueAt, now))
      const rows = await openBelow(rootId, isNull(cascades.pausedAt), exists(waits)).limit(atMost)
      return rows.map((row) => row.id)
    },

    /** Other seats of the same shift and kind that are searched for, and for which nobody is being asked yet. */
    async sharersOf(gapId: string, { shiftId, requirementId }: { shiftId: string; requirementId: string }) {
      const live = db
        .select({ one: sql`1` })
        .from(offers)
        .where(and(eq(offers.gapId, gaps.id), eq(offers.state, 'open')))
      const [row] = await db
        .select({ count: sql<number>`count(*)::int` })
        .from(cascades)
        .innerJoin(gaps, eq(gaps.id, cascades.gapId))
        .innerJoin(slots, eq(slots.id, gaps.slotId))
        .where(
          and(
            eq(cascades.state, 'open'),
            isNull(cascades.pausedAt),
            ne(gaps.id, gapId),
            eq(slots.shiftId, shiftId),
            eq(slots.requirementId, requirementId),
            sql`not ${exists(live)}`,
          ),
        )
      return row!.count
    },

    /**
     * What people answered who were asked for seats of this unit. Whoever was interrupted by another's acceptance
     * counts as asked for the share of their time that had passed.
     */
    async pastAnswers(unitId: string, now: Date): Promise<PastAnswers> {
      const wasWilling = sql`(${offers.state} = 'superseded' and coalesce(${offers.willingAt} <= ${offers.decidedAt}, false))`
      const past = db
        .select({
          accepted: sql<number>`(${offers.state} = 'accepted' or ${wasWilling})::int`.as('accepted'),
          asked: sql<number>`case when ${offers.state} = 'superseded' and not ${wasWilling} then
            least(1, extract(epoch from ${offers.decidedAt} - ${offers.askedAt})
              / greatest(1, extract(epoch from ${offers.expiresAt} - ${offers.askedAt}))) else 1 end`.as('asked'),
        })
        .from(offers)
        .innerJoin(slots, eq(slots.id, offers.slotId))
        .innerJoin(shifts, eq(shifts.id, slots.shiftId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .where(
          and(
            eq(posts.unitId, unitId),
            inArray(offers.state, ['accepted', 'declined', 'expired', 'superseded']),
            gt(offers.askedAt, new Date(now.getTime() - PAST_MS)),
          ),
        )
        .orderBy(desc(offers.askedAt))
        .limit(MOST_PAST)
        .as('past')
      const [row] = await db
        .select({
          accepted: sql<number>`coalesce(sum(${past.accepted}), 0)::float8`,
          asked: sql<number>`coalesce(sum(${past.asked}), 0)::float8`,
        })
        .from(past)
      return row!
    },

    /** How many people did not answer for this seat: requests that lapsed and offers that ran out. */
    async lapsesFor(slotId: string): Promise<number> {
      const [row] = await db
        .select({
          count: sql<number>`(select count(*) from ${assignments} where ${assignments.slotId} = ${slotId} and ${assignments.state} = 'lapsed')::int
            + (select count(*) from ${offers} where ${offers.slotId} = ${slotId} and ${offers.state} = 'expired')::int`,
        })
        .from(sql`(values (1)) as one`)
      return row!.count
    },

    /** Says once for each search and rule that somebody's turn was skipped. */
    async insertSkips(rows: (typeof cascadeSkips.$inferInsert)[]): Promise<void> {
      for (let at = 0; at < rows.length; at += CHUNK) {
        await db
          .insert(cascadeSkips)
          .values(rows.slice(at, at + CHUNK))
          .onConflictDoNothing()
      }
    },

    skipsOf: (cascadeIds: string[]) =>
      db
        .select()
        .from(cascadeSkips)
        .where(inArray(cascadeSkips.cascadeId, cascadeIds))
        .orderBy(asc(cascadeSkips.skippedAt), asc(cascadeSkips.id)),
  }
}

export type SkipRow = typeof cascadeSkips.$inferSelect
