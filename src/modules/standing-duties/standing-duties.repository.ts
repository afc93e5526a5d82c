import { and, asc, eq, gt, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { cases, LIVE_DUTY, standingDuties, visitPlans } from './standing-duties.tables.ts'
import type { Teammate } from './teams.rules.ts'

export type PlanRow = typeof visitPlans.$inferSelect
export type CaseRow = typeof cases.$inferSelect
export type DutyRow = typeof standingDuties.$inferSelect
export type DutyAt = Awaited<ReturnType<ReturnType<typeof standingRepository>['listDuties']>>[number]

const isLive = stateIn(standingDuties.state, LIVE_DUTY)

export const standingRepository = (db: Handle) => ({
  async findPlan(id: string) {
    const [row] = await db
      .select({ plan: visitPlans, unitPath: units.path })
      .from(visitPlans)
      .innerJoin(units, eq(units.id, visitPlans.unitId))
      .where(eq(visitPlans.id, id))
    return row
  },

  lockPlan: (id: string) =>
    db.select({ id: visitPlans.id }).from(visitPlans).where(eq(visitPlans.id, id)).for('no key update'),

  insertPlan: async (row: typeof visitPlans.$inferInsert): Promise<PlanRow> =>
    (await db.insert(visitPlans).values(row).returning())[0]!,

  changePlan: async (id: string, changes: Partial<typeof visitPlans.$inferInsert>): Promise<PlanRow> =>
    (
      await db
        .update(visitPlans)
        .set({ ...changes, version: sql`${visitPlans.version} + 1` })
        .where(eq(visitPlans.id, id))
        .returning()
    )[0]!,

  listPlans: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ plan: visitPlans })
      .from(visitPlans)
      .innerJoin(units, eq(units.id, visitPlans.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .then((rows) => rows.map((row) => row.plan)),

  async findCase(id: string) {
    const [row] = await db
      .select({ case: cases, unitPath: units.path, zone: units.zone })
      .from(cases)
      .innerJoin(units, eq(units.id, cases.unitId))
      .where(eq(cases.id, id))
    return row
  },

  lockCase: (id: string) => db.select({ id: cases.id }).from(cases).where(eq(cases.id, id)).for('no key update'),

  insertCase: async (row: typeof cases.$inferInsert): Promise<CaseRow> =>
    (await db.insert(cases).values(row).returning())[0]!,

  changeCase: async (id: string, changes: Partial<typeof cases.$inferInsert>): Promise<CaseRow> =>
    (
      await db
        .update(cases)
        .set({ ...changes, version: sql`${cases.version} + 1` })
        .where(eq(cases.id, id))
        .returning()
    )[0]!,

  listCases: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ case: cases })
      .from(cases)
      .innerJoin(units, eq(units.id, cases.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .then((rows) => rows.map((row) => row.case)),

  /** Active posts by id, or of some kinds below a unit. */
  sites: (unitPath: string, ids: string[], kinds: string[]) =>
    db
      .select({ id: posts.id, name: posts.name, unitPath: units.path })
      .from(posts)
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(
        and(
          eq(posts.active, true),
          or(inArray(posts.id, ids), and(inArray(posts.kind, kinds), sql`starts_with(${units.path}, ${unitPath})`)),
        ),
      )
      .orderBy(asc(posts.id)),

  /** People with their standing duties counted; of a subtree, or by id. Who has left or may not be contacted is no help. */
  async people(where: { ids: string[] } | { unitPath: string }, on: string): Promise<(Teammate & { name: string })[]> {
    const which =
      'ids' in where ? sql`v.id = any(${sql.param(where.ids)}::uuid[])` : sql`starts_with(home.path, ${where.unitPath})`
    const rows = await db.execute<{
      id: string
      name: string
      personClass: Teammate['personClass']
      grade: string | null
      unitPath: string
      load: number
      qualificationIds: string[]
    }>(sql`
      select v.id, v.display_name as name, v.person_class as "personClass", v.grade, home.path as "unitPath",
        (select count(*)::int from standing_duties d where d.volunteer_id = v.id and d.state in ('proposed', 'active')) as load,
        (select coalesce(json_agg(q.qualification_id), '[]') from volunteer_qualifications q where q.volunteer_id = v.id
          and (q.valid_from is null or q.valid_from <= ${on}::date) and (q.valid_to is null or q.valid_to > ${on}::date)) as "qualificationIds"
      from volunteers v join units home on home.id = v.unit_id
      where ${which} and not v.do_not_contact and (v.left_on is null or v.left_on > ${on}::date)
        and (v.joined_on is null or v.joined_on <= ${on}::date)
      order by v.id`)
    return [...rows]
  },

  homesOf: (ids: string[]) =>
    db
      .select({ id: volunteers.id, unitPath: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(inArray(volunteers.id, ids)),

  insertDuties: (rows: (typeof standingDuties.$inferInsert)[]): Promise<DutyRow[]> =>
    rows.length === 0 ? Promise.resolve([]) : db.insert(standingDuties).values(rows).returning(),

  changeDuties: (condition: SQL | undefined, changes: PgUpdateSetSource<typeof standingDuties>): Promise<DutyRow[]> =>
    db.update(standingDuties).set(changes).where(condition).returning(),

  liveDuties: (condition: SQL): Promise<DutyRow[]> =>
    db.select().from(standingDuties).where(and(isLive, condition)).orderBy(asc(standingDuties.id)),

  /** Everybody who has ever held or refused a site or a role: they are not asked for it again by themselves. */
  everAsked: async (condition: SQL): Promise<Set<string>> => {
    const rows = await db.selectDistinct({ id: standingDuties.volunteerId }).from(standingDuties).where(condition)
    return new Set(rows.map((row) => row.id))
  },

  async sitesEverKept(planId: string): Promise<number> {
    const [row] = await db
      .select({ sites: sql<number>`count(distinct ${standingDuties.postId})::int` })
      .from(standingDuties)
      .where(eq(standingDuties.planId, planId))
    return row!.sites
  },

  /** Duties of a plan that hold on a day. */
  activeOn: (planId: string, day: string): Promise<DutyRow[]> =>
    db
      .select()
      .from(standingDuties)
      .where(
        and(
          eq(standingDuties.planId, planId),
          eq(standingDuties.state, 'active'),
          lte(standingDuties.fromOn, day),
          or(isNull(standingDuties.toOn), gt(standingDuties.toOn, day)),
        ),
      ),

  listDuties: (conditions: (SQL | undefined)[], page?: Keyset) => {
    const query = db
      .select({
        duty: standingDuties,
        postName: posts.name,
        caseReference: cases.reference,
        planName: visitPlans.name,
        zone: sql<string>`coalesce(${visitPlans.zone}, ${units.zone})`,
        unitId: units.id,
        unitPath: units.path,
        unitName: units.name,
        displayName: volunteers.displayName,
        personClass: volunteers.personClass,
      })
      .from(standingDuties)
      .innerJoin(volunteers, eq(volunteers.id, standingDuties.volunteerId))
      .leftJoin(visitPlans, eq(visitPlans.id, standingDuties.planId))
      .leftJoin(cases, eq(cases.id, standingDuties.caseId))
      .innerJoin(units, sql`${units.id} = coalesce(${visitPlans.unitId}, ${cases.unitId})`)
      .leftJoin(posts, eq(posts.id, standingDuties.postId))
      .where(and(...conditions, page?.after))
      .$dynamic()
    return page
      ? query.orderBy(...page.orderBy).limit(page.limit)
      : query.orderBy(asc(posts.name), asc(standingDuties.role), asc(standingDuties.id))
  },

  findPerson: async (id: string) =>
    (
      await db
        .select({ name: volunteers.displayName, locale: volunteers.locale, zone: units.zone, unitName: units.name })
        .from(volunteers)
        .innerJoin(units, eq(units.id, volunteers.unitId))
        .where(eq(volunteers.id, id))
    )[0],

  /** Units from this one up to the root. */
  unitPath: async (id: string) =>
    (await db.select({ path: units.path, zone: units.zone }).from(units).where(eq(units.id, id)))[0],
})

/** The unit a duty belongs to, by its plan or its case. */
export const homeOf = ({ unitId, unitPath, zone }: Pick<DutyAt, 'unitId' | 'unitPath' | 'zone'>) => ({
  id: unitId,
  path: unitPath,
  zone,
})
