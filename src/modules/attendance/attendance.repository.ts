import { and, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { type ATTENDANCE_SOURCES, attendances, segments } from './attendance.tables.ts'

export type AttendanceRow = typeof attendances.$inferSelect
export type Source = (typeof ATTENDANCE_SOURCES)[number]

/** A duty with all that is needed to judge and to show it. */
const dutyColumns = {
  id: assignments.id,
  state: assignments.state,
  startsAt: assignments.startsAt,
  endsAt: assignments.endsAt,
  createdAt: assignments.createdAt,
  decidedAt: assignments.decidedAt,
  volunteerId: assignments.volunteerId,
  volunteerName: volunteers.displayName,
  locale: volunteers.locale,
  shiftId: assignments.shiftId,
  zone: shifts.zone,
  localDay: shifts.localDay,
  startLocal: shifts.startLocal,
  endLocal: shifts.endLocal,
  role: slots.role,
  postId: posts.id,
  postName: posts.name,
  postAddress: posts.address,
  postPhone: posts.phone,
  unitId: units.id,
  unitPath: units.path,
  attendanceId: attendances.id,
  checkedInAt: attendances.checkedInAt,
  checkedOutAt: attendances.checkedOutAt,
  inSource: attendances.inSource,
  outSource: attendances.outSource,
  verifiedBy: attendances.verifiedBy,
}

export type DutyRow = Awaited<ReturnType<ReturnType<typeof attendanceRepository>['listDuties']>>[number]

/** How long before a duty another one of the same person can have begun: the longest shift, stayed at half as long again. */
const LONGEST_PRESENCE_MS = 47 * 86_400_000
const CHUNK = 2_000

export const attendanceRepository = (db: Handle) => {
  const duties = () =>
    db
      .select(dutyColumns)
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(slots, eq(slots.id, assignments.slotId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .leftJoin(attendances, eq(attendances.assignmentId, assignments.id))

  return {
    listDuties: (conditions: (SQL | undefined)[], page: Keyset) =>
      duties()
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    findDuties: async (ids: string[]) =>
      ids.length === 0 ? [] : duties().where(inArray(assignments.id, ids)).orderBy(assignments.id),

    findDutiesOfShift: (shiftId: string) => duties().where(eq(assignments.shiftId, shiftId)).orderBy(assignments.id),

    /** Makes what is recorded of these people, and of these duties, wait for this transaction. */
    async lock(volunteerIds: string[], assignmentIds: string[]) {
      await db
        .select({ id: volunteers.id })
        .from(volunteers)
        .where(inArray(volunteers.id, volunteerIds))
        .orderBy(volunteers.id)
        .for('no key update')
      await db
        .select({ id: assignments.id })
        .from(assignments)
        .where(inArray(assignments.id, assignmentIds))
        .orderBy(assignments.id)
        .for('update')
    },

    /** Attendances of these people that last beyond `from`, whatever the duty. */
    attendancesOf: (volunteerIds: string[], from: Date) =>
      db
        .select({
          assignmentId: attendances.assignmentId,
          volunteerId: assignments.volunteerId,
          checkedInAt: attendances.checkedInAt,
          checkedOutAt: attendances.checkedOutAt,
          postName: posts.name,
        })
        .from(attendances)
        .innerJoin(assignments, eq(assignments.id, attendances.assignmentId))
        .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .where(
          and(
            inArray(assignments.volunteerId, volunteerIds),
            gt(assignments.startsAt, new Date(from.getTime() - LONGEST_PRESENCE_MS)),
            or(isNull(attendances.checkedOutAt), gt(attendances.checkedOutAt, from)),
          ),
        ),

    async insertAttendances(assignmentIds: string[], checkedInAt: Date, inSource: Source): Promise<AttendanceRow[]> {
      const rows: AttendanceRow[] = []
      for (let at = 0; at < assignmentIds.length; at += CHUNK) {
        const part = assignmentIds.slice(at, at + CHUNK)
        const values = part.map((assignmentId) => ({ id: newId(), assignmentId, checkedInAt, inSource }))
        rows.push(...(await db.insert(attendances).values(values).returning()))
      }
      return rows
    },

    closeAttendances: (
      ids: string[],
      changes: Pick<typeof attendances.$inferInsert, 'checkedOutAt' | 'outSource' | 'verifiedBy' | 'verifiedAt'>,
    ): Promise<AttendanceRow[]> =>
      db
        .update(attendances)
        .set({ ...changes, version: sql`${attendances.version} + 1` })
        .where(and(inArray(attendances.id, ids), isNull(attendances.checkedOutAt)))
        .returning(),

    async insertSegments(rows: (typeof segments.$inferInsert)[]) {
      for (let at = 0; at < rows.length; at += CHUNK) await db.insert(segments).values(rows.slice(at, at + CHUNK))
    },
  }
}
