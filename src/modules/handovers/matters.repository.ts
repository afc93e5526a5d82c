import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { handoverMatters } from './handovers.tables.ts'

export type MatterRow = typeof handoverMatters.$inferSelect

export const mattersRepository = (db: Handle) => ({
  async insert(rows: Omit<typeof handoverMatters.$inferInsert, 'id'>[]): Promise<MatterRow[]> {
    if (rows.length === 0) return []
    // Those written at one moment keep their order by their ids.
    const ids = rows.map(() => newId()).sort()
    return db
      .insert(handoverMatters)
      .values(rows.map((row, index) => ({ ...row, id: ids[index]! })))
      .returning()
  },

  async find(id: string): Promise<{ matter: MatterRow; unitId: string; unitPath: string } | undefined> {
    const [found] = await db
      .select({ matter: handoverMatters, unitId: units.id, unitPath: units.path })
      .from(handoverMatters)
      .innerJoin(posts, eq(posts.id, handoverMatters.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(handoverMatters.id, id))
    return found
  },

  /** Those of them that were open. */
  close: (
    ids: string[],
    postId: string,
    changes: Pick<MatterRow, 'closedAt' | 'closedBy' | 'closedInId' | 'closingNote'>,
  ): Promise<MatterRow[]> =>
    ids.length === 0
      ? Promise.resolve([])
      : db
          .update(handoverMatters)
          .set(changes)
          .where(
            and(inArray(handoverMatters.id, ids), eq(handoverMatters.postId, postId), isNull(handoverMatters.closedAt)),
          )
          .returning(),
})
