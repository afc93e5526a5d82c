import { and, asc, eq, gt, gte, inArray, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import { attendances } from '../attendance/attendance.tables.ts'
import { echelonSets, echelons } from '../echelons/echelons.tables.ts'
import { ledger } from '../hours/hours.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { absences, qualifications, volunteers } from '../volunteers/volunteers.tables.ts'
import { LIVE } from './rosters.states.ts'
import { assignments, draftAssignments } from './rosters.tables.ts'

/** One parameter for any number of ids. */
export const anyOf = (column: AnyPgColumn, ids: readonly string[]): SQL =>
  sql`${column} = any(${sql.param([...ids])}::uuid[])`

export type LiveRow = typeof assignments.$inferSelect
export type DraftRow = typeof draftAssignments.$inferSelect

/** What ended a request for good: the same person is not planned for the same seat again. */
const REFUSED = ['declined', 'lapsed', 'withdrawn', 'excused', 'no_show'] as const

export const problemRepository = (db: Handle) => ({
  liveOn: (slotIds: string[]): Promise<LiveRow[]> =>
    db
      .select()
      .from(assignments)
      .where(and(anyOf(assignments.slotId, slotIds), inArray(assignments.state, [...LIVE])))
      .orderBy(asc(assignments.slotId)),

  draftsOf: (rosterId: string): Promise<DraftRow[]> =>
    db
      .select()
      .from(draftAssignments)
      .where(eq(draftAssignments.rosterId, rosterId))
      .orderBy(asc(draftAssignments.slotId)),

  refusedOn: (slotIds: string[]) =>
    db
      .selectDistinct({ slotId: assignments.slotId, personId: assignments.volunteerId, reason: assignments.state })
      .from(assignments)
      .where(and(anyOf(assignments.slotId, slotIds), inArray(assignments.state, [...REFUSED])))
      .orderBy(asc(assignments.slotId), asc(assignments.volunteerId), asc(assignments.state)),

  /** Living assignments of these people that touch the window, except those on the given slots and the given ones. */
  dutiesOf: (
    volunteerIds: string[],
    window: { from: Date; to: Date },
    exceptSlotIds: string[],
    exceptIds: string[] = [],
  ) =>
    db
      .select({
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        source: assignments.source,
        createdAt: assignments.createdAt,
        checkedOutAt: attendances.checkedOutAt,
        shift: shifts,
        postName: posts.name,
        postKind: posts.kind,
      })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .leftJoin(attendances, and(eq(attendances.assignmentId, assignments.id), isNull(attendances.voidedById)))
      .where(
        and(
          anyOf(assignments.volunteerId, volunteerIds),
          inArray(assignments.state, [...LIVE]),
          gt(assignments.endsAt, window.from),
          lt(assignments.startsAt, window.to),
          not(anyOf(assignments.slotId, exceptSlotIds)),
          not(anyOf(assignments.id, exceptIds)),
        ),
      )
      .orderBy(asc(assignments.volunteerId), asc(assignments.startsAt)),

  /** Duties booked on these days, reversals counted off. */
  bookedOf: (volunteerIds: string[], fromOn: string, toOn: string) =>
    db
      .select({
        volunteerId: ledger.volunteerId,
        assignmentId: assignments.id,
        source: assignments.source,
        createdAt: assignments.createdAt,
        startsAt: assignments.startsAt,
        endsAt: assignments.endsAt,
        localDay: sql<string>`min(${ledger.localDay})::text`,
        minutes: sql<number>`sum(${ledger.minutes})::int`,
        nightMinutes: sql<number>`sum(${ledger.nightMinutes})::int`,
        weekendMinutes: sql<number>`sum(${ledger.weekendMinutes})::int`,
        holidayMinutes: sql<number>`sum(${ledger.holidayMinutes})::int`,
      })
      .from(ledger)
      .innerJoin(assignments, eq(assignments.id, ledger.assignmentId))
      .where(and(anyOf(ledger.volunteerId, volunteerIds), gte(ledger.localDay, fromOn), lt(ledger.localDay, toOn)))
      .groupBy(ledger.volunteerId, assignments.id)
      .orderBy(asc(ledger.volunteerId), asc(assignments.id)),

  /** Absences of these people that touch the time. */
  absencesOf: (volunteerIds: string[], { from, to }: { from: Date; to: Date }) =>
    db
      .select({ volunteerId: absences.volunteerId, startsAt: absences.startsAt, endsAt: absences.endsAt })
      .from(absences)
      .where(and(anyOf(absences.volunteerId, volunteerIds), lt(absences.startsAt, to), gt(absences.endsAt, from)))
      .orderBy(asc(absences.volunteerId), asc(absences.startsAt), asc(absences.id)),

  /** Everybody whose home is one of these units or below, as long as they have not left before the day. */
  volunteersWithin: (paths: string[], day: string): Promise<string[]> =>
    paths.length === 0
      ? Promise.resolve([])
      : db
          .select({ id: volunteers.id })
          .from(volunteers)
          .innerJoin(units, eq(units.id, volunteers.unitId))
          .where(
            and(
              sql`${units.path} like any(${sql.param(paths.map((path) => `${path}%`))}::text[])`,
              or(sql`${volunteers.leftOn} is null`, gt(volunteers.leftOn, day)),
            ),
          )
          .then((rows) => rows.map((row) => row.id)),

  echelonsOf: (setIds: string[]) =>
    db
      .select({
        id: echelons.id,
        name: echelons.name,
        position: echelons.position,
        setId: echelonSets.id,
        setName: echelonSets.name,
        kind: echelonSets.kind,
      })
      .from(echelons)
      .innerJoin(echelonSets, eq(echelonSets.id, echelons.setId))
      .where(anyOf(echelons.setId, setIds))
      .orderBy(asc(echelonSets.name), asc(echelonSets.id), asc(echelons.position)),

  setIdsOfEchelons: (ids: string[]): Promise<string[]> =>
    db
      .selectDistinct({ setId: echelons.setId })
      .from(echelons)
      .where(anyOf(echelons.id, ids))
      .then((rows) => rows.map((row) => row.setId)),

  rotationSets: (ids: string[]): Promise<string[]> =>
    db
      .select({ id: echelonSets.id })
      .from(echelonSets)
      .where(and(anyOf(echelonSets.id, ids), eq(echelonSets.kind, 'rotation')))
      .then((rows) => rows.map((row) => row.id)),

  unitNames: (ids: string[]) =>
    db.select({ id: units.id, path: units.path, name: units.name }).from(units).where(anyOf(units.id, ids)),

  qualificationNames: (ids: string[]) =>
    db
      .select({
        id: qualifications.id,
        code: qualifications.code,
        name: qualifications.name,
        kind: qualifications.kind,
      })
      .from(qualifications)
      .where(anyOf(qualifications.id, ids)),

  placeOfShift: async (shiftId: string) => {
    const [found] = await db
      .select({ localDay: shifts.localDay, unitPath: units.path })
      .from(shifts)
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(shifts.id, shiftId))
    return found
  },

  slotAt: async (slotId: string) => {
    const [found] = await db
      .select({ slot: slots, shift: shifts, unitId: units.id, unitPath: units.path, zone: units.zone })
      .from(slots)
      .innerJoin(shifts, eq(shifts.id, slots.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(slots.id, slotId))
    return found
  },
})
