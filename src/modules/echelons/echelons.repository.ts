import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { coverRequirements } from '../posts/posts.tables.ts'
import { qualifications } from '../volunteers/volunteers.tables.ts'
import { echelonMembers, echelonSets, echelons, rotationPatterns } from './echelons.tables.ts'
import type { MembershipRule } from './echelons.types.ts'

export type SetRow = typeof echelonSets.$inferSelect
export type EchelonRow = typeof echelons.$inferSelect
export type EntryRow = typeof echelonMembers.$inferSelect
export type PatternRow = typeof rotationPatterns.$inferSelect
export interface FoundSet {
  set: SetRow
  unitPath: string
  zone: string
}
export interface EchelonDraft {
  id?: string | undefined
  name: string
  rule?: MembershipRule | null | undefined
}

export const echelonsRepository = (db: Handle) => ({
  async findSet(id: string, lock = false): Promise<FoundSet | undefined> {
    const query = db
      .select({ set: echelonSets, unitPath: units.path, zone: units.zone })
      .from(echelonSets)
      .innerJoin(units, eq(units.id, echelonSets.unitId))
      .where(eq(echelonSets.id, id))
    const [found] = lock ? await query.for('update', { of: echelonSets }) : await query
    return found
  },

  async listSets(conditions: (SQL | undefined)[], page: Keyset): Promise<SetRow[]> {
    const found = await db
      .select({ set: echelonSets })
      .from(echelonSets)
      .innerJoin(units, eq(units.id, echelonSets.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
    return found.map(({ set }) => set)
  },

  insertSet: async (row: typeof echelonSets.$inferInsert): Promise<SetRow> =>
    (await db.insert(echelonSets).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async updateSet(
    id: string,
    version: number,
    changes: Partial<typeof echelonSets.$inferInsert>,
  ): Promise<SetRow | undefined> {
    const [row] = await db
      .update(echelonSets)
      .set({ ...changes, version: sql`${echelonSets.version} + 1` })
      .where(and(eq(echelonSets.id, id), eq(echelonSets.version, version)))
      .returning()
    return row
  },

  async deleteSet(id: string): Promise<void> {
    await db.delete(rotationPatterns).where(eq(rotationPatterns.setId, id))
    await db.delete(echelonMembers).where(eq(echelonMembers.setId, id))
    await db.delete(echelons).where(eq(echelons.setId, id))
    await db.delete(echelonSets).where(eq(echelonSets.id, id))
  },

  /** True when a post searches the set for its gaps; those it staffs are kept by a foreign key. */
  async isReserveOfPost(id: string): Promise<boolean> {
    const used = await db
      .select({ id: coverRequirements.id })
      .from(coverRequirements)
      .where(sql`${id}::uuid = any(${coverRequirements.reserveSetIds})`)
      .limit(1)
    return used.length > 0
  },

  echelonsOf: (setIds: string[]): Promise<EchelonRow[]> =>
    db
      .select()
      .from(echelons)
      .where(inArray(echelons.setId, setIds))
      .orderBy(asc(echelons.setId), asc(echelons.position)),

  async findEchelon(id: string): Promise<EchelonRow | undefined> {
    const [row] = await db.select().from(echelons).where(eq(echelons.id, id))
    return row
  },

  /** Makes the set consist of exactly these, in this order. */
  async saveEchelons(setId: string, drafts: EchelonDraft[], now: Date): Promise<void> {
    const kept = drafts.flatMap((one) => one.id ?? [])
    const gone = kept.length > 0 ? sql`${echelons.id} <> all(${sql.param(kept)}::uuid[])` : undefined
    await db.delete(echelons).where(and(eq(echelons.setId, setId), gone))
    // Names and positions are unique at every moment, so all make room before they change places.
    await db
      .update(echelons)
      .set({ position: sql`-${echelons.position}`, name: sql`${echelons.id}::text` })
      .where(eq(echelons.setId, setId))
    for (const [index, { id, name, rule = null }] of drafts.entries()) {
      const fields = { position: index + 1, name, rule }
      if (id) await db.update(echelons).set(fields).where(eq(echelons.id, id))
      else await db.insert(echelons).values({ ...fields, id: newId(), setId, createdAt: now })
    }
  },

  patternsOf: (setIds: string[]): Promise<PatternRow[]> =>
    db
      .select()
      .from(rotationPatterns)
      .where(inArray(rotationPatterns.setId, setIds))
      .orderBy(asc(rotationPatterns.setId), asc(rotationPatterns.effectiveFrom)),

  unitsByIds: (ids: string[]) =>
    db.select({ id: units.id, path: units.path, zone: units.zone }).from(units).where(inArray(units.id, ids)),

  async knownQualifications(ids: string[]): Promise<Set<string>> {
    const rows = await db.select({ id: qualifications.id }).from(qualifications).where(inArray(qualifications.id, ids))
    return new Set(rows.map((row) => row.id))
  },
})
