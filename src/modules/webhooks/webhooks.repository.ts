import { and, arrayContains, eq, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { gaps } from '../gap-filling/gap-filling.tables.ts'
import { handovers } from '../handovers/handovers.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { type WEBHOOK_EVENTS, webhookDeliveries, webhooks } from './webhooks.tables.ts'

export type WebhookRow = typeof webhooks.$inferSelect
export type DeliveryRow = typeof webhookDeliveries.$inferSelect
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** Where something happened. */
export interface Place {
  id: string
  rosterId: string
  unitId: string
  unitPath: string
}

const place = { rosterId: rosters.id, unitId: units.id, unitPath: units.path }

export const webhooksRepository = (db: Handle) => ({
  async find(id: string): Promise<{ webhook: WebhookRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ webhook: webhooks, unitPath: units.path })
      .from(webhooks)
      .innerJoin(units, eq(units.id, webhooks.unitId))
      .where(eq(webhooks.id, id))
    return found
  },

  insert: async (row: typeof webhooks.$inferInsert): Promise<WebhookRow> =>
    (await db.insert(webhooks).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async update(id: string, version: number, changes: Partial<WebhookRow>): Promise<WebhookRow | undefined> {
    const [row] = await db
      .update(webhooks)
      .set({ ...changes, version: sql`${webhooks.version} + 1` })
      .where(and(eq(webhooks.id, id), eq(webhooks.version, version)))
      .returning()
    return row
  },

  /** What deliveries note about their webhook; nobody's If-Match is upset by it. */
  note: (id: string, changes: Partial<WebhookRow>) => db.update(webhooks).set(changes).where(eq(webhooks.id, id)),

  /** Switches it off, once. */
  async disable(id: string, stateReason: string, now: Date): Promise<WebhookRow | undefined> {
    const [row] = await db
      .update(webhooks)
      .set({ state: 'disabled', stateReason, updatedAt: now, version: sql`${webhooks.version} + 1` })
      .where(and(eq(webhooks.id, id), eq(webhooks.state, 'active')))
      .returning()
    return row
  },

  async remove(id: string, version: number): Promise<boolean> {
    const gone = await db
      .delete(webhooks)
      .where(and(eq(webhooks.id, id), eq(webhooks.version, version)))
      .returning({ id: webhooks.id })
    return gone.length > 0
  },

  list: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ webhook: webhooks })
      .from(webhooks)
      .innerJoin(units, eq(units.id, webhooks.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** Live webhooks of these units that want to hear of the event. */
  listeners: (event: WebhookEvent, unitIds: string[]): Promise<{ id: string; unitId: string }[]> =>
    db
      .select({ id: webhooks.id, unitId: webhooks.unitId })
      .from(webhooks)
      .where(
        and(inArray(webhooks.unitId, unitIds), eq(webhooks.state, 'active'), arrayContains(webhooks.events, [event])),
      ),

  unitPath: async (id: string): Promise<string> =>
    (await db.select({ path: units.path }).from(units).where(eq(units.id, id)))[0]!.path,

  placesOfRosters: (ids: string[]): Promise<Place[]> =>
    db
      .select({ id: rosters.id, ...place })
      .from(rosters)
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(inArray(rosters.id, ids)),

  placesOfAssignments: (ids: string[]): Promise<(Place & { postId: string; startsAt: Date; endsAt: Date })[]> =>
    db
      .select({
        id: assignments.id,
        postId: shifts.postId,
        startsAt: assignments.startsAt,
        endsAt: assignments.endsAt,
        ...place,
      })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(rosters, eq(rosters.id, assignments.rosterId))
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(inArray(assignments.id, ids)),

  placesOfGaps: (ids: string[]): Promise<(Place & { slotId: string })[]> =>
    db
      .select({ id: gaps.id, slotId: gaps.slotId, ...place })
      .from(gaps)
      .innerJoin(rosters, eq(rosters.id, gaps.rosterId))
      .innerJoin(units, eq(units.id, rosters.unitId))
      .where(inArray(gaps.id, ids)),

  async placeOfHandover(id: string): Promise<(Omit<Place, 'rosterId'> & { postId: string }) | undefined> {
    const [found] = await db
      .select({ id: handovers.id, postId: handovers.postId, unitId: units.id, unitPath: units.path })
      .from(handovers)
      .innerJoin(posts, eq(posts.id, handovers.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(handovers.id, id))
    return found
  },

  async insertDeliveries(rows: (typeof webhookDeliveries.$inferInsert)[]): Promise<void> {
    await db.insert(webhookDeliveries).values(rows)
  },

  async findDelivery(
    id: string,
  ): Promise<{ delivery: DeliveryRow; webhook: WebhookRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ delivery: webhookDeliveries, webhook: webhooks, unitPath: units.path })
      .from(webhookDeliveries)
      .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
      .innerJoin(units, eq(units.id, webhooks.unitId))
      .where(eq(webhookDeliveries.id, id))
    return found
  },

  listDeliveries: (conditions: (SQL | undefined)[], page: Keyset): Promise<DeliveryRow[]> =>
    db
      .select()
      .from(webhookDeliveries)
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** Takes the delivery for one attempt, until `leaseEnd`; also one whose sender has not come back in time. */
  async claim(id: string, now: Date, leaseEnd: Date): Promise<DeliveryRow | undefined> {
    const [row] = await db
      .update(webhookDeliveries)
      .set({ state: 'sending', attempts: sql`${webhookDeliveries.attempts} + 1`, dueAt: leaseEnd })
      .where(
        and(
          eq(webhookDeliveries.id, id),
          inArray(webhookDeliveries.state, ['waiting', 'sending']),
          lte(webhookDeliveries.dueAt, now),
        ),
      )
      .returning()
    return row
  },

  /** Ends the attempt that claimed the delivery; nobody else's. */
  async release({ id, attempts }: DeliveryRow, changes: Partial<DeliveryRow>): Promise<boolean> {
    const rows = await db
      .update(webhookDeliveries)
      .set(changes)
      .where(
        and(
          eq(webhookDeliveries.id, id),
          eq(webhookDeliveries.state, 'sending'),
          eq(webhookDeliveries.attempts, attempts),
        ),
      )
      .returning({ id: webhookDeliveries.id })
    return rows.length > 0
  },

  /** From the beginning, with the same id; undefined while it is under way. */
  async restart(id: string, now: Date): Promise<DeliveryRow | undefined> {
    const [row] = await db
      .update(webhookDeliveries)
      .set({ state: 'waiting', attempts: 0, dueAt: now, error: null, lastStatus: null, deliveredAt: null })
      .where(and(eq(webhookDeliveries.id, id), inArray(webhookDeliveries.state, ['delivered', 'failed'])))
      .returning()
    return row
  },
})
