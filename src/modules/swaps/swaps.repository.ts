import { and, asc, desc, eq, gt, inArray, ne, notExists, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { auditLog } from '../../platform/audit/audit.tables.ts'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { gaps, offers } from '../gap-filling/gap-filling.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { PENDING_SWAPS } from './swaps.states.ts'
import { swapAnswers, swaps } from './swaps.tables.ts'

export type SwapRow = typeof swaps.$inferSelect
export type AnswerRow = typeof swapAnswers.$inferSelect

/** Where and when a seat is served. */
const place = {
  slotId: slots.id,
  role: slots.role,
  startLocal: shifts.startLocal,
  endLocal: shifts.endLocal,
  zone: shifts.zone,
  localDay: shifts.localDay,
  postName: posts.name,
  postAddress: posts.address,
  postPhone: posts.phone,
  unitPath: units.path,
  unitName: units.name,
}

const dutyColumns = {
  ...place,
  id: assignments.id,
  rosterId: assignments.rosterId,
  volunteerId: assignments.volunteerId,
  volunteerName: volunteers.displayName,
  state: assignments.state,
  startsAt: assignments.startsAt,
  endsAt: assignments.endsAt,
}

const rosterUnits = alias(units, 'roster_units')
const anyId = (ids: string[]): SQL => sql`any(${sql.param(ids)}::uuid[])`

export const swapsRepository = (db: Handle) => {
  const duties = () =>
    db
      .select({ ...dutyColumns, rosterUnitId: rosterUnits.id })
      .from(assignments)
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .innerJoin(slots, eq(slots.id, assignments.slotId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .innerJoin(rosters, eq(rosters.id, assignments.rosterId))
      .innerJoin(rosterUnits, eq(rosterUnits.id, rosters.unitId))

  const pendingOn = (assignmentIds: string[]) =>
    and(
      stateIn(swaps.state, PENDING_SWAPS),
      or(sql`${swaps.assignmentId} = ${anyId(assignmentIds)}`, sql`${swaps.returnId} = ${anyId(assignmentIds)}`),
    )

  return {
    findDuties: async (ids: string[]) =>
      ids.length === 0 ? [] : duties().where(inArray(assignments.id, ids)).orderBy(asc(assignments.startsAt)),

    /** Duties of a person that can still change hands, the next first. */
    dutiesAhead: (volunteerId: string, now: Date, limit: number) =>
      duties()
        .where(
          and(
            eq(assignments.volunteerId, volunteerId),
            eq(assignments.state, 'confirmed'),
            gt(assignments.startsAt, now),
          ),
        )
        .orderBy(asc(assignments.startsAt), asc(assignments.id))
        .limit(limit),

    /** Duties of others under the same roster, nearest in time to a moment. */
    dutiesOfOthers: (rosterId: string, exceptId: string, near: Date, now: Date, limit: number) =>
      duties()
        .where(
          and(
            eq(assignments.rosterId, rosterId),
            ne(assignments.volunteerId, exceptId),
            eq(assignments.state, 'confirmed'),
            gt(assignments.startsAt, now),
          ),
        )
        .orderBy(
          sql`abs(extract(epoch from ${assignments.startsAt} - ${near.toISOString()}::timestamptz))`,
          asc(assignments.id),
        )
        .limit(limit),

    /**
     * Holds duties until the end of the transaction: rosters as publication does, then seats as whoever gives one away
     * does, then the assignments; each in the order of ids, so that nobody waits in a circle.
     */
    async lockDuties(ids: string[]): Promise<void> {
      const these = anyId(ids)
      await db.execute(sql`select r.id from rosters r
        where r.id in (select a.roster_id from assignments a where a.id = ${these}) order by r.id for no key update`)
      await db.execute(sql`select s.id from slots s
        where s.id in (select a.slot_id from assignments a where a.id = ${these}) order by s.id for no key update`)
      await db.execute(sql`select a.id from assignments a where a.id = ${these} order by a.id for update`)
    },

    lockSlot: (slotId: string) =>
      db.select({ id: slots.id }).from(slots).where(eq(slots.id, slotId)).for('no key update'),

    async find(id: string): Promise<SwapRow | undefined> {
      const [row] = await db.select().from(swaps).where(eq(swaps.id, id))
      return row
    },

    async lock(id: string): Promise<SwapRow | undefined> {
      const [row] = await db.select().from(swaps).where(eq(swaps.id, id)).for('no key update')
      return row
    },

    insert: async (row: typeof swaps.$inferInsert): Promise<SwapRow> =>
      (await db.insert(swaps).values(row).returning())[0]!,

    async update(id: string, changes: Partial<typeof swaps.$inferInsert>): Promise<SwapRow> {
      const [row] = await db
        .update(swaps)
        .set({ ...changes, version: sql`${swaps.version} + 1` })
        .where(eq(swaps.id, id))
        .returning()
      return row!
    },

    insertAnswer: (row: typeof swapAnswers.$inferInsert) => db.insert(swapAnswers).values(row),

    answersOf: (swapId: string): Promise<AnswerRow[]> =>
      db.select().from(swapAnswers).where(eq(swapAnswers.swapId, swapId)).orderBy(asc(swapAnswers.answeredAt)),

    /** What last stood in the way of a person taking each of these swaps. */
    lastAnswersOf: (swapIds: string[], volunteerId: string): Promise<AnswerRow[]> =>
      db
        .selectDistinctOn([swapAnswers.swapId])
        .from(swapAnswers)
        .where(and(inArray(swapAnswers.swapId, swapIds), eq(swapAnswers.volunteerId, volunteerId)))
        .orderBy(swapAnswers.swapId, desc(swapAnswers.answeredAt), desc(swapAnswers.id)),

    /** Swaps that wait and concern one of these duties, held in the order of ids. */
    lockPendingOn: (assignmentIds: string[]): Promise<SwapRow[]> =>
      db.select().from(swaps).where(pendingOn(assignmentIds)).orderBy(asc(swaps.id)).for('no key update'),

    /** Swaps a person has to do with: theirs, those they are asked for and those they have taken; newest first. */
    swapsOf: (volunteerId: string, limit: number): Promise<SwapRow[]> =>
      db
        .select()
        .from(swaps)
        .where(
          and(
            stateIn(swaps.state, PENDING_SWAPS),
            or(eq(swaps.askerId, volunteerId), eq(swaps.askedId, volunteerId), eq(swaps.takerId, volunteerId)),
          ),
        )
        .orderBy(asc(swaps.waitsUntil), asc(swaps.id))
        .limit(limit),

    /** What lies on the open board of a tree, for somebody. */
    onBoard: (rootPath: string, volunteerId: string, now: Date, limit: number) =>
      db
        .select({ swap: swaps })
        .from(swaps)
        .innerJoin(assignments, eq(assignments.id, swaps.assignmentId))
        .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .innerJoin(units, eq(units.id, posts.unitId))
        .where(
          and(
            eq(swaps.state, 'open'),
            sql`${swaps.askedId} is null`,
            ne(swaps.askerId, volunteerId),
            gt(swaps.waitsUntil, now),
            sql`starts_with(${units.path}, ${rootPath})`,
          ),
        )
        .orderBy(asc(assignments.startsAt), asc(swaps.id))
        .limit(limit)
        .then((rows) => rows.map((row) => row.swap)),

    /** Empty seats of a tree that somebody may still take, and for which nobody is waiting for this person's answer. */
    gapsFor: (rootPath: string, volunteerId: string, now: Date, limit: number, id?: string) =>
      db
        .select({
          ...place,
          gapId: gaps.id,
          rosterId: gaps.rosterId,
          vacatedId: gaps.vacatedId,
          startsAt: shifts.startsAt,
          endsAt: shifts.endsAt,
        })
        .from(gaps)
        .innerJoin(slots, eq(slots.id, gaps.slotId))
        .innerJoin(shifts, eq(shifts.id, slots.shiftId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .innerJoin(units, eq(units.id, posts.unitId))
        .where(
          and(
            eq(gaps.state, 'open'),
            id ? eq(gaps.id, id) : undefined,
            eq(shifts.state, 'planned'),
            gt(shifts.startsAt, now),
            sql`starts_with(${units.path}, ${rootPath})`,
            notExists(
              db
                .select({ one: sql`1` })
                .from(offers)
                .where(and(eq(offers.gapId, gaps.id), eq(offers.volunteerId, volunteerId), eq(offers.state, 'open'))),
            ),
            notExists(
              db
                .select({ one: sql`1` })
                .from(assignments)
                .where(and(eq(assignments.slotId, gaps.slotId), stateIn(assignments.state, LIVE))),
            ),
          ),
        )
        .orderBy(asc(shifts.startsAt), asc(gaps.id))
        .limit(limit),

    list: (conditions: (SQL | undefined)[], page: Keyset) =>
      db
        .select({ swap: swaps })
        .from(swaps)
        .innerJoin(assignments, eq(assignments.id, swaps.assignmentId))
        .innerJoin(rosters, eq(rosters.id, assignments.rosterId))
        .innerJoin(units, eq(units.id, rosters.unitId))
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .then((rows) => rows.map((row) => row.swap)),

    /** Path of the unit whose roster a swap concerns. */
    async unitOf(assignmentId: string): Promise<{ id: string; path: string } | undefined> {
      const [row] = await db
        .select({ id: units.id, path: units.path })
        .from(assignments)
        .innerJoin(rosters, eq(rosters.id, assignments.rosterId))
        .innerJoin(units, eq(units.id, rosters.unitId))
        .where(eq(assignments.id, assignmentId))
      return row
    },

    historyOf: (swapId: string) =>
      db
        .select()
        .from(auditLog)
        .where(and(eq(auditLog.subjectType, 'swap'), eq(auditLog.subjectId, swapId)))
        .orderBy(asc(auditLog.at), asc(auditLog.id)),
  }
}

type Repository = ReturnType<typeof swapsRepository>
export type DutyRow = Awaited<ReturnType<Repository['findDuties']>>[number]
export type GapSeat = Awaited<ReturnType<Repository['gapsFor']>>[number]
