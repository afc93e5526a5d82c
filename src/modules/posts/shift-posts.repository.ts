import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { shifts, shiftTemplates, slots } from './posts.tables.ts'
import type { FittingSeat } from './shift-posts.rules.ts'

export const shiftPostsRepository = (db: Handle) => ({
  async moveTo(shiftId: string, postId: string, seats: FittingSeat[]): Promise<void> {
    await db.update(shifts).set({ postId }).where(eq(shifts.id, shiftId))
    for (const { id, requirementId, mandatory } of seats) {
      await db.update(slots).set({ requirementId, mandatory }).where(eq(slots.id, id))
    }
  },

  /** Removes seats that nobody ever had, was looked for or is drafted for; the others stay, and are given back. */
  async removeUnused(ids: string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const used = sql`(exists (select 1 from assignments a where a.slot_id = ${slots.id})
      or exists (select 1 from gaps g where g.slot_id = ${slots.id})
      or exists (select 1 from draft_assignments d where d.slot_id = ${slots.id}))`
    const gone = await db
      .delete(slots)
      .where(and(inArray(slots.id, ids), sql`not ${used}`))
      .returning({ id: slots.id })
    const removed = new Set(gone.map((row) => row.id))
    return ids.filter((id) => !removed.has(id))
  },

  /** Occurrences of these templates whose shifts take place at another post. */
  movedAway: (templateIds: string[]) =>
    db
      .select({ templateId: shiftTemplates.id, originalStart: shifts.originalStart })
      .from(shifts)
      .innerJoin(shiftTemplates, eq(shiftTemplates.id, shifts.templateId))
      .where(and(inArray(shiftTemplates.id, templateIds), ne(shifts.postId, shiftTemplates.postId))),
})
