import { and, asc, count, eq, exists, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import type { EntryRow, TaskRow } from './campaigns.repository.ts'
import { DONE, LIVE_TASKS, UNDONE } from './campaigns.states.ts'
import { campaignEntries, campaignItems, campaignTasks } from './campaigns.tables.ts'

/** Items in rounds: whose they are and how they stand. */
export const entriesRepository = (db: Handle) => ({
  async lockEntry(id: string) {
    const [entry] = await db.select().from(campaignEntries).where(eq(campaignEntries.id, id)).for('no key update')
    return entry
  },

  async updateEntry(id: string, changes: Partial<typeof campaignEntries.$inferInsert>): Promise<EntryRow> {
    const [row] = await db.update(campaignEntries).set(changes).where(eq(campaignEntries.id, id)).returning()
    return row!
  },

  /** How far a task has come in each of its rounds: entries, and those of them with nothing left to do. */
  async standingOf(taskId: string): Promise<Map<string, { total: number; finished: number }>> {
    const rows = await db
      .select({
        roundId: campaignEntries.roundId,
        total: count(),
        finished: sql<number>`(count(*) filter (where ${stateIn(campaignEntries.state, DONE)}))::int`,
      })
      .from(campaignEntries)
      .where(eq(campaignEntries.taskId, taskId))
      .groupBy(campaignEntries.roundId)
    return new Map(rows.map(({ roundId, ...standing }) => [roundId, standing]))
  },

  /** Entries of a task in a round, in a fixed order, so that pages stay the same while items are marked. */
  entriesOfTask: (taskId: string, roundId: string, offset: number, limit: number) =>
    db
      .select({ entry: campaignEntries, item: campaignItems, unitName: units.name })
      .from(campaignEntries)
      .innerJoin(campaignItems, eq(campaignItems.id, campaignEntries.itemId))
      .innerJoin(units, eq(units.id, campaignItems.unitId))
      .where(and(eq(campaignEntries.taskId, taskId), eq(campaignEntries.roundId, roundId)))
      .orderBy(asc(campaignItems.position), asc(campaignEntries.id))
      .offset(offset)
      .limit(limit),

  /** Tasks with something left to do in a round. */
  tasksWithWork: (roundId: string): Promise<TaskRow[]> =>
    db
      .select()
      .from(campaignTasks)
      .where(
        and(
          stateIn(campaignTasks.state, LIVE_TASKS),
          exists(
            db
              .select({ one: sql`1` })
              .from(campaignEntries)
              .where(
                and(
                  eq(campaignEntries.taskId, campaignTasks.id),
                  eq(campaignEntries.roundId, roundId),
                  stateIn(campaignEntries.state, UNDONE),
                ),
              ),
          ),
        ),
      )
      .orderBy(asc(campaignTasks.id)),
})
