import { and, eq, gt, gte, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import type { Interval } from '../../time/intervals.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { attendances, segments } from './attendance.tables.ts'
import type { FINDING_CODES } from './facts.schemas.ts'

export type FindingCode = (typeof FINDING_CODES)[number]

/** Longer than any presence: what began earlier has ended. */
const LONGEST_MS = 47 * 86_400_000

/** Checks of one duty, in the database, so that a list of findings needs not read what is sound. */
const checksAt = (now: Date): Record<FindingCode, SQL> => {
  const at = sql`${now.toISOString()}::timestamptz`
  const [cameAt, leftAt] = [sql`${attendances.checkedInAt}`, sql`coalesce(${attendances.checkedOutAt}, ${at})`]
  const [start, end] = [sql`${assignments.startsAt}`, sql`${assignments.endsAt}`]
  return {
    'never-checked-in': sql`${assignments.state} = 'confirmed' and ${end} <= ${at}`,
    'never-checked-out': sql`${assignments.state} = 'serving' and ${end} <= ${at}
      and not exists (select from attendance_marks m where m.attendance_id = ${attendances.id} and m.cause = 'relief-missing')`,
    'end-before-start': sql`${attendances.checkedOutAt} <= ${cameAt}`,
    'too-long': sql`${leftAt} - ${cameAt} > (${end} - ${start}) + greatest((${end} - ${start}) / 2, interval '2 hours')`,
    'outside-duty': sql`${cameAt} >= ${end} or ${attendances.checkedOutAt} <= ${start}`,
    overlap: sql`${attendances.id} is not null and exists (
      select from attendances o join assignments oa on oa.id = o.assignment_id
      where oa.volunteer_id = ${assignments.volunteerId} and o.id <> ${attendances.id} and o.voided_by_id is null
        and oa.starts_at between ${start} - interval '47 days' and ${end} + interval '47 days'
        and o.checked_in_at < ${leftAt} and coalesce(o.checked_out_at, ${at}) > ${cameAt})`,
    'segments-incomplete': sql`${attendances.checkedOutAt} is not null and ${attendances.checkedOutAt} - ${cameAt} <> (
      select coalesce(sum(s.ends_at - s.starts_at), interval '0') from segments s
      where s.attendance_id = ${attendances.id} and s.superseded_by_id is null)`,
    'more-than-three-a-day': sql`${attendances.id} is not null and 3 < (
      select count(*) from attendances o join assignments oa on oa.id = o.assignment_id
      join shifts os on os.id = oa.shift_id
      where oa.volunteer_id = ${assignments.volunteerId} and os.local_day = ${shifts.localDay}
        and o.voided_by_id is null)`,
    'entered-late': sql`${attendances.checkedOutAt} is not null and ${attendances.verifiedBy} is null
      and ${attendances.enteredLateBy} <> '{}'`,
  }
}

export const factsRepository = (db: Handle) => ({
  /** Duties with something wrong, and what. `code`: only those with this finding. */
  findings(conditions: (SQL | undefined)[], page: Keyset, now: Date, code: FindingCode | undefined) {
    const checks = checksAt(now)
    const wrong = Object.entries(checks).map(([name, check]) => sql`case when ${check} then ${name}::text end`)
    const codes = sql<FindingCode[]>`array_remove(array[${sql.join(wrong, sql`, `)}], null)`
    return db
      .select({
        id: assignments.id,
        volunteerId: assignments.volunteerId,
        volunteerName: volunteers.displayName,
        postId: posts.id,
        postName: posts.name,
        state: assignments.state,
        startsAt: assignments.startsAt,
        endsAt: assignments.endsAt,
        checkedInAt: attendances.checkedInAt,
        checkedOutAt: attendances.checkedOutAt,
        codes,
      })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .leftJoin(attendances, and(eq(attendances.assignmentId, assignments.id), isNull(attendances.voidedById)))
      .where(
        and(
          ...conditions,
          inArray(assignments.state, ['confirmed', 'serving', 'completed', 'no_show', 'excused']),
          code ? checks[code] : or(...Object.values(checks)),
          page.after,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit)
  },

  async findPost(id: string) {
    const [found] = await db
      .select({ post: posts, unitId: units.id, unitPath: units.path, locale: units.locale, zone: units.zone })
      .from(posts)
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(posts.id, id))
    return found
  },

  /** Segments that count at a post and touch the window; of a presence that lasts, its marks tell the kinds. */
  staysOf: (postId: string, { startsAt, endsAt }: Interval) =>
    db
      .select({
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        volunteerName: volunteers.displayName,
        kind: segments.kind,
        startsAt: segments.startsAt,
        endsAt: segments.endsAt,
      })
      .from(segments)
      .innerJoin(attendances, eq(attendances.id, segments.attendanceId))
      .innerJoin(assignments, eq(assignments.id, attendances.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .where(
        and(
          eq(shifts.postId, postId),
          gt(shifts.startsAt, new Date(startsAt.getTime() - LONGEST_MS)),
          isNull(segments.supersededById),
          ne(segments.kind, 'travel'),
          or(ne(segments.kind, 'standby'), ne(shifts.kind, 'standby')),
          lt(segments.startsAt, endsAt),
          gt(segments.endsAt, startsAt),
        ),
      )
      .orderBy(segments.startsAt, volunteers.sortName),

  /** People who are at the post now and came before `until`. */
  staysUnderWay: (postId: string, until: Date) =>
    db
      .select({
        attendanceId: attendances.id,
        assignmentId: assignments.id,
        volunteerId: assignments.volunteerId,
        volunteerName: volunteers.displayName,
        checkedInAt: attendances.checkedInAt,
        plannedKind: shifts.kind,
      })
      .from(attendances)
      .innerJoin(assignments, eq(assignments.id, attendances.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
      .where(
        and(
          eq(shifts.postId, postId),
          eq(assignments.state, 'serving'),
          isNull(attendances.checkedOutAt),
          isNull(attendances.voidedById),
          lt(attendances.checkedInAt, until),
        ),
      )
      .orderBy(attendances.checkedInAt, volunteers.sortName),

  /** Shifts of the post that touch the window and by which somebody was to be there. */
  shiftsOf: (postId: string, { startsAt, endsAt }: Interval): Promise<Interval[]> =>
    db
      .select({ startsAt: shifts.startsAt, endsAt: shifts.endsAt })
      .from(shifts)
      .where(
        and(
          eq(shifts.postId, postId),
          eq(shifts.kind, 'active'),
          eq(shifts.state, 'planned'),
          gte(shifts.startsAt, new Date(startsAt.getTime() - LONGEST_MS)),
          lt(shifts.startsAt, endsAt),
          gt(shifts.endsAt, startsAt),
        ),
      )
      .orderBy(shifts.startsAt),
})
