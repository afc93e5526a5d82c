import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shiftExceptions, shifts, shiftTemplates } from './posts.tables.ts'

export type TemplateRow = typeof shiftTemplates.$inferSelect
export type ExceptionRow = typeof shiftExceptions.$inferSelect
export interface TemplateAt {
  template: TemplateRow
  unitId: string
  unitPath: string
}

const at = { template: shiftTemplates, unitId: posts.unitId, unitPath: units.path }

export const templatesRepository = (db: Handle) => ({
  async findTemplate(id: string): Promise<TemplateAt | undefined> {
    const [found] = await db
      .select(at)
      .from(shiftTemplates)
      .innerJoin(posts, eq(posts.id, shiftTemplates.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(shiftTemplates.id, id))
    return found
  },

  listTemplates: (conditions: (SQL | undefined)[], page: Keyset): Promise<TemplateAt[]> =>
    db
      .select(at)
      .from(shiftTemplates)
      .innerJoin(posts, eq(posts.id, shiftTemplates.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  insertTemplate: async (row: typeof shiftTemplates.$inferInsert): Promise<TemplateRow> =>
    (await db.insert(shiftTemplates).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async updateTemplate(
    id: string,
    version: number,
    changes: Partial<typeof shiftTemplates.$inferInsert>,
  ): Promise<TemplateRow | undefined> {
    const [template] = await db
      .update(shiftTemplates)
      .set({ ...changes, version: sql`${shiftTemplates.version} + 1` })
      .where(and(eq(shiftTemplates.id, id), eq(shiftTemplates.version, version)))
      .returning()
    return template
  },

  /** Exceptions are part of what a reader of the template has seen. */
  touchTemplate: (id: string, now: Date) =>
    db
      .update(shiftTemplates)
      .set({ updatedAt: now, version: sql`${shiftTemplates.version} + 1` })
      .where(eq(shiftTemplates.id, id)),

  async hasShifts(templateId: string): Promise<boolean> {
    const rows = await db.select({ id: shifts.id }).from(shifts).where(eq(shifts.templateId, templateId)).limit(1)
    return rows.length > 0
  },

  deleteTemplates: async (where: { id: string } | { postId: string }) => {
    const chosen = 'id' in where ? eq(shiftTemplates.id, where.id) : eq(shiftTemplates.postId, where.postId)
    const ids = db.select({ id: shiftTemplates.id }).from(shiftTemplates).where(chosen)
    await db.delete(shiftExceptions).where(inArray(shiftExceptions.templateId, ids))
    await db.delete(shiftTemplates).where(chosen)
  },

  exceptionsOf: (templateIds: string[]): Promise<ExceptionRow[]> =>
    db
      .select()
      .from(shiftExceptions)
      .where(inArray(shiftExceptions.templateId, templateIds))
      .orderBy(asc(shiftExceptions.originalStart)),

  insertException: async (row: typeof shiftExceptions.$inferInsert): Promise<ExceptionRow> =>
    (await db.insert(shiftExceptions).values(row).returning())[0]!,

  /** Takes the place of an exception that the occurrence has already. */
  putException: ({ startLocal = null, length = null, ...row }: typeof shiftExceptions.$inferInsert) =>
    db
      .insert(shiftExceptions)
      .values({ ...row, startLocal, length })
      .onConflictDoUpdate({
        target: [shiftExceptions.templateId, shiftExceptions.originalStart],
        set: { kind: row.kind, startLocal, length, reason: row.reason ?? null },
      }),

  async deleteException(templateId: string, id: string): Promise<ExceptionRow | undefined> {
    const [gone] = await db
      .delete(shiftExceptions)
      .where(and(eq(shiftExceptions.templateId, templateId), eq(shiftExceptions.id, id)))
      .returning()
    return gone
  },
})
