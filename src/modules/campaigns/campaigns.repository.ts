import { and, asc, count, eq, exists, gt, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { insertMany } from '../../platform/db/bulk.ts'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import type { LocalDate } from '../../time/zones.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { LIVE_TASKS, type TaskState, UNDONE } from './campaigns.states.ts'
import { campaignEntries, campaignItems, campaignRounds, campaigns, campaignTasks } from './campaigns.tables.ts'

export type CampaignRow = typeof campaigns.$inferSelect
export type RoundRow = typeof campaignRounds.$inferSelect
export type ItemRow = typeof campaignItems.$inferSelect
export type TaskRow = typeof campaignTasks.$inferSelect
export type EntryRow = typeof campaignEntries.$inferSelect

export interface PersonRow {
  id: string
  path: string
  share: number
  personClass: string
}

const UNDONE_WORDS = sql.raw(UNDONE.map((state) => `'${state}'`).join(', '))
const anyId = (ids: string[]) => sql`any(${sql.param(ids)}::uuid[])`

export const campaignsRepository = (db: Handle) => ({
  insertCampaign: async (row: typeof campaigns.$inferInsert): Promise<CampaignRow> =>
    (await db.insert(campaigns).values(row).returning())[0]!,

  insertRounds: (rows: (typeof campaignRounds.$inferInsert)[]): Promise<RoundRow[]> =>
    db.insert(campaignRounds).values(rows).returning(),

  async updateCampaign(id: string, changes: Partial<typeof campaigns.$inferInsert>, version?: number) {
    const [row] = await db
      .update(campaigns)
      .set({ ...changes, version: sql`${campaigns.version} + 1` })
      .where(and(eq(campaigns.id, id), version === undefined ? undefined : eq(campaigns.version, version)))
      .returning()
    return row
  },

  async findCampaign(id: string) {
    const [row] = await db
      .select({ campaign: campaigns, unitPath: units.path, unitName: units.name, zone: units.zone })
      .from(campaigns)
      .innerJoin(units, eq(units.id, campaigns.unitId))
      .where(eq(campaigns.id, id))
    return row
  },

  /** Those who divide, reassign and finish one campaign wait for each other. */
  async lockCampaign(id: string): Promise<CampaignRow | undefined> {
    const [row] = await db.select().from(campaigns).where(eq(campaigns.id, id)).for('no key update')
    return row
  },

  listCampaigns: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ campaign: campaigns })
      .from(campaigns)
      .innerJoin(units, eq(units.id, campaigns.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  roundsOf: (campaignId: string): Promise<RoundRow[]> =>
    db
      .select()
      .from(campaignRounds)
      .where(eq(campaignRounds.campaignId, campaignId))
      .orderBy(asc(campaignRounds.number)),

  /** Says once of a round that it is over. */
  async endRound(id: string, now: Date): Promise<boolean> {
    const ended = await db
      .update(campaignRounds)
      .set({ endedAt: now })
      .where(and(eq(campaignRounds.id, id), isNull(campaignRounds.endedAt)))
      .returning({ id: campaignRounds.id })
    return ended.length > 0
  },

  async findRound(id: string): Promise<RoundRow | undefined> {
    const [row] = await db.select().from(campaignRounds).where(eq(campaignRounds.id, id))
    return row
  },

  unitsBelow: (path: string) =>
    db.select({ id: units.id, code: units.code }).from(units).where(sql`starts_with(${units.path}, ${path})`),

  async knownReferences(campaignId: string, references: string[]): Promise<Set<string>> {
    const rows = await db
      .select({ reference: campaignItems.reference })
      .from(campaignItems)
      .where(
        and(
          eq(campaignItems.campaignId, campaignId),
          sql`${campaignItems.reference} = any(${sql.param(references)}::text[])`,
        ),
      )
    return new Set(rows.map((row) => row.reference!))
  },

  async countItems(campaignId: string): Promise<number> {
    const [row] = await db.select({ n: count() }).from(campaignItems).where(eq(campaignItems.campaignId, campaignId))
    return row!.n
  },

  insertItems: (rows: (typeof campaignItems.$inferInsert)[]) => insertMany(db, campaignItems, rows),
  insertEntries: (rows: (typeof campaignEntries.$inferInsert)[]) => insertMany(db, campaignEntries, rows),

  listItems: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ item: campaignItems, unitName: units.name })
      .from(campaignItems)
      .innerJoin(units, eq(units.id, campaignItems.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** Condition "some entry of the item is in the hands of this person". */
  heldBy: (volunteerId: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(campaignEntries)
        .innerJoin(campaignTasks, eq(campaignTasks.id, campaignEntries.taskId))
        .where(and(eq(campaignEntries.itemId, campaignItems.id), eq(campaignTasks.volunteerId, volunteerId))),
    ),

  entriesOfItems: (itemIds: string[]) =>
    db
      .select({
        entry: campaignEntries,
        round: campaignRounds.number,
        volunteerId: campaignTasks.volunteerId,
        volunteerName: volunteers.displayName,
      })
      .from(campaignEntries)
      .innerJoin(campaignRounds, eq(campaignRounds.id, campaignEntries.roundId))
      .leftJoin(campaignTasks, eq(campaignTasks.id, campaignEntries.taskId))
      .leftJoin(volunteers, eq(volunteers.id, campaignTasks.volunteerId))
      .where(inArray(campaignEntries.itemId, itemIds))
      .orderBy(asc(campaignRounds.number)),

  /** Items with something left to do that are in nobody's hands, or in those of this task. */
  undoneItems: (campaignId: string, taskId: string | null) =>
    db
      .selectDistinct({ id: campaignItems.id, path: units.path })
      .from(campaignItems)
      .innerJoin(units, eq(units.id, campaignItems.unitId))
      .innerJoin(campaignEntries, eq(campaignEntries.itemId, campaignItems.id))
      .where(
        and(
          eq(campaignItems.campaignId, campaignId),
          stateIn(campaignEntries.state, UNDONE),
          taskId ? eq(campaignEntries.taskId, taskId) : isNull(campaignEntries.taskId),
        ),
      )
      .orderBy(asc(campaignItems.id)),

  /** Puts what is left to do of these items into other hands; null: into nobody's. */
  async handOver(given: [itemId: string, taskId: string | null][], from: string | null): Promise<void> {
    if (given.length === 0) return
    const list = JSON.stringify(given.map(([item, task]) => ({ item, task })))
    await db.execute(sql`
      update campaign_entries e set task_id = g.task
      from jsonb_to_recordset(${list}::text::jsonb) as g(item uuid, task uuid)
      where e.item_id = g.item and e.state in (${UNDONE_WORDS})
        and e.task_id is not distinct from ${from}::uuid`)
  },

  tasksOf: (campaignId: string) =>
    db
      .select({ task: campaignTasks, path: units.path, share: volunteers.share })
      .from(campaignTasks)
      .innerJoin(volunteers, eq(volunteers.id, campaignTasks.volunteerId))
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(eq(campaignTasks.campaignId, campaignId)),

  /** Items each live task still has to do. */
  async loads(campaignId: string): Promise<Map<string, number>> {
    const rows = await db
      .select({ taskId: campaignEntries.taskId, items: sql<number>`count(distinct ${campaignEntries.itemId})::int` })
      .from(campaignEntries)
      .innerJoin(campaignTasks, eq(campaignTasks.id, campaignEntries.taskId))
      .where(
        and(
          eq(campaignEntries.campaignId, campaignId),
          stateIn(campaignEntries.state, UNDONE),
          stateIn(campaignTasks.state, LIVE_TASKS),
        ),
      )
      .groupBy(campaignEntries.taskId)
    return new Map(rows.map((row) => [row.taskId!, row.items]))
  },

  insertTasks: (rows: (typeof campaignTasks.$inferInsert)[]): Promise<TaskRow[]> =>
    rows.length === 0 ? Promise.resolve([]) : db.insert(campaignTasks).values(rows).returning(),

  async findTask(id: string) {
    const [row] = await db
      .select({
        task: campaignTasks,
        campaign: campaigns,
        unitPath: units.path,
        unitName: units.name,
        zone: units.zone,
        person: { name: volunteers.displayName, locale: volunteers.locale },
      })
      .from(campaignTasks)
      .innerJoin(campaigns, eq(campaigns.id, campaignTasks.campaignId))
      .innerJoin(units, eq(units.id, campaigns.unitId))
      .innerJoin(volunteers, eq(volunteers.id, campaignTasks.volunteerId))
      .where(eq(campaignTasks.id, id))
    return row
  },

  async moveTask(id: string, from: readonly TaskState[], to: TaskState, now: Date): Promise<TaskRow | undefined> {
    const [row] = await db
      .update(campaignTasks)
      .set({ state: to, decidedAt: now })
      .where(and(eq(campaignTasks.id, id), stateIn(campaignTasks.state, from)))
      .returning()
    return row
  },

  listTasks: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ task: campaignTasks, name: volunteers.displayName })
      .from(campaignTasks)
      .innerJoin(volunteers, eq(volunteers.id, campaignTasks.volunteerId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** People who may be asked: members on the day, and reachable. */
  people: (condition: { ids: string[] } | { path: string }, on: LocalDate): Promise<PersonRow[]> =>
    db
      .select({ id: volunteers.id, path: units.path, share: volunteers.share, personClass: volunteers.personClass })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(
        and(
          'ids' in condition
            ? sql`${volunteers.id} = ${anyId(condition.ids)}`
            : sql`starts_with(${units.path}, ${condition.path})`,
          eq(volunteers.doNotContact, false),
          or(isNull(volunteers.joinedOn), lte(volunteers.joinedOn, on)),
          or(isNull(volunteers.leftOn), gt(volunteers.leftOn, on)),
        ),
      )
      .orderBy(asc(volunteers.id)),

  /** Items of a round, each with whoever of the campaign still has it. */
  holdersOf: (roundId: string) =>
    db
      .select({ itemId: campaignEntries.itemId, taskId: campaignTasks.id })
      .from(campaignEntries)
      .leftJoin(
        campaignTasks,
        and(eq(campaignTasks.id, campaignEntries.taskId), stateIn(campaignTasks.state, LIVE_TASKS)),
      )
      .where(eq(campaignEntries.roundId, roundId)),

  /** Empties what is personal; what was done and how often stays. */
  async destroyItems(campaignId: string): Promise<void> {
    await db
      .update(campaignItems)
      .set({ reference: null, name: null, phone: null, address: null, note: null })
      .where(eq(campaignItems.campaignId, campaignId))
    await db.update(campaignEntries).set({ note: null }).where(eq(campaignEntries.campaignId, campaignId))
  },
})
