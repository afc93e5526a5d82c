import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { units } from '../organisation/organisation.tables.ts'
import { escalations } from './gap-filling.tables.ts'

export type EscalationRow = typeof escalations.$inferSelect

export const escalationsRepository = (db: Handle) => ({
  /** A level that is told; nothing when the gap is being climbed for already. */
  async insert(row: typeof escalations.$inferInsert): Promise<EscalationRow | undefined> {
    const [inserted] = await db.insert(escalations).values(row).onConflictDoNothing().returning()
    return inserted
  },

  async find(id: string): Promise<EscalationRow | undefined> {
    const [row] = await db.select().from(escalations).where(eq(escalations.id, id))
    return row
  },

  async latestOf(gapId: string): Promise<EscalationRow | undefined> {
    const [row] = await db
      .select()
      .from(escalations)
      .where(eq(escalations.gapId, gapId))
      .orderBy(desc(escalations.climb), desc(escalations.level))
      .limit(1)
    return row
  },

  ofClimb: (gapId: string, climb: number): Promise<EscalationRow[]> =>
    db
      .select()
      .from(escalations)
      .where(and(eq(escalations.gapId, gapId), eq(escalations.climb, climb)))
      .orderBy(asc(escalations.level)),

  /** Ends the levels of these gaps that are waited for; returns those it changed. */
  end: (
    gapIds: string[],
    changes: Pick<typeof escalations.$inferInsert, 'endedAt' | 'reaction' | 'reactedBy' | 'note'> & {
      state: EscalationRow['state']
    },
  ): Promise<EscalationRow[]> =>
    db
      .update(escalations)
      .set(changes)
      .where(and(inArray(escalations.gapId, gapIds), eq(escalations.state, 'told')))
      .returning(),

  /** Whoever reacts after the climb has passed them is written down as well. */
  async answerLast(id: string, changes: Partial<EscalationRow>): Promise<EscalationRow | undefined> {
    const [row] = await db
      .update(escalations)
      .set(changes)
      .where(and(eq(escalations.id, id), eq(escalations.state, 'passed')))
      .returning()
    return row
  },

  listOf: (gapId: string) =>
    db
      .select({ step: escalations, unitName: units.name })
      .from(escalations)
      .innerJoin(units, eq(units.id, escalations.unitId))
      .where(eq(escalations.gapId, gapId))
      .orderBy(asc(escalations.climb), asc(escalations.level)),
})
