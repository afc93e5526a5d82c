import { and, desc, eq, inArray, isNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { gaps } from '../gap-filling/gap-filling.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { attendanceCorrections, attendances, segments } from './attendance.tables.ts'
import type { ProposedSegment } from './attendance.types.ts'

export type CorrectionRow = typeof attendanceCorrections.$inferSelect

/** A correction with whose duty it is about. */
const correctionColumns = {
  correction: attendanceCorrections,
  volunteerId: assignments.volunteerId,
  volunteerName: volunteers.displayName,
  postName: posts.name,
  unitPath: units.path,
}

export const correctionsRepository = (db: Handle) => {
  const corrections = () =>
    db
      .select(correctionColumns)
      .from(attendanceCorrections)
      .innerJoin(assignments, eq(assignments.id, attendanceCorrections.assignmentId))
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))

  return {
    async find(id: string): Promise<CorrectionRow | undefined> {
      const [row] = await db.select().from(attendanceCorrections).where(eq(attendanceCorrections.id, id))
      return row
    },

    findWithDuty: async (id: string) => (await corrections().where(eq(attendanceCorrections.id, id)))[0],

    list: (conditions: (SQL | undefined)[], page: Keyset) =>
      corrections()
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    /** What was asked for last about a duty. */
    async newestOf(assignmentId: string): Promise<CorrectionRow | undefined> {
      const [row] = await db
        .select()
        .from(attendanceCorrections)
        .where(eq(attendanceCorrections.assignmentId, assignmentId))
        .orderBy(desc(attendanceCorrections.createdAt), desc(attendanceCorrections.id))
        .limit(1)
      return row
    },

    insert: async (row: typeof attendanceCorrections.$inferInsert): Promise<CorrectionRow> =>
      (await db.insert(attendanceCorrections).values(row).returning())[0]!,

    /** The row after the decision, or undefined when it was decided already. */
    async decide(id: string, changes: Partial<CorrectionRow>): Promise<CorrectionRow | undefined> {
      const [row] = await db
        .update(attendanceCorrections)
        .set(changes)
        .where(and(eq(attendanceCorrections.id, id), eq(attendanceCorrections.state, 'open')))
        .returning()
      return row
    },

    /** Can the person have the seat of this assignment back: nobody else has it or is looked for, and they are free? */
    async isSeatFree(assignmentId: string): Promise<boolean> {
      const [own] = await db.select().from(assignments).where(eq(assignments.id, assignmentId))
      const live = inArray(assignments.state, [...LIVE])
      const [taken] = await db
        .select({ id: assignments.id })
        .from(assignments)
        .where(and(eq(assignments.slotId, own!.slotId), live, ne(assignments.id, assignmentId)))
        .limit(1)
      const [searched] = await db
        .select({ id: gaps.id })
        .from(gaps)
        .where(and(eq(gaps.slotId, own!.slotId), eq(gaps.state, 'open')))
        .limit(1)
      const [elsewhere] = await db
        .select({ id: assignments.id })
        .from(assignments)
        .where(
          and(
            eq(assignments.volunteerId, own!.volunteerId),
            live,
            ne(assignments.id, assignmentId),
            lt(assignments.startsAt, own!.endsAt),
            sql`${assignments.endsAt} > ${own!.startsAt.toISOString()}::timestamptz`,
          ),
        )
        .limit(1)
      return !taken && !searched && !elsewhere
    },

    /** The attendance of a duty as the correction says; the row is made where there was none. */
    async putAttendance(row: Omit<typeof attendances.$inferInsert, 'id'>): Promise<string> {
      const { inSource, assignmentId, ...changes } = row
      const [written] = await db
        .insert(attendances)
        .values({ ...row, id: newId() })
        .onConflictDoUpdate({
          target: attendances.assignmentId,
          set: { ...changes, voidedById: null, version: sql`${attendances.version} + 1` },
        })
        .returning({ id: attendances.id })
      return written!.id
    },

    /** Nobody was there: the attendance counts for nothing any more. */
    async voidAttendance(assignmentId: string, voidedById: string): Promise<string> {
      const [row] = await db
        .update(attendances)
        .set({ voidedById, version: sql`${attendances.version} + 1` })
        .where(eq(attendances.assignmentId, assignmentId))
        .returning({ id: attendances.id })
      return row!.id
    },

    /** What counted until now counts no more, and these parts take its place. */
    async replaceSegments(attendanceId: string, correctionId: string, parts: ProposedSegment[]): Promise<void> {
      await db
        .update(segments)
        .set({ supersededById: correctionId })
        .where(and(eq(segments.attendanceId, attendanceId), isNull(segments.supersededById)))
      if (parts.length === 0) return
      await db.insert(segments).values(
        parts.map(({ kind, startsAt, endsAt }) => ({
          id: newId(),
          attendanceId,
          kind,
          startsAt: new Date(startsAt),
          endsAt: new Date(endsAt),
          source: 'correction' as const,
          correctionId,
        })),
      )
    },
  }
}
