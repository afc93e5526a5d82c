import { and, asc, eq, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import { attendances } from '../attendance/attendance.tables.ts'
import { unitResponsibles, units } from '../organisation/organisation.tables.ts'
import { slots } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

/** What the page shows beside the duties themselves. */
export const pageRepository = (db: Handle) => ({
  /** Who else stands the same shifts. */
  partnersOf: (shiftIds: string[], exceptId: string) =>
    db
      .select({ shiftId: assignments.shiftId, name: volunteers.displayName, role: slots.role })
      .from(assignments)
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .innerJoin(slots, eq(slots.id, assignments.slotId))
      .where(
        and(
          inArray(assignments.shiftId, shiftIds),
          ne(assignments.volunteerId, exceptId),
          stateIn(assignments.state, LIVE),
        ),
      )
      .orderBy(asc(slots.role), asc(slots.seat)),

  /** Whether somebody wants messages, and in which language. */
  async wishesOf(volunteerId: string) {
    const [row] = await db
      .select({ locale: volunteers.locale, doNotContact: volunteers.doNotContact })
      .from(volunteers)
      .where(eq(volunteers.id, volunteerId))
    return row
  },

  presencesOf: (assignmentIds: string[]) =>
    db
      .select({
        assignmentId: attendances.assignmentId,
        checkedInAt: attendances.checkedInAt,
        checkedOutAt: attendances.checkedOutAt,
        verifiedAt: attendances.verifiedAt,
      })
      .from(attendances)
      .where(and(inArray(attendances.assignmentId, assignmentIds), isNull(attendances.voidedById))),

  /** Whom to call: the first responsible person with a phone, of the unit itself or else of the nearest above it. */
  async contactOf(unitPath: string) {
    const [row] = await db
      .select({ name: unitResponsibles.name, title: unitResponsibles.title, phone: unitResponsibles.phone })
      .from(unitResponsibles)
      .innerJoin(units, eq(units.id, unitResponsibles.unitId))
      .where(and(inArray(units.id, unitPath.split('/').filter(Boolean)), isNotNull(unitResponsibles.phone)))
      .orderBy(sql`length(${units.path}) desc`, asc(unitResponsibles.position))
      .limit(1)
    return row && { ...row, phone: row.phone! }
  },
})
