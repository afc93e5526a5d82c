import { and, eq, inArray, sql } from 'drizzle-orm'
import { audit, type Change } from '../../platform/audit/audit.ts'
import type { Tx } from '../../platform/db/client.ts'
import type { News, Occasion } from '../../platform/queue/news.ts'
import { shifts } from '../posts/posts.tables.ts'
import type { AssignmentRow, Move } from './rosters.assignments.ts'
import { assignmentsRescheduled } from './rosters.events.ts'
import { assignments, rosters } from './rosters.tables.ts'
import type { Override } from './rosters.types.ts'

export interface Rescheduling {
  shiftId: string
  /** When it was, and where if it is elsewhere now, so that its holders can be told. */
  was: {
    startLocal: string
    endLocal: string
    zone: string
    startsAt: Date
    endsAt: Date
    post?: { id: string; name: string; address: string | null } | undefined
  }
  reason?: string | undefined
  override?: Override | undefined
  /** For whom rules are set aside. */
  overriddenIds: string[]
}

interface Deps {
  news: News
  move: (occasion: Occasion, wish: Move) => Promise<AssignmentRow[]>
  unitOf: (tx: Tx, rosterId: string) => Promise<string | null>
}

/**
 * Follows a shift that was moved: the same holders, at its time and post. Whoever had said yes is pending again, and drafts that
 * were read before are stale.
 */
export const createRescheduling =
  ({ news, move, unitOf }: Deps) =>
  async (occasion: Occasion, { shiftId, was, reason, ...waived }: Rescheduling): Promise<void> => {
    const { tx, actor, now } = occasion
    const before = await heldOn(tx, shiftId)
    if (before.length === 0) return
    const ids = before.map((row) => row.id)
    const startsAt = await followTime(tx, shiftId, ids, now)
    const overriding = await waive(tx, before, waived)
    const unitId = await unitOf(tx, before[0]!.rosterId)
    const facts = {
      ...{ from: was.startsAt.toISOString(), to: startsAt.toISOString() },
      ...(was.post ? { fromPostId: was.post.id } : {}),
      ...(overriding ? { overridden: overriding.rules } : {}),
    }
    const why = overriding?.reason ?? reason
    await audit(
      tx,
      actor,
      now,
      ...ids.map((id): Change => {
        return { action: 'assignment.rescheduled', subject: { type: 'assignment', id }, unitId, reason: why, facts }
      }),
    )
    await move(occasion, { ids, to: 'pending', from: ['confirmed'], reason: 'the shift was moved' })
    await outdateDrafts(
      tx,
      before.map((row) => row.rosterId),
      now,
    )
    await news.record(assignmentsRescheduled, { moves: ids.map((assignmentId) => ({ assignmentId, was })) }, occasion)
  }

/** Those who hold seats of a shift that has not begun, while nobody else can change it. */
const heldOn = (tx: Tx, shiftId: string): Promise<AssignmentRow[]> =>
  tx
    .select()
    .from(assignments)
    .where(and(eq(assignments.shiftId, shiftId), inArray(assignments.state, ['pending', 'confirmed'])))
    .orderBy(assignments.id)
    .for('update')

async function followTime(tx: Tx, shiftId: string, ids: string[], now: Date): Promise<Date> {
  const [shift] = await tx
    .select({ startsAt: shifts.startsAt, endsAt: shifts.endsAt })
    .from(shifts)
    .where(eq(shifts.id, shiftId))
  await tx
    .update(assignments)
    .set({
      ...shift!,
      confirmBy: null,
      decidedAt: null,
      updatedAt: now,
      version: sql`${assignments.version} + 1`,
    })
    .where(inArray(assignments.id, ids))
  return shift!.startsAt
}

/** Sets rules aside for some of these holders, besides those that are already. */
async function waive(
  tx: Tx,
  rows: AssignmentRow[],
  { override, overriddenIds }: Pick<Rescheduling, 'override' | 'overriddenIds'>,
): Promise<Override | undefined> {
  if (!override || overriddenIds.length === 0) return undefined
  for (const { id, override: known } of rows.filter((row) => overriddenIds.includes(row.id))) {
    const rules = [...new Set([...(known?.rules ?? []), ...override.rules])]
    await tx
      .update(assignments)
      .set({ override: { ...override, rules } })
      .where(eq(assignments.id, id))
  }
  return override
}

const outdateDrafts = (tx: Tx, ids: string[], now: Date) =>
  tx
    .update(rosters)
    .set({ version: sql`${rosters.version} + 1`, updatedAt: now })
    .where(and(inArray(rosters.id, ids), eq(rosters.state, 'draft')))
