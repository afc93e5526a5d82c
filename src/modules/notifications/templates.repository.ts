import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { contactPoints, volunteers } from '../volunteers/volunteers.tables.ts'
import { messageTemplates } from './notifications.tables.ts'
import type { OwnText, TemplateRow } from './templates.rules.ts'

export const templatesRepository = (db: Handle) => ({
  /** Words of this unit's own and of those above it for one message. */
  wordsFor: (template: string, path: string): Promise<OwnText[]> =>
    db
      .select({
        id: messageTemplates.id,
        locale: messageTemplates.locale,
        channel: messageTemplates.channel,
        subject: messageTemplates.subject,
        text: messageTemplates.text,
        version: messageTemplates.version,
        path: units.path,
      })
      .from(messageTemplates)
      .innerJoin(units, eq(units.id, messageTemplates.unitId))
      .where(and(eq(messageTemplates.template, template), inArray(units.id, path.split('/').filter(Boolean)))),

  async find(id: string): Promise<{ row: TemplateRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ row: messageTemplates, unitPath: units.path })
      .from(messageTemplates)
      .innerJoin(units, eq(units.id, messageTemplates.unitId))
      .where(eq(messageTemplates.id, id))
    return found
  },

  insert: async (row: typeof messageTemplates.$inferInsert): Promise<TemplateRow> =>
    (await db.insert(messageTemplates).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async update(id: string, version: number, changes: Partial<TemplateRow>): Promise<TemplateRow | undefined> {
    const [row] = await db
      .update(messageTemplates)
      .set({ ...changes, version: sql`${messageTemplates.version} + 1` })
      .where(and(eq(messageTemplates.id, id), eq(messageTemplates.version, version)))
      .returning()
    return row
  },

  async remove(id: string, version: number): Promise<boolean> {
    const gone = await db
      .delete(messageTemplates)
      .where(and(eq(messageTemplates.id, id), eq(messageTemplates.version, version)))
      .returning({ id: messageTemplates.id })
    return gone.length > 0
  },

  list: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ row: messageTemplates })
      .from(messageTemplates)
      .innerJoin(units, eq(units.id, messageTemplates.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** Whether the address is one of somebody who wants no messages. */
  async wantsNoMessages(channel: string, address: string): Promise<boolean> {
    const [found] = await db
      .select({ id: volunteers.id })
      .from(contactPoints)
      .innerJoin(volunteers, eq(volunteers.id, contactPoints.volunteerId))
      .where(
        and(
          sql`${contactPoints.channel} = ${channel}`,
          eq(contactPoints.address, address),
          eq(volunteers.doNotContact, true),
        ),
      )
      .limit(1)
    return found !== undefined
  },
})
