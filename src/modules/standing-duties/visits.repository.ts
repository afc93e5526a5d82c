import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { visitPlans, visits } from './standing-duties.tables.ts'

export type VisitRow = typeof visits.$inferSelect
export type VisitAt = Awaited<ReturnType<ReturnType<typeof visitsRepository>['list']>>[number]

export const visitsRepository = (db: Handle) => ({
  /** Rows that were there already are left as they are. */
  insert: (rows: (typeof visits.$inferInsert)[]): Promise<VisitRow[]> =>
    rows.length === 0 ? Promise.resolve([]) : db.insert(visits).values(rows).onConflictDoNothing().returning(),

  async find(id: string) {
    const [row] = await db
      .select({ visit: visits, zone: visitPlans.zone, unitId: visitPlans.unitId, unitPath: units.path })
      .from(visits)
      .innerJoin(visitPlans, eq(visitPlans.id, visits.planId))
      .innerJoin(units, eq(units.id, visitPlans.unitId))
      .where(eq(visits.id, id))
      .for('update', { of: visits })
    return row
  },

  change: (condition: SQL | undefined, changes: Partial<typeof visits.$inferInsert>): Promise<VisitRow[]> =>
    db.update(visits).set(changes).where(condition).returning(),

  /** Visits of a day nobody has reported. */
  unreported: (planId: string, day: string): Promise<VisitRow[]> =>
    db
      .select()
      .from(visits)
      .where(and(eq(visits.planId, planId), eq(visits.localDay, day), eq(visits.state, 'due')))
      .orderBy(asc(visits.volunteerId), asc(visits.id)),

  list: (conditions: (SQL | undefined)[], page?: Keyset) => {
    const query = db
      .select({
        visit: visits,
        postName: posts.name,
        postAddress: posts.address,
        displayName: volunteers.displayName,
        zone: visitPlans.zone,
      })
      .from(visits)
      .innerJoin(posts, eq(posts.id, visits.postId))
      .innerJoin(volunteers, eq(volunteers.id, visits.volunteerId))
      .innerJoin(visitPlans, eq(visitPlans.id, visits.planId))
      .where(and(...conditions, page?.after))
      .$dynamic()
    return page
      ? query.orderBy(...page.orderBy).limit(page.limit)
      : query.orderBy(asc(visits.dueAt), asc(posts.name), asc(visits.id))
  },

  counts: async (planId: string, day: string) => {
    const rows = await db
      .select({ state: visits.state, count: sql<number>`count(*)::int` })
      .from(visits)
      .where(and(eq(visits.planId, planId), eq(visits.localDay, day)))
      .groupBy(visits.state)
    return new Map(rows.map((row) => [row.state, row.count]))
  },

  /** Visits still owed by duties that are over. */
  cancelOf: (dutyIds: string[]): Promise<VisitRow[]> =>
    db
      .update(visits)
      .set({ state: 'cancelled' })
      .where(and(inArray(visits.dutyId, dutyIds), eq(visits.state, 'due')))
      .returning(),
})
