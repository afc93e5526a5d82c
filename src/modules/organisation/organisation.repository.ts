import { and, asc, eq, gt, inArray, isNull, like, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { apiKeys, unitResponsibles, units } from './organisation.tables.ts'

export type UnitRow = typeof units.$inferSelect
export type ApiKeyRow = typeof apiKeys.$inferSelect
export type ResponsibleRow = typeof unitResponsibles.$inferSelect

/** Condition "in the subtree of `path`", for any query that joins units. */
export const withinPath = (path: string): SQL => like(units.path, `${path}%`)

/** Id of the root of the tree that a unit is in. */
export const rootOf = (path: string): string => path.split('/')[1]!

export const organisationRepository = (db: Handle) => ({
  async findUnit(id: string): Promise<UnitRow | undefined> {
    const [unit] = await db.select().from(units).where(eq(units.id, id))
    return unit
  },

  async lockUnit(id: string): Promise<UnitRow | undefined> {
    const [unit] = await db.select().from(units).where(eq(units.id, id)).for('update')
    return unit
  },

  /** Units whose tree is about to change wait for each other, as two moves at once could close a circle. */
  lockTree: () => db.execute(sql`select pg_advisory_xact_lock(hashtext('watchbill.units'))`),

  findUnits: (ids: string[]): Promise<UnitRow[]> =>
    ids.length === 0 ? Promise.resolve([]) : db.select().from(units).where(inArray(units.id, ids)),

  /** Root first; the unit itself last. */
  ancestry: (unit: Pick<UnitRow, 'path'>): Promise<UnitRow[]> =>
    db
      .select()
      .from(units)
      .where(inArray(units.id, unit.path.split('/').filter(Boolean)))
      .orderBy(asc(sql`length(${units.path})`)),

  responsiblesOf: (unitIds: string[]): Promise<ResponsibleRow[]> =>
    unitIds.length === 0
      ? Promise.resolve([])
      : db
          .select()
          .from(unitResponsibles)
          .where(inArray(unitResponsibles.unitId, unitIds))
          .orderBy(asc(unitResponsibles.position)),

  listUnits: (conditions: (SQL | undefined)[], page: Keyset): Promise<UnitRow[]> =>
    db
      .select()
      .from(units)
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  insertUnit: async (row: typeof units.$inferInsert): Promise<UnitRow> =>
    (await db.insert(units).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async updateUnit(
    id: string,
    version: number,
    changes: Partial<typeof units.$inferInsert>,
  ): Promise<UnitRow | undefined> {
    const [unit] = await db
      .update(units)
      .set({ ...changes, version: sql`${units.version} + 1` })
      .where(and(eq(units.id, id), eq(units.version, version)))
      .returning()
    return unit
  },

  /** Carries everything below along when a unit moves. */
  rebase: (from: string, to: string, except: string) =>
    db
      .update(units)
      .set({ path: sql`${to} || substr(${units.path}, ${from.length + 1}::int)` })
      .where(and(like(units.path, `${from}%`), ne(units.id, except))),

  async replaceResponsibles(
    unitId: string,
    people: Omit<typeof unitResponsibles.$inferInsert, 'unitId' | 'position'>[],
  ) {
    await db.delete(unitResponsibles).where(eq(unitResponsibles.unitId, unitId))
    if (people.length === 0) return
    await db
      .insert(unitResponsibles)
      .values(people.map((person, index) => ({ ...person, unitId, position: index + 1 })))
  },

  insertKey: async (row: typeof apiKeys.$inferInsert): Promise<ApiKeyRow> =>
    (await db.insert(apiKeys).values(row).returning())[0]!,

  async findLiveKey(keyHash: string, now: Date): Promise<{ key: ApiKeyRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ key: apiKeys, unitPath: units.path })
      .from(apiKeys)
      .innerJoin(units, eq(units.id, apiKeys.unitId))
      .where(
        and(
          eq(apiKeys.keyHash, keyHash),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
        ),
      )
    return found
  },

  touchKey: (id: string, now: Date) => db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id)),

  async findKey(id: string): Promise<{ key: ApiKeyRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ key: apiKeys, unitPath: units.path })
      .from(apiKeys)
      .innerJoin(units, eq(units.id, apiKeys.unitId))
      .where(eq(apiKeys.id, id))
    return found
  },

  listKeys: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ key: apiKeys })
      .from(apiKeys)
      .innerJoin(units, eq(units.id, apiKeys.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  async countOtherAdminKeys(rootPath: string, except: string, now: Date): Promise<number> {
    const [row] = await db
      .select({ count: sql<number>`count(*)::int` })
      .from(apiKeys)
      .innerJoin(units, eq(units.id, apiKeys.unitId))
      .where(
        and(
          eq(units.path, rootPath),
          eq(apiKeys.role, 'admin'),
          ne(apiKeys.id, except),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
        ),
      )
    return row!.count
  },

  async revokeKey(id: string, now: Date): Promise<ApiKeyRow | undefined> {
    const [key] = await db
      .update(apiKeys)
      .set({ revokedAt: now })
      .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning()
    return key
  },
})
