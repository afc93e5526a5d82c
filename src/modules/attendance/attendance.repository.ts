import { and, eq, gt, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, shiftTemplates, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { type ATTENDANCE_SOURCES, attendanceMarks, attendances, segments } from './attendance.tables.ts'
import type { Mark } from './segments.rules.ts'

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
  personNumber: volunteers.personNumber,
  locale: volunteers.locale,
  shiftId: assignments.shiftId,
  zone: shifts.zone,
  localDay: shifts.localDay,
  startLocal: shifts.startLocal,
  endLocal: shifts.endLocal,
  /** What a presence begins as. */
  plannedKind: shifts.kind,
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
  lateMinutes: attendances.lateMinutes,
  earlyExitMinutes: attendances.earlyExitMinutes,
  stayOn: attendances.stayOn,
  verifiedBy: attendances.verifiedBy,
  verifiedAt: attendances.verifiedAt,
  enteredLateBy: attendances.enteredLateBy,
  /** Time that runs on because no relief has come yet, or had not come at the end. */
  runsOn: sql<boolean>`exists (select from attendance_marks m
    where m.attendance_id = ${attendances.id} and m.cause = 'relief-missing')`,
  /** Null without a template: whether there is one shows in the first column, which is never empty. */
  windows: {
    templateId: shiftTemplates.id,
    checkInEarlyMinutes: shiftTemplates.checkInEarlyMinutes,
    checkInLateMinutes: shiftTemplates.checkInLateMinutes,
    checkOutEarlyMinutes: shiftTemplates.checkOutEarlyMinutes,
    noShowMinutes: shiftTemplates.noShowMinutes,
  },
}

/** Of an assignment: somebody on standby who was called to the work. */
export const wasCalled = sql<boolean>`exists (
  select from attendances t join attendance_marks m on m.attendance_id = t.id
  where t.assignment_id = ${assignments.id} and m.kind = 'active')`

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
      .leftJoin(shiftTemplates, eq(shiftTemplates.id, shifts.templateId))
      .leftJoin(attendances, and(eq(attendances.assignmentId, assignments.id), isNull(attendances.voidedById)))

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
            isNull(attendances.voidedById),
            or(isNull(attendances.checkedOutAt), gt(attendances.checkedOutAt, from)),
          ),
        ),

    async insertAttendances(rows: Omit<typeof attendances.$inferInsert, 'id'>[]): Promise<AttendanceRow[]> {
      const inserted: AttendanceRow[] = []
      for (let at = 0; at < rows.length; at += CHUNK) {
        const values = rows.slice(at, at + CHUNK).map((row) => ({ ...row, id: newId() }))
        inserted.push(...(await db.insert(attendances).values(values).returning()))
      }
      return inserted
    },

    /** The row after the change, or undefined when somebody has closed it meanwhile. */
    async closeAttendance(id: string, changes: Partial<AttendanceRow>): Promise<AttendanceRow | undefined> {
      const [row] = await db
        .update(attendances)
        .set({ ...changes, version: sql`${attendances.version} + 1` })
        .where(and(eq(attendances.id, id), isNull(attendances.checkedOutAt)))
        .returning()
      return row
    },

    /** Somebody vouches for these; those that somebody has vouched for already stay as they are. */
    verify: (ids: string[], verifiedBy: string, verifiedAt: Date): Promise<AttendanceRow[]> =>
      db
        .update(attendances)
        .set({ verifiedBy, verifiedAt, version: sql`${attendances.version} + 1` })
        .where(and(inArray(attendances.id, ids), isNotNull(attendances.checkedOutAt), isNull(attendances.verifiedBy)))
        .returning(),

    /** These have something in them that was entered late by somebody. */
    async noteLateEntry(id: string, enteredBy: string) {
      const known = attendances.enteredLateBy
      await db
        .update(attendances)
        .set({ enteredLateBy: sql`array_append(${known}, ${enteredBy}::text)` })
        .where(and(eq(attendances.id, id), not(sql`${enteredBy} = any(${known})`)))
    },

    async marksOf(attendanceIds: string[]): Promise<Map<string, Mark[]>> {
      const rows =
        attendanceIds.length === 0
          ? []
          : await db
              .select()
              .from(attendanceMarks)
              .where(inArray(attendanceMarks.attendanceId, attendanceIds))
              .orderBy(attendanceMarks.at)
      return Map.groupBy(rows, (row) => row.attendanceId)
    },

    /** A mark at an instant that has one already takes its place. */
    async putMarks(rows: (typeof attendanceMarks.$inferInsert)[]) {
      if (rows.length === 0) return
      await db
        .insert(attendanceMarks)
        .values(rows)
        .onConflictDoUpdate({
          target: [attendanceMarks.attendanceId, attendanceMarks.at],
          set: { kind: sql`excluded.kind`, cause: sql`excluded.cause` },
        })
    },

    dropMarks: (attendanceIds: string[], cause: Mark['cause'] & string) =>
      db
        .delete(attendanceMarks)
        .where(and(inArray(attendanceMarks.attendanceId, attendanceIds), eq(attendanceMarks.cause, cause))),

    /** Segments that count, in order of time. */
    segmentsOf: (attendanceIds: string[]) =>
      attendanceIds.length === 0
        ? Promise.resolve([])
        : db
            .select()
            .from(segments)
            .where(and(inArray(segments.attendanceId, attendanceIds), isNull(segments.supersededById)))
            .orderBy(segments.startsAt),

    async insertSegments(rows: (typeof segments.$inferInsert)[]) {
      for (let at = 0; at < rows.length; at += CHUNK) await db.insert(segments).values(rows.slice(at, at + CHUNK))
    },
  }
}
