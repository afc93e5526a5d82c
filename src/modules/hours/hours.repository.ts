import { and, eq, gt, gte, inArray, isNull, lt, ne, notExists, type SQL, sql } from 'drizzle-orm'
import { type AnyPgColumn, alias } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { attendances, segments } from '../attendance/attendance.tables.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { Filter } from './hours.schemas.ts'
import { ledger } from './hours.tables.ts'

export type LedgerRow = typeof ledger.$inferSelect
export type NewLedgerRow = typeof ledger.$inferInsert
/** A line with what a reader wants to see beside it. */
export interface LineRow {
  line: LedgerRow
  volunteerName: string
  personNumber: string | null
  postName: string
  unitPath: string
  /** The line that has taken this one back. */
  reversedById: string | null
  dutyStartsAt: Date
  dutyEndsAt: Date
}

export const reversal = alias(ledger, 'reversal')

const CHUNK = 2_000

/** Which lines: inside `actorPath`, and what the filter says. For queries that join the line's home unit. */
export const linesWhere = (actorPath: string, filter: Filter, unitPath: string | undefined): SQL =>
  and(
    withinPath(actorPath),
    unitPath === undefined ? undefined : withinPath(unitPath),
    filter.from ? gte(ledger.localDay, filter.from) : undefined,
    filter.to ? lt(ledger.localDay, filter.to) : undefined,
    filter.personClass ? eq(ledger.personClass, filter.personClass) : undefined,
    filter.postId ? eq(ledger.postId, filter.postId) : undefined,
    filter.volunteerId ? eq(ledger.volunteerId, filter.volunteerId) : undefined,
  )!

/** Sums of the lines of one group; the minutes of a million lines fit an integer. */
export const sums = {
  duties: sql<number>`count(distinct ${ledger.assignmentId})::int`.as('duties'),
  minutes: sql<number>`sum(${ledger.minutes})::int`.as('minutes'),
  nightMinutes: sql<number>`sum(${ledger.nightMinutes})::int`.as('night_minutes'),
  weekendMinutes: sql<number>`sum(${ledger.weekendMinutes})::int`.as('weekend_minutes'),
  plannedMinutes: sql<number>`sum(${ledger.plannedMinutes})::int`.as('planned_minutes'),
}

const GROUPS = {
  person: { column: ledger.volunteerId, table: volunteers, id: volunteers.id, name: volunteers.displayName },
  unit: { column: ledger.unitId, table: units, id: units.id, name: units.name },
  post: { column: ledger.postId, table: posts, id: posts.id, name: posts.name },
} as const

export const groupColumns = (by: keyof typeof GROUPS): { id: AnyPgColumn; name: AnyPgColumn } => ({
  id: GROUPS[by].id,
  name: by === 'person' ? volunteers.sortName : GROUPS[by].name,
})

export const hoursRepository = (db: Handle) => {
  const lines = () =>
    db
      .select({
        line: ledger,
        volunteerName: volunteers.displayName,
        personNumber: volunteers.personNumber,
        postName: posts.name,
        unitPath: units.path,
        reversedById: reversal.id,
        dutyStartsAt: shifts.startsAt,
        dutyEndsAt: shifts.endsAt,
      })
      .from(ledger)
      .innerJoin(units, eq(units.id, ledger.unitId))
      .innerJoin(volunteers, eq(volunteers.id, ledger.volunteerId))
      .innerJoin(posts, eq(posts.id, ledger.postId))
      .innerJoin(assignments, eq(assignments.id, ledger.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .leftJoin(reversal, eq(reversal.reversesId, ledger.id))

  return {
    listLines: (where: SQL, page: Keyset): Promise<LineRow[]> =>
      lines()
        .where(and(where, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    findLine: async (id: string): Promise<LineRow | undefined> => (await lines().where(eq(ledger.id, id)))[0],
    findLines: (ids: string[]): Promise<LineRow[]> => lines().where(inArray(ledger.id, ids)),

    /** What is recorded of a person waits for this transaction; attendance takes the same lock. */
    lockPerson: (volunteerId: string) =>
      db.select({ id: volunteers.id }).from(volunteers).where(eq(volunteers.id, volunteerId)).for('no key update'),

    /** Lines of a person that hold and touch the interval. */
    effectiveLines: (volunteerId: string, except: string, from: Date, to: Date) =>
      db
        .select({ id: ledger.id, startsAt: ledger.startsAt, endsAt: ledger.endsAt })
        .from(ledger)
        .where(
          and(
            eq(ledger.volunteerId, volunteerId),
            ne(ledger.id, except),
            isNull(ledger.reversesId),
            lt(ledger.startsAt, to),
            gt(ledger.endsAt, from),
            notExists(db.select({ id: reversal.id }).from(reversal).where(eq(reversal.reversesId, ledger.id))),
          ),
        ),

    /** All that lines of these attendances are made of, in order of time. */
    segmentsToBook: (attendanceIds: string[]) =>
      db
        .select({
          segment: segments,
          verifiedBy: attendances.verifiedBy,
          assignmentId: assignments.id,
          volunteerId: volunteers.id,
          unitId: volunteers.unitId,
          personClass: volunteers.personClass,
          postId: shifts.postId,
          role: slots.role,
          localDay: shifts.localDay,
          zone: shifts.zone,
          nominalMinutes: shifts.nominalMinutes,
        })
        .from(segments)
        .innerJoin(attendances, eq(attendances.id, segments.attendanceId))
        .innerJoin(assignments, eq(assignments.id, attendances.assignmentId))
        .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
        .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
        .innerJoin(slots, eq(slots.id, assignments.slotId))
        .where(inArray(segments.attendanceId, attendanceIds))
        .orderBy(segments.startsAt, segments.id),

    /** Books what is not booked yet; answers with the new lines only. */
    async insertLines(rows: NewLedgerRow[]): Promise<LedgerRow[]> {
      const booked: LedgerRow[] = []
      for (let at = 0; at < rows.length; at += CHUNK) {
        const part = await db
          .insert(ledger)
          .values(rows.slice(at, at + CHUNK))
          .onConflictDoNothing({ target: ledger.segmentId, where: isNull(ledger.reversesId) })
          .returning()
        booked.push(...part)
      }
      return booked
    },

    async listSums(by: keyof typeof GROUPS, where: SQL, page: Keyset) {
      const { column, table, id, name } = GROUPS[by]
      const grouped = db
        .select({ groupId: sql<string>`${column}`.as('group_id'), ...sums })
        .from(ledger)
        .innerJoin(units, eq(units.id, ledger.unitId))
        .where(where)
        .groupBy(column)
        .as('grouped')
      return db
        .select({
          id: sql<string>`${id}`,
          name: sql<string>`${name}`,
          sortKey: sql<string>`${groupColumns(by).name}`,
          duties: grouped.duties,
          minutes: grouped.minutes,
          nightMinutes: grouped.nightMinutes,
          weekendMinutes: grouped.weekendMinutes,
          plannedMinutes: grouped.plannedMinutes,
        })
        .from(grouped)
        .innerJoin(table, eq(id, grouped.groupId))
        .where(page.after)
        .orderBy(...page.orderBy)
        .limit(page.limit)
    },

    /** Sums of each local day that has lines, in order. */
    listDays: (where: SQL) =>
      db
        .select({ day: ledger.localDay, ...sums })
        .from(ledger)
        .innerJoin(units, eq(units.id, ledger.unitId))
        .where(where)
        .groupBy(ledger.localDay)
        .orderBy(ledger.localDay),

    async isKnown(kind: 'post' | 'volunteer', id: string, actorPath: string): Promise<boolean> {
      const [table, key, unitId, column] =
        kind === 'post'
          ? ([posts, posts.id, posts.unitId, ledger.postId] as const)
          : ([volunteers, volunteers.id, volunteers.unitId, ledger.volunteerId] as const)
      const [inside] = await db
        .select({ found: sql`1` })
        .from(table)
        .innerJoin(units, eq(units.id, unitId))
        .where(and(eq(key, id), withinPath(actorPath)))
      if (inside) return true
      const [served] = await db
        .select({ found: sql`1` })
        .from(ledger)
        .innerJoin(units, eq(units.id, ledger.unitId))
        .where(and(eq(column, id), withinPath(actorPath)))
        .limit(1)
      return served !== undefined
    },
  }
}
