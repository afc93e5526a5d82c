import { and, eq, inArray, sql } from 'drizzle-orm'
import { audit, type Change } from '../../platform/audit/audit.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { News, Occasion } from '../../platform/queue/news.ts'
import { shifts, slots } from '../posts/posts.tables.ts'
import { confirmSeen } from './rosters.confirming.ts'
import { assignmentSeated, assignmentsMoved } from './rosters.events.ts'
import { createRescheduling } from './rosters.rescheduling.ts'
import { type AssignmentState, LIVE, statesBefore } from './rosters.states.ts'
import { assignments, draftAssignments, rosters } from './rosters.tables.ts'
import type { Override } from './rosters.types.ts'

export type AssignmentRow = typeof assignments.$inferSelect

export interface Seat {
  slotId: string
  volunteerId: string
  source: 'roster' | 'hand' | 'cascade' | 'swap'
  state: 'pending' | 'confirmed'
  confirmBy?: Date | null
  override?: Override | null
  /** The assignment this one takes over from. */
  replacesId?: string | null
}

export interface Move {
  ids: string[]
  to: AssignmentState
  /** Narrows the states it may come from; all allowed ones when left out. */
  from?: AssignmentState[]
  reason?: string
  declineReason?: string
  /** For the audit rows. */
  facts?: Change['facts']
  seatSettled?: boolean
}

const CHUNK = 2_000

export type Assignments = ReturnType<typeof createAssignments>

/**
 * The only writer of assignments. Every change of state goes through `move`, which takes only rows that may make it
 * at this moment and answers with those it took: called twice, the second call finds none. (The plain yes of many at once
 * goes through `confirmSeen`, which is as strict and tells nobody yet.) The database refuses
 * two holders of one seat (assignments_one_live_per_slot) and one holder of two seats at once
 * (assignments_nobody_at_two_posts); callers that race must expect those.
 */
export function createAssignments(news: News) {
  /** Gives seats. Slots bring their roster, shift and instants along. */
  async function seat(occasion: Occasion, rosterId: string, seats: Seat[]): Promise<AssignmentRow[]> {
    const { tx, actor, now } = occasion
    const rows: AssignmentRow[] = []
    for (let at = 0; at < seats.length; at += CHUNK) {
      const part = seats.slice(at, at + CHUNK)
      const where = await placesOf(tx, part)
      const inserted = await tx
        .insert(assignments)
        .values(
          part.map((one) => ({
            ...where.get(one.slotId)!,
            ...one,
            id: newId(),
            rosterId,
            createdAt: now,
            updatedAt: now,
          })),
        )
        .returning()
      rows.push(...inserted)
    }
    const unitId = await unitOf(tx, rosterId)
    await audit(
      tx,
      actor,
      now,
      ...rows.map(
        (row): Change => ({
          action: 'assignment.seated',
          subject: { type: 'assignment', id: row.id },
          unitId,
          to: row.state,
          ...(row.override ? { reason: row.override.reason, facts: { overridden: row.override.rules } } : {}),
        }),
      ),
    )
    return rows
  }

  /** Changes state where that is possible now; returns the rows that changed, as they are after it. */
  async function move(
    occasion: Occasion,
    { ids, to, from, reason, declineReason, facts, seatSettled = false }: Move,
  ): Promise<AssignmentRow[]> {
    if (ids.length === 0) return []
    const { tx, actor, now } = occasion
    const allowed = statesBefore(to).filter((state) => !from || from.includes(state))
    if (allowed.length === 0) return []
    const before = await tx
      .select({ id: assignments.id, state: assignments.state })
      .from(assignments)
      .where(and(inArray(assignments.id, ids), inArray(assignments.state, allowed)))
      .orderBy(assignments.id)
      .for('update')
    if (before.length === 0) return []
    const stateOf = new Map(before.map((row) => [row.id, row.state]))
    const moved = await tx
      .update(assignments)
      .set({
        state: to,
        updatedAt: now,
        version: sql`${assignments.version} + 1`,
        ...(to === 'confirmed' || to === 'declined' || to === 'withdrawn' ? { decidedAt: now } : {}),
        ...(declineReason ? { declineReason } : {}),
      })
      .where(inArray(assignments.id, [...stateOf.keys()]))
      .returning()
    const unitId = await unitOf(tx, moved[0]!.rosterId)
    await audit(
      tx,
      actor,
      now,
      ...moved.map(
        (row): Change => ({
          action: `assignment.${to}`,
          subject: { type: 'assignment', id: row.id },
          unitId,
          from: stateOf.get(row.id)!,
          to,
          reason,
          ...(facts && { facts }),
        }),
      ),
    )
    if (!isLive(to)) await undraft(occasion, moved)
    const moves = moved.map((row) => ({ assignmentId: row.id, from: stateOf.get(row.id)! }))
    await news.record(assignmentsMoved, { to, moves, seatSettled }, occasion)
    return moved
  }

  return {
    seat,
    confirmSeen,

    /** Gives one seat outside a publication and tells everybody who listens. */
    async seatOne(occasion: Occasion, rosterId: string, one: Seat): Promise<AssignmentRow> {
      const [row] = await seat(occasion, rosterId, [one])
      await redraft(occasion, rosterId, row!)
      await news.record(assignmentSeated, { assignmentId: row!.id }, occasion)
      return row!
    },

    /** Follows a seat that was cut in time: the same holder, from now on for the part the slot stands for. */
    async followSeat(occasion: Occasion, id: string): Promise<AssignmentRow> {
      const { tx, actor, now } = occasion
      const [before] = await tx.select().from(assignments).where(eq(assignments.id, id)).for('update')
      const { shiftId, startsAt, endsAt } = (await placesOf(tx, [before!])).get(before!.slotId)!
      const [row] = await tx
        .update(assignments)
        .set({ shiftId, startsAt, endsAt, updatedAt: now, version: sql`${assignments.version} + 1` })
        .where(eq(assignments.id, id))
        .returning()
      await audit(tx, actor, now, {
        action: 'assignment.shortened',
        subject: { type: 'assignment', id },
        unitId: await unitOf(tx, row!.rosterId),
        facts: { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() },
      })
      await news.record(assignmentSeated, { assignmentId: id }, occasion)
      return row!
    },

    move,
    followShift: createRescheduling({ news, move, unitOf }),
  }
}

const isLive = (state: AssignmentState): boolean => (LIVE as readonly AssignmentState[]).includes(state)

/** A draft that is open while the published plan changes follows it, and whoever has read it is behind. */
async function undraft({ tx, now }: Occasion, gone: AssignmentRow[]): Promise<void> {
  const stale = await tx.execute<{ roster_id: string }>(sql`
    delete from draft_assignments d using assignments a
    where a.id = any(${sql.param(gone.map((row) => row.id))}::uuid[])
      and d.slot_id = a.slot_id and d.volunteer_id = a.volunteer_id
    returning d.roster_id`)
  const ids = [...new Set([...stale].map((row) => row.roster_id))]
  if (ids.length > 0) await outdate(tx, ids, now)
}

async function redraft({ tx, now }: Occasion, rosterId: string, row: AssignmentRow): Promise<void> {
  const [open] = await tx
    .select({ id: rosters.id })
    .from(rosters)
    .where(and(eq(rosters.id, rosterId), eq(rosters.state, 'draft')))
  if (!open) return
  const seated = {
    volunteerId: row.volunteerId,
    pinned: false,
    source: 'hand' as const,
    override: row.override,
    why: null,
  }
  await tx
    .insert(draftAssignments)
    .values({ ...seated, slotId: row.slotId, rosterId })
    .onConflictDoUpdate({ target: draftAssignments.slotId, set: seated })
  await outdate(tx, [rosterId], now)
}

const outdate = (tx: Tx, ids: string[], now: Date) =>
  tx
    .update(rosters)
    .set({ version: sql`${rosters.version} + 1`, updatedAt: now })
    .where(inArray(rosters.id, ids))

async function placesOf(tx: Tx, seats: Pick<Seat, 'slotId'>[]) {
  const rows = await tx
    .select({ slotId: slots.id, shiftId: shifts.id, startsAt: shifts.startsAt, endsAt: shifts.endsAt })
    .from(slots)
    .innerJoin(shifts, eq(shifts.id, slots.shiftId))
    .where(
      inArray(
        slots.id,
        seats.map((one) => one.slotId),
      ),
    )
  return new Map(rows.map((row) => [row.slotId, row]))
}

async function unitOf(tx: Tx, rosterId: string): Promise<string | null> {
  const [roster] = await tx.select({ unitId: rosters.unitId }).from(rosters).where(eq(rosters.id, rosterId))
  return roster?.unitId ?? null
}
