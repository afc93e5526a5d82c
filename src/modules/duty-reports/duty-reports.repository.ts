import { and, asc, desc, eq, gt, gte, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import type { LocalDateTime } from '../../time/zones.ts'
import { unitResponsibles, units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { dutyReports, reportFilings, reportObligations } from './duty-reports.tables.ts'
import type { Reporter } from './duty-reports.types.ts'

export { type ReportFilter, type ReportLine, streamReports } from './duty-reports.stream.ts'

export type ObligationRow = typeof reportObligations.$inferSelect
export type ReportRow = typeof dutyReports.$inferSelect
export type FilingRow = typeof reportFilings.$inferSelect

const at = { unitPath: units.path, unitName: units.name, unitLocale: units.locale }

export const dutyReportsRepository = (db: Handle) => ({
  insertObligation: async (row: typeof reportObligations.$inferInsert): Promise<ObligationRow> =>
    (await db.insert(reportObligations).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async updateObligation(id: string, version: number, changes: Partial<typeof reportObligations.$inferInsert>) {
    const [row] = await db
      .update(reportObligations)
      .set({ ...changes, version: sql`${reportObligations.version} + 1` })
      .where(and(eq(reportObligations.id, id), eq(reportObligations.version, version)))
      .returning()
    return row
  },

  async findObligation(id: string) {
    const [row] = await db
      .select({ obligation: reportObligations, postName: posts.name, ...at })
      .from(reportObligations)
      .innerJoin(units, eq(units.id, reportObligations.unitId))
      .leftJoin(posts, eq(posts.id, reportObligations.postId))
      .where(eq(reportObligations.id, id))
    return row
  },

  listObligations: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ obligation: reportObligations })
      .from(reportObligations)
      .innerJoin(units, eq(units.id, reportObligations.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** The unit of each of these reports. */
  async unitsOf(reportIds: string[]): Promise<Map<string, string>> {
    const rows = await db
      .select({ id: dutyReports.id, unitId: dutyReports.unitId })
      .from(dutyReports)
      .where(inArray(dutyReports.id, reportIds))
    return new Map(rows.map((row) => [row.id, row.unitId]))
  },

  /** What this obligation feeds, and what that feeds, to the top. */
  async chainAboveObligation(id: string): Promise<string[]> {
    const rows = await db.execute<{ id: string }>(sql`
      with recursive chain(id, depth) as (
        select feeds_id, 1 from report_obligations where id = ${id} and feeds_id is not null
        union all
        select o.feeds_id, depth + 1 from report_obligations o join chain on o.id = chain.id
        where o.feeds_id is not null and depth < 20)
      select id from chain`)
    return [...rows].map((row) => row.id)
  },

  /** Rows that are really new: a deadline is one report for ever. */
  insertReports: async (rows: (typeof dutyReports.$inferInsert)[]): Promise<ReportRow[]> =>
    rows.length === 0 ? [] : db.insert(dutyReports).values(rows).onConflictDoNothing().returning(),

  /** Deadlines to come for which nothing was filed: they go when the obligation's times change. */
  withdrawReports: (obligationId: string, now: Date, kept: LocalDateTime[]): Promise<ReportRow[]> =>
    db
      .delete(dutyReports)
      .where(
        and(
          eq(dutyReports.obligationId, obligationId),
          eq(dutyReports.state, 'due'),
          gt(dutyReports.dueAt, now),
          sql`not ${dutyReports.dueLocal} = any(${sql.param(kept)}::text[])`,
        ),
      )
      .returning(),

  upcoming: (obligationId: string, now: Date) =>
    db
      .select({ id: dutyReports.id, dueAt: dutyReports.dueAt })
      .from(dutyReports)
      .where(and(eq(dutyReports.obligationId, obligationId), eq(dutyReports.state, 'due'), gt(dutyReports.dueAt, now))),

  async findReport(id: string) {
    const [row] = await db
      .select({ report: dutyReports, obligation: reportObligations, postName: posts.name, ...at })
      .from(dutyReports)
      .innerJoin(reportObligations, eq(reportObligations.id, dutyReports.obligationId))
      .innerJoin(units, eq(units.id, dutyReports.unitId))
      .leftJoin(posts, eq(posts.id, reportObligations.postId))
      .where(eq(dutyReports.id, id))
    return row
  },

  async lockReport(id: string): Promise<ReportRow | undefined> {
    const [row] = await db.select().from(dutyReports).where(eq(dutyReports.id, id)).for('no key update')
    return row
  },

  async updateReport(id: string, changes: Partial<typeof dutyReports.$inferInsert>): Promise<ReportRow> {
    const [row] = await db
      .update(dutyReports)
      .set({ ...changes, version: sql`${dutyReports.version} + 1` })
      .where(eq(dutyReports.id, id))
      .returning()
    return row!
  },

  insertFiling: async (row: typeof reportFilings.$inferInsert): Promise<FilingRow> =>
    (await db.insert(reportFilings).values(row).returning())[0]!,

  filingsOf: (reportIds: string[]) =>
    db
      .select({ filing: reportFilings, by: volunteers.displayName })
      .from(reportFilings)
      .leftJoin(volunteers, eq(volunteers.id, reportFilings.volunteerId))
      .where(inArray(reportFilings.reportId, reportIds))
      .orderBy(asc(reportFilings.reportId), asc(reportFilings.number)),

  listReports: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ report: dutyReports, obligation: reportObligations, postName: posts.name, ...at })
      .from(dutyReports)
      .innerJoin(reportObligations, eq(reportObligations.id, dutyReports.obligationId))
      .innerJoin(units, eq(units.id, dutyReports.unitId))
      .leftJoin(posts, eq(posts.id, reportObligations.postId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** Reports that feed this one: those due since its previous deadline. */
  async childrenOf({ obligationId, dueAt }: Pick<ReportRow, 'obligationId' | 'dueAt'>) {
    const [previous] = await db
      .select({ dueAt: dutyReports.dueAt })
      .from(dutyReports)
      .where(and(eq(dutyReports.obligationId, obligationId), lt(dutyReports.dueAt, dueAt)))
      .orderBy(desc(dutyReports.dueAt))
      .limit(1)
    return db
      .select({
        report: dutyReports,
        name: reportObligations.name,
        unitName: units.name,
        postName: posts.name,
        content: reportFilings.content,
      })
      .from(dutyReports)
      .innerJoin(reportObligations, eq(reportObligations.id, dutyReports.obligationId))
      .innerJoin(units, eq(units.id, dutyReports.unitId))
      .leftJoin(posts, eq(posts.id, reportObligations.postId))
      .leftJoin(
        reportFilings,
        and(eq(reportFilings.reportId, dutyReports.id), eq(reportFilings.number, dutyReports.filings)),
      )
      .where(
        and(
          eq(reportObligations.feedsId, obligationId),
          lte(dutyReports.dueAt, dueAt),
          previous ? gt(dutyReports.dueAt, previous.dueAt) : undefined,
        ),
      )
      .orderBy(asc(units.name), asc(dutyReports.dueAt), asc(dutyReports.id))
  },

  /** The next report of the obligation that this one feeds: the first due no earlier. */
  async parentOf(feedsId: string, dueAt: Date): Promise<ReportRow | undefined> {
    const [row] = await db
      .select()
      .from(dutyReports)
      .where(and(eq(dutyReports.obligationId, feedsId), gte(dutyReports.dueAt, dueAt)))
      .orderBy(asc(dutyReports.dueAt))
      .limit(1)
    return row
  },

  /** Who has to file now: those named, and whoever holds a seat at a post named. A relief at the deadline is not asked. */
  async reportersAt(reporters: Reporter[], moment: Date): Promise<string[]> {
    const named = reporters.flatMap((one) => ('volunteerId' in one ? [one.volunteerId] : []))
    const seats = reporters.flatMap((one) => ('postId' in one ? [one] : []))
    const onDuty = await Promise.all(
      seats.map(({ postId, role }) =>
        db
          .select({ volunteerId: assignments.volunteerId })
          .from(assignments)
          .innerJoin(slots, eq(slots.id, assignments.slotId))
          .innerJoin(shifts, eq(shifts.id, slots.shiftId))
          .where(
            and(
              eq(shifts.postId, postId),
              role ? eq(slots.role, role) : undefined,
              stateIn(assignments.state, LIVE),
              lt(assignments.startsAt, moment),
              gte(assignments.endsAt, moment),
            ),
          ),
      ),
    )
    return [...new Set([...named, ...onDuty.flat().map((one) => one.volunteerId)])].sort()
  },

  /** Units from this one up to the root that have responsible people; the unit itself when none has. */
  async chainAboveUnit(path: string): Promise<string[]> {
    const line = path.split('/').filter(Boolean).reverse()
    const rows = await db
      .selectDistinct({ unitId: unitResponsibles.unitId })
      .from(unitResponsibles)
      .where(inArray(unitResponsibles.unitId, line))
    const chain = line.filter((id) => rows.some((row) => row.unitId === id))
    return chain.length > 0 ? chain : line.slice(0, 1)
  },

  unitPaths: async (ids: string[]): Promise<Map<string, string>> => {
    const rows = await db.select({ id: units.id, path: units.path }).from(units).where(inArray(units.id, ids))
    return new Map(rows.map((row) => [row.id, row.path]))
  },

  /** Paths of the home units of these people. */
  homePaths: async (ids: string[]): Promise<Map<string, string>> => {
    const rows = await db
      .select({ id: volunteers.id, path: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(inArray(volunteers.id, ids))
    return new Map(rows.map((row) => [row.id, row.path]))
  },

  postUnits: async (ids: string[]): Promise<Map<string, { unitId: string; path: string }>> => {
    const rows = await db
      .select({ id: posts.id, unitId: units.id, path: units.path })
      .from(posts)
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(inArray(posts.id, ids))
    return new Map(rows.map(({ id, ...row }) => [id, row]))
  },
})

export type ReportFacts = NonNullable<Awaited<ReturnType<ReturnType<typeof dutyReportsRepository>['findReport']>>>
export type ChildFacts = Awaited<ReturnType<ReturnType<typeof dutyReportsRepository>['childrenOf']>>[number]
