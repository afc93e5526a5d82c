import { and, asc, eq, gte, inArray, isNull, lt, type SQLWrapper, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { StreamedQuery } from '../../platform/db/streams.ts'
import { SHEET_STATES } from '../attendance/attendance.schemas.ts'
import { type ATTENDANCE_SOURCES, attendances } from '../attendance/attendance.tables.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { apiKeys, units } from '../organisation/organisation.tables.ts'
import { posts, type SHIFT_KINDS, shifts, slots } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { type PERSON_CLASSES, volunteers } from '../volunteers/volunteers.tables.ts'

export interface PersonRecord {
  personNumber: string | null
  name: string
  unit: string
  personClass: (typeof PERSON_CLASSES)[number]
  grade: string | null
  phone: string | null
  email: string | null
  qualifications: string | null
  languages: string | null
  /** Latitude and longitude in degrees. */
  home: string | null
  joinedOn: string | null
  leftOn: string | null
}

const contact = (channel: 'sms' | 'email', name: string) =>
  sql<string | null>`(
  select c.address from contact_points c where c.volunteer_id = ${volunteers.id} and c.channel = ${channel}
  order by c.position, c.id limit 1)`.as(name)

const named = (column: SQLWrapper, name: string) => sql`${column}`.as(name)

/** People of a unit and all below it, by unit and name, each with the contact that is tried first. */
export function streamPeople(
  db: Handle,
  {
    actorPath,
    unitPath,
    personClass,
  }: { actorPath: string; unitPath: string; personClass?: PersonRecord['personClass'] | undefined },
): StreamedQuery {
  const { sql: text, params } = db
    .select({
      personNumber: named(volunteers.personNumber, 'personNumber'),
      name: named(volunteers.displayName, 'name'),
      unit: named(units.name, 'unit'),
      personClass: named(volunteers.personClass, 'personClass'),
      grade: named(volunteers.grade, 'grade'),
      phone: contact('sms', 'phone'),
      email: contact('email', 'email'),
      qualifications: sql<string | null>`(
        select string_agg(q.name, '; ' order by q.name) from volunteer_qualifications h
        join qualifications q on q.id = h.qualification_id where h.volunteer_id = ${volunteers.id})`.as(
        'qualifications',
      ),
      languages: sql<string | null>`nullif(array_to_string(${volunteers.languages}, '; '), '')`.as('languages'),
      home: sql<string | null>`(${volunteers.home}->>'latitude') || ' ' || (${volunteers.home}->>'longitude')`.as(
        'home',
      ),
      joinedOn: named(sql`${volunteers.joinedOn}::text`, 'joinedOn'),
      leftOn: named(sql`${volunteers.leftOn}::text`, 'leftOn'),
    })
    .from(volunteers)
    .innerJoin(units, eq(units.id, volunteers.unitId))
    .where(
      and(
        withinPath(actorPath),
        withinPath(unitPath),
        personClass ? eq(volunteers.personClass, personClass) : undefined,
      ),
    )
    .orderBy(asc(units.path), asc(volunteers.sortName), asc(volunteers.id))
    .toSQL()
  return { text, params }
}

export interface AttendanceRecord {
  day: string
  unit: string
  post: string
  role: string
  kind: (typeof SHIFT_KINDS)[number]
  personNumber: string | null
  name: string
  personClass: PersonRecord['personClass']
  /** Wall times at the post, 'YYYY-MM-DDTHH:mm'. */
  plannedStart: string
  plannedEnd: string
  checkedIn: string | null
  checkedOut: string | null
  /** Of a presence that is over. */
  minutes: number | null
  standbyMinutes: number | null
  lateMinutes: number | null
  earlyExitMinutes: number | null
  state: (typeof SHEET_STATES)[number]
  inSource: (typeof ATTENDANCE_SOURCES)[number] | null
  outSource: (typeof ATTENDANCE_SOURCES)[number] | null
  verifiedBy: string | null
  zone: string
  dutyId: string
}

export interface AttendanceScope {
  actorPath: string
  unitPath: string
  fromOn: string
  /** First day no longer wanted. */
  toOn: string
  postId?: string | undefined
  personClass?: PersonRecord['personClass'] | undefined
}

const wall = (instant: SQLWrapper) => sql`to_char(${instant} at time zone ${shifts.zone}, 'YYYY-MM-DD"T"HH24:MI')`
const minutesOf = (kind?: 'standby') => sql`(
  select floor(extract(epoch from sum(g.ends_at - g.starts_at)) / 60)::int from segments g
  where g.attendance_id = ${attendances.id} and g.superseded_by_id is null ${kind ? sql`and g.kind = ${kind}` : sql``})`

/** Duties at posts of a unit and all below it that somebody was expected for, in order of time, each with its fact. */
export function streamAttendance(db: Handle, scope: AttendanceScope): StreamedQuery {
  const { sql: text, params } = db
    .select({
      day: named(sql`${shifts.localDay}::text`, 'day'),
      unit: named(units.name, 'unit'),
      post: named(posts.name, 'post'),
      role: named(slots.role, 'role'),
      kind: named(shifts.kind, 'kind'),
      personNumber: named(volunteers.personNumber, 'personNumber'),
      name: named(volunteers.displayName, 'name'),
      personClass: named(volunteers.personClass, 'personClass'),
      plannedStart: named(shifts.startLocal, 'plannedStart'),
      plannedEnd: named(shifts.endLocal, 'plannedEnd'),
      checkedIn: named(wall(attendances.checkedInAt), 'checkedIn'),
      checkedOut: named(wall(attendances.checkedOutAt), 'checkedOut'),
      minutes: named(minutesOf(), 'minutes'),
      standbyMinutes: named(minutesOf('standby'), 'standbyMinutes'),
      lateMinutes: named(attendances.lateMinutes, 'lateMinutes'),
      earlyExitMinutes: named(attendances.earlyExitMinutes, 'earlyExitMinutes'),
      state: named(assignments.state, 'state'),
      inSource: named(attendances.inSource, 'inSource'),
      outSource: named(attendances.outSource, 'outSource'),
      verifiedBy: named(sql`coalesce(${apiKeys.name}, ${attendances.verifiedBy})`, 'verifiedBy'),
      zone: named(shifts.zone, 'zone'),
      dutyId: named(assignments.id, 'dutyId'),
    })
    .from(assignments)
    .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
    .innerJoin(slots, eq(slots.id, assignments.slotId))
    .innerJoin(posts, eq(posts.id, shifts.postId))
    .innerJoin(units, eq(units.id, posts.unitId))
    .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
    .leftJoin(attendances, and(eq(attendances.assignmentId, assignments.id), isNull(attendances.voidedById)))
    .leftJoin(apiKeys, eq(sql`${apiKeys.id}::text`, attendances.verifiedBy))
    .where(
      and(
        withinPath(scope.actorPath),
        withinPath(scope.unitPath),
        inArray(assignments.state, [...SHEET_STATES]),
        gte(shifts.localDay, scope.fromOn),
        lt(shifts.localDay, scope.toOn),
        scope.postId ? eq(shifts.postId, scope.postId) : undefined,
        scope.personClass ? eq(volunteers.personClass, scope.personClass) : undefined,
      ),
    )
    .orderBy(asc(shifts.startsAt), asc(posts.name), asc(slots.role), asc(volunteers.sortName), asc(assignments.id))
    .toSQL()
  return { text, params }
}
