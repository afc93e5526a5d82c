import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { type EntryState, UNDONE } from './campaigns.states.ts'
import { campaignEntries, campaignItems, campaignRounds, campaignTasks } from './campaigns.tables.ts'

const undone = sql`${campaignEntries.state} in (${sql.raw(UNDONE.map((state) => `'${state}'`).join(', '))})`
const counted = (condition: SQL) => sql<number>`(count(*) filter (where ${condition}))::int`
const is = (state: EntryState) => counted(sql`${campaignEntries.state} = ${sql.raw(`'${state}'`)}`)

const entryCounts = {
  open: is('open'),
  reached: is('reached'),
  not_reached: is('not_reached'),
  refused: is('refused'),
  problem: is('problem'),
}
const overdueAt = (now: Date) =>
  counted(sql`${undone} and ${campaignRounds.deadline} <= ${now.toISOString()}::timestamptz`)

export const progressRepository = (db: Handle) => ({
  byRound: (campaignId: string, now: Date) =>
    db
      .select({
        number: campaignRounds.number,
        deadline: campaignRounds.deadline,
        ...entryCounts,
        overdue: overdueAt(now),
        awaitingConsent: counted(sql`${undone} and ${campaignTasks.state} = 'asked'`),
        undivided: counted(sql`${undone} and ${campaignEntries.taskId} is null`),
      })
      .from(campaignRounds)
      .innerJoin(campaignEntries, eq(campaignEntries.roundId, campaignRounds.id))
      .leftJoin(campaignTasks, eq(campaignTasks.id, campaignEntries.taskId))
      .where(eq(campaignRounds.campaignId, campaignId))
      .groupBy(campaignRounds.id)
      .orderBy(campaignRounds.number),

  byUnit: (campaignId: string, round: number | undefined, page: Keyset, now: Date) =>
    db
      .select({ id: units.id, name: units.name, ...entryCounts, overdue: overdueAt(now) })
      .from(campaignEntries)
      .innerJoin(campaignRounds, eq(campaignRounds.id, campaignEntries.roundId))
      .innerJoin(campaignItems, eq(campaignItems.id, campaignEntries.itemId))
      .innerJoin(units, eq(units.id, campaignItems.unitId))
      .where(
        and(
          eq(campaignEntries.campaignId, campaignId),
          round === undefined ? undefined : eq(campaignRounds.number, round),
          page.after,
        ),
      )
      .groupBy(units.id)
      .orderBy(...page.orderBy)
      .limit(page.limit),

  byPerson: (campaignId: string, round: number | undefined, page: Keyset, now: Date) =>
    db
      .select({ id: volunteers.id, name: volunteers.sortName, ...entryCounts, overdue: overdueAt(now) })
      .from(campaignEntries)
      .innerJoin(campaignRounds, eq(campaignRounds.id, campaignEntries.roundId))
      .innerJoin(campaignTasks, eq(campaignTasks.id, campaignEntries.taskId))
      .innerJoin(volunteers, eq(volunteers.id, campaignTasks.volunteerId))
      .where(
        and(
          eq(campaignEntries.campaignId, campaignId),
          round === undefined ? undefined : eq(campaignRounds.number, round),
          page.after,
        ),
      )
      .groupBy(volunteers.id)
      .orderBy(...page.orderBy)
      .limit(page.limit),

  async items(campaignId: string): Promise<number> {
    const [row] = await db
      .select({ n: sql<number>`count(*)::int` })
      .from(campaignItems)
      .where(eq(campaignItems.campaignId, campaignId))
    return row!.n
  },

  tasks: (campaignId: string) =>
    db
      .select({ state: campaignTasks.state, n: sql<number>`count(*)::int` })
      .from(campaignTasks)
      .where(eq(campaignTasks.campaignId, campaignId))
      .groupBy(campaignTasks.state),
})
