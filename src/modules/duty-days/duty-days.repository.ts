import { and, asc, eq, gt, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { wasCalled } from '../attendance/attendance.repository.ts'
import { attendances } from '../attendance/attendance.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { contactPoints, volunteers } from '../volunteers/volunteers.tables.ts'
import { inspectionFindings, inspectionSightings, inspections } from './duty-days.tables.ts'

export type InspectionRow = typeof inspections.$inferSelect
export type FindingRow = typeof inspectionFindings.$inferSelect

export const dutyDaysRepository = (db: Handle) => ({
  listShifts: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ shift: shifts, postName: posts.name, postPhone: posts.phone, unitId: units.id, unitName: units.name })
      .from(shifts)
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** Seats of shifts with whoever holds them, how to reach them, and whether they have come. */
  seatsOf: (shiftIds: string[]) =>
    db
      .select({
        shiftId: slots.shiftId,
        role: slots.role,
        mandatory: slots.mandatory,
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        state: assignments.state,
        name: volunteers.displayName,
        checkedInAt: attendances.checkedInAt,
        phone: sql<string | null>`(select ${contactPoints.address} from ${contactPoints}
          where ${contactPoints.volunteerId} = ${assignments.volunteerId} and ${contactPoints.channel} = 'sms'
          order by ${contactPoints.position} limit 1)`,
      })
      .from(slots)
      .leftJoin(assignments, and(eq(assignments.slotId, slots.id), stateIn(assignments.state, LIVE)))
      .leftJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .leftJoin(attendances, and(eq(attendances.assignmentId, assignments.id), isNull(attendances.voidedById)))
      .where(inArray(slots.shiftId, shiftIds))
      .orderBy(asc(slots.role), asc(slots.seat)),

  /** Who should be at a post at a moment: everybody who has not been let off, and of standby whoever was called. */
  expectedAt: (postId: string, at: Date) =>
    db
      .select({
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        onStandby: sql<boolean>`${shifts.kind} = 'standby' and not ${wasCalled}`,
      })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .where(
        and(
          eq(shifts.postId, postId),
          stateIn(assignments.state, ['confirmed', 'serving', 'completed', 'no_show']),
          lte(assignments.startsAt, at),
          gt(assignments.endsAt, at),
        ),
      )
      .orderBy(asc(assignments.volunteerId)),

  pathsOfPeople: async (ids: string[]): Promise<Map<string, string>> => {
    const rows = await db
      .select({ id: volunteers.id, path: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(inArray(volunteers.id, ids))
    return new Map(rows.map((row) => [row.id, row.path]))
  },

  insertInspection: async (row: typeof inspections.$inferInsert): Promise<InspectionRow> =>
    (await db.insert(inspections).values(row).returning())[0]!,

  insertSightings: async (rows: (typeof inspectionSightings.$inferInsert)[]) => {
    if (rows.length > 0) await db.insert(inspectionSightings).values(rows)
  },

  insertFindings: async (rows: (typeof inspectionFindings.$inferInsert)[]): Promise<FindingRow[]> =>
    rows.length === 0 ? [] : db.insert(inspectionFindings).values(rows).returning(),

  findingsOf: (inspectionIds: string[]) =>
    db
      .select({ finding: inspectionFindings, name: volunteers.displayName })
      .from(inspectionFindings)
      .leftJoin(volunteers, eq(volunteers.id, inspectionFindings.volunteerId))
      .where(inArray(inspectionFindings.inspectionId, inspectionIds))
      .orderBy(asc(inspectionFindings.kind), asc(inspectionFindings.id)),

  listInspections: (conditions: (SQL | undefined)[], page: Keyset) =>
    db
      .select({ inspection: inspections, postName: posts.name })
      .from(inspections)
      .innerJoin(posts, eq(posts.id, inspections.postId))
      .innerJoin(units, eq(units.id, inspections.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  async findInspection(id: string) {
    const [row] = await db
      .select({ inspection: inspections, postName: posts.name, unitPath: units.path, zone: units.zone })
      .from(inspections)
      .innerJoin(posts, eq(posts.id, inspections.postId))
      .innerJoin(units, eq(units.id, inspections.unitId))
      .where(eq(inspections.id, id))
    return row
  },

  async findFinding(id: string) {
    const [row] = await db
      .select({ finding: inspectionFindings, unitPath: units.path, unitId: units.id, name: volunteers.displayName })
      .from(inspectionFindings)
      .innerJoin(inspections, eq(inspections.id, inspectionFindings.inspectionId))
      .innerJoin(units, eq(units.id, inspections.unitId))
      .leftJoin(volunteers, eq(volunteers.id, inspectionFindings.volunteerId))
      .where(eq(inspectionFindings.id, id))
    return row
  },

  async settle(id: string, reason: string, now: Date): Promise<FindingRow | undefined> {
    const [row] = await db
      .update(inspectionFindings)
      .set({ state: 'settled', settledAt: now, settledReason: reason })
      .where(and(eq(inspectionFindings.id, id), eq(inspectionFindings.state, 'open')))
      .returning()
    return row
  },
})
