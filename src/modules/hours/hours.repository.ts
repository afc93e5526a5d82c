import { and, eq, gt, gte, inArray, isNull, lt, ne, notExists, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { type AnyPgColumn, alias } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { attendanceCorrections, attendances, segments } from '../attendance/attendance.tables.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { apiKeys, units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { Filter } from './hours.schemas.ts'
import { ledger } from './hours.tables.ts'
import { recorderName, recorders, verifiedAt, verifier, verifierName } from './vouching.repository.ts'

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
  /** Of the line itself, or of the presence it comes from. */
  verifiedBy: string | null
  verifiedByName: string | null
  verifiedAt: Date | null
  recordedBy: string
  dutyStartsAt: Date
  dutyEndsAt: Date
}

/** One duty as far as its lines tell of it. */
export interface DutyToBook {
  assignmentId: string
  volunteerId: string
  unitId: string
  personClass: LedgerRow['personClass']
  postId: string
  role: string
  localDay: string
  zone: string
  /** Whose policy and holidays hold. */
  postUnitPath: string
  nominalMinutes: number
  calledOut: boolean
}
export interface SegmentToBook {
  segment: typeof segments.$inferSelect
  verifiedBy: string | null
  duty: DutyToBook
}

const dutyToBook = {
  assignmentId: assignments.id,
  volunteerId: volunteers.id,
  unitId: volunteers.unitId,
  personClass: volunteers.personClass,
  postId: shifts.postId,
  role: slots.role,
  localDay: shifts.localDay,
  zone: shifts.zone,
  postUnitPath: units.path,
  nominalMinutes: shifts.nominalMinutes,
  calledOut: sql<boolean>`${assignments.source} = 'cascade'`,
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
    filter.kind ? eq(ledger.kind, filter.kind) : undefined,
    filter.postId ? eq(ledger.postId, filter.postId) : undefined,
    filter.volunteerId ? eq(ledger.volunteerId, filter.volunteerId) : undefined,
  )!

const summed = (column: SQLWrapper, name: string) => sql<number>`sum(${column})::int`.as(name)

/** One of `PUNCTUALITIES`, to the minute; null where nobody recorded a presence. */
export const punctuality = ({
  lateMinutes,
  earlyExitMinutes,
}: Record<'lateMinutes' | 'earlyExitMinutes', SQLWrapper>) =>
  sql`case when ${lateMinutes} is null then null
    when ${lateMinutes} > 0 and ${earlyExitMinutes} > 0 then 'late-and-left-early'
    when ${lateMinutes} > 0 then 'late' when ${earlyExitMinutes} > 0 then 'left-early' else 'on-time' end`

/** Sums of the lines of one group; the minutes of a million lines fit an integer. */
export const sums = {
  duties: sql<number>`count(distinct ${ledger.assignmentId})::int`.as('duties'),
  minutes: summed(ledger.minutes, 'minutes'),
  nominalMinutes: summed(ledger.nominalMinutes, 'nominal_minutes'),
  creditedMinutes: summed(ledger.creditedMinutes, 'credited_minutes'),
  standbyMinutes: summed(
    sql`case when ${ledger.kind} = 'standby' then ${ledger.minutes} else 0 end`,
    'standby_minutes',
  ),
  nightMinutes: summed(ledger.nightMinutes, 'night_minutes'),
  weekendMinutes: summed(ledger.weekendMinutes, 'weekend_minutes'),
  holidayMinutes: summed(ledger.holidayMinutes, 'holiday_minutes'),
  plannedMinutes: summed(ledger.plannedMinutes, 'planned_minutes'),
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
        verifiedBy: verifier,
        verifiedByName: verifierName,
        verifiedAt,
        recordedBy: recorderName,
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
      .leftJoin(attendances, eq(attendances.assignmentId, ledger.assignmentId))
      .leftJoin(apiKeys, eq(sql`${apiKeys.id}::text`, verifier))
      .leftJoin(recorders, eq(sql`${recorders.id}::text`, ledger.enteredBy))

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
    segmentsToBook: (attendanceIds: string[]): Promise<SegmentToBook[]> =>
      db
        .select({ segment: segments, verifiedBy: attendances.verifiedBy, duty: dutyToBook })
        .from(segments)
        .innerJoin(attendances, eq(attendances.id, segments.attendanceId))
        .innerJoin(assignments, eq(assignments.id, attendances.assignmentId))
        .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
        .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
        .innerJoin(slots, eq(slots.id, assignments.slotId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .innerJoin(units, eq(units.id, posts.unitId))
        .where(and(inArray(segments.attendanceId, attendanceIds), isNull(segments.supersededById)))
        .orderBy(segments.startsAt, segments.id),

    dutiesOf: (assignmentIds: string[]): Promise<DutyToBook[]> =>
      db
        .select(dutyToBook)
        .from(assignments)
        .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
        .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
        .innerJoin(slots, eq(slots.id, assignments.slotId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .innerJoin(units, eq(units.id, posts.unitId))
        .where(inArray(assignments.id, assignmentIds)),

    async dutyOfAttendance(attendanceId: string): Promise<DutyToBook> {
      const [found] = await db.select().from(attendances).where(eq(attendances.id, attendanceId))
      return (await this.dutiesOf([found!.assignmentId]))[0]!
    },

    segmentsOf: (attendanceId: string) =>
      db.select().from(segments).where(eq(segments.attendanceId, attendanceId)).orderBy(segments.startsAt, segments.id),

    linesOfAssignment: (assignmentId: string): Promise<LedgerRow[]> =>
      db.select().from(ledger).where(eq(ledger.assignmentId, assignmentId)).orderBy(ledger.startsAt, ledger.id),

    findAttendanceCorrection: async (id: string) =>
      (await db.select().from(attendanceCorrections).where(eq(attendanceCorrections.id, id)))[0]!,

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
          nominalMinutes: grouped.nominalMinutes,
          creditedMinutes: grouped.creditedMinutes,
          standbyMinutes: grouped.standbyMinutes,
          nightMinutes: grouped.nightMinutes,
          weekendMinutes: grouped.weekendMinutes,
          holidayMinutes: grouped.holidayMinutes,
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
