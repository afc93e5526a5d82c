import { and, asc, eq, inArray, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { crews } from '../crews/crews.tables.ts'
import { echelonSets } from '../echelons/echelons.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { qualifications } from '../volunteers/volunteers.tables.ts'
import { coverRequirements, posts, shifts, slots } from './posts.tables.ts'

export type PostRow = typeof posts.$inferSelect
export type RequirementRow = typeof coverRequirements.$inferSelect
export interface PostAt {
  post: PostRow
  unitPath: string
  unitZone: string
}

const at = { post: posts, unitPath: units.path, unitZone: units.zone }

export const postsRepository = (db: Handle) => ({
  async findPost(id: string): Promise<PostAt | undefined> {
    const [found] = await db.select(at).from(posts).innerJoin(units, eq(units.id, posts.unitId)).where(eq(posts.id, id))
    return found
  },

  listPosts: (conditions: (SQL | undefined)[], page: Keyset): Promise<PostAt[]> =>
    db
      .select(at)
      .from(posts)
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  insertPost: async (row: typeof posts.$inferInsert): Promise<PostRow> =>
    (await db.insert(posts).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async updatePost(
    id: string,
    version: number,
    changes: Partial<typeof posts.$inferInsert>,
  ): Promise<PostRow | undefined> {
    const [post] = await db
      .update(posts)
      .set({ ...changes, version: sql`${posts.version} + 1` })
      .where(and(eq(posts.id, id), eq(posts.version, version)))
      .returning()
    return post
  },

  async hasShifts(postId: string): Promise<boolean> {
    const rows = await db.select({ id: shifts.id }).from(shifts).where(eq(shifts.postId, postId)).limit(1)
    return rows.length > 0
  },

  deletePost: async (id: string) => {
    await db.delete(coverRequirements).where(eq(coverRequirements.postId, id))
    await db.delete(posts).where(eq(posts.id, id))
  },

  /** In the order given by the organizer; those that were taken away are not among them. */
  requirementsOf: (postIds: string[]): Promise<RequirementRow[]> =>
    db
      .select()
      .from(coverRequirements)
      .where(and(inArray(coverRequirements.postId, postIds), eq(coverRequirements.active, true)))
      .orderBy(asc(coverRequirements.postId), asc(coverRequirements.position)),

  findRequirements: (ids: string[]): Promise<RequirementRow[]> =>
    db.select().from(coverRequirements).where(inArray(coverRequirements.id, ids)),

  async upsertRequirements(rows: (typeof coverRequirements.$inferInsert)[]) {
    if (rows.length === 0) return
    await db
      .insert(coverRequirements)
      .values(rows)
      .onConflictDoUpdate({
        target: [coverRequirements.postId, coverRequirements.role],
        set: {
          position: sql`excluded.position`,
          minimum: sql`excluded.minimum`,
          desired: sql`excluded.desired`,
          maximum: sql`excluded.maximum`,
          qualificationIds: sql`excluded.qualification_ids`,
          grades: sql`excluded.grades`,
          personClasses: sql`excluded.person_classes`,
          languages: sql`excluded.languages`,
          unitIds: sql`excluded.unit_ids`,
          echelonSetId: sql`excluded.echelon_set_id`,
          reserveSetIds: sql`excluded.reserve_set_ids`,
          crewIds: sql`excluded.crew_ids`,
          crewUnitIds: sql`excluded.crew_unit_ids`,
          active: sql`true`,
        },
      })
  },

  /** Slots may point to a requirement for ever; one without slots goes away entirely. */
  async retireRequirements(postId: string, keptRoles: string[]) {
    const gone = and(eq(coverRequirements.postId, postId), notInArray(coverRequirements.role, keptRoles))
    await db
      .delete(coverRequirements)
      .where(and(gone, sql`not exists (select 1 from ${slots} where ${slots.requirementId} = ${coverRequirements.id})`))
    await db.update(coverRequirements).set({ active: false }).where(gone)
  },

  unitPaths: async (ids: string[]): Promise<Map<string, string>> => {
    const rows = await db.select({ id: units.id, path: units.path }).from(units).where(inArray(units.id, ids))
    return new Map(rows.map((row) => [row.id, row.path]))
  },

  setPaths: async (ids: string[]): Promise<Map<string, string>> => {
    const rows = await db
      .select({ id: echelonSets.id, path: units.path })
      .from(echelonSets)
      .innerJoin(units, eq(units.id, echelonSets.unitId))
      .where(inArray(echelonSets.id, ids))
    return new Map(rows.map((row) => [row.id, row.path]))
  },

  crewPaths: async (ids: string[]): Promise<Map<string, string>> => {
    const rows = await db
      .select({ id: crews.id, path: units.path })
      .from(crews)
      .innerJoin(units, eq(units.id, crews.unitId))
      .where(inArray(crews.id, ids))
    return new Map(rows.map((row) => [row.id, row.path]))
  },

  knownQualifications: async (ids: string[]): Promise<Set<string>> => {
    const rows = await db.select({ id: qualifications.id }).from(qualifications).where(inArray(qualifications.id, ids))
    return new Set(rows.map((row) => row.id))
  },
})
