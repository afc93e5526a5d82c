import { and, asc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { StreamedQuery } from '../../platform/db/streams.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { wasCalled } from '../attendance/attendance.repository.ts'
import { attendances } from '../attendance/attendance.tables.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { handoverLooks, handovers } from './handovers.tables.ts'
import type { CrewMember, HandoverFilter, HandoverLine, Matter, ShiftReport } from './handovers.types.ts'

export type HandoverRow = typeof handovers.$inferSelect

const outgoingSigner = alias(volunteers, 'outgoing_signer')
const incomingSigner = alias(volunteers, 'incoming_signer')

/** Everybody who stands, or has stood, in a shift, the lead first. */
const crewOf = (shiftId: SQL) => sql<CrewMember[]>`coalesce((
  select json_agg(json_build_object(
    'assignmentId', a.id, 'volunteerId', v.id, 'name', v.display_name, 'role', s.role, 'state', a.state,
    'checkedInAt', t.checked_in_at, 'checkedOutAt', t.checked_out_at) order by c.position, s.seat)
  from assignments a
  join slots s on s.id = a.slot_id
  join cover_requirements c on c.id = s.requirement_id
  join volunteers v on v.id = a.volunteer_id
  left join attendances t on t.assignment_id = a.id and t.voided_by_id is null
  where a.shift_id = ${shiftId} and a.state in ('confirmed', 'serving', 'completed')), '[]')`

/** What was open at the post at the time of a handover: opened by then, and closed, if at all, in it or later. */
const mattersOf = sql<Matter[]>`coalesce((
  select json_agg(json_build_object(
    'id', m.id, 'text', m.text, 'owner', m.owner, 'dueAt', m.due_at, 'openedInId', m.opened_in_id,
    'createdAt', m.created_at, 'closedAt', m.closed_at, 'closedBy', m.closed_by, 'closingNote', m.closing_note)
    order by m.created_at, m.id)
  from handover_matters m
  join handovers o on o.id = m.opened_in_id
  left join handovers e on e.id = m.closed_in_id
  where m.post_id = ${handovers.postId} and o.planned_at <= ${handovers.plannedAt}
    and (m.closed_at is null or coalesce(e.planned_at, m.closed_at) >= ${handovers.plannedAt})), '[]')`

/** Who of the incoming crew has read a report, by its receipts. */
const readersOf = sql`coalesce((
  select json_agg(json_build_object('name', v.display_name, 'number', c.read_number) order by c.read_at, c.id)
  from report_receipts c
  join volunteers v on v.id::text = c.receiver->>'volunteerId'
  where c.report_id = r.id and c.read_at is not null and exists (
    select from assignments a where a.shift_id = ${handovers.incomingShiftId} and a.volunteer_id = v.id
      and a.state in ('confirmed', 'serving', 'completed'))), '[]')`

/** What was filed of the reports of the outgoing shift: those due in it about its post, and those its crew filed in it. */
const reportsOf = sql<ShiftReport[]>`coalesce((
  select json_agg(json_build_object(
    'id', r.id, 'name', o.name, 'dueAt', r.due_at, 'filedAt', f.filed_at, 'number', f.number, 'nil', f.is_nil,
    'content', f.content, 'schema', o.schema, 'readBy', ${readersOf}) order by r.due_at, r.id)
  from duty_reports r
  join report_obligations o on o.id = r.obligation_id
  join report_filings f on f.report_id = r.id and f.number = r.filings
  where o.post_id = ${handovers.postId} and r.due_at > ${shifts.startsAt} and r.due_at <= ${shifts.endsAt}
    or exists (select from report_filings w
      join assignments a on a.volunteer_id = w.volunteer_id and a.shift_id = ${handovers.outgoingShiftId}
        and a.state in ('confirmed', 'serving', 'completed')
      where w.report_id = r.id and w.filed_at >= ${shifts.startsAt} and w.filed_at <= ${shifts.endsAt})), '[]')`

const lineColumns = {
  id: handovers.id,
  state: handovers.state,
  unitId: units.id,
  unitName: units.name,
  unitPath: units.path,
  postId: handovers.postId,
  postName: posts.name,
  zone: shifts.zone,
  outgoingShiftId: handovers.outgoingShiftId,
  incomingShiftId: handovers.incomingShiftId,
  plannedAt: handovers.plannedAt,
  actualAt: handovers.actualAt,
  outgoingCrew: crewOf(sql`${handovers.outgoingShiftId}`),
  incomingCrew: crewOf(sql`${handovers.incomingShiftId}`),
  supervisor: handovers.supervisor,
  situation: handovers.situation,
  peopleIn: handovers.peopleIn,
  peopleOut: handovers.peopleOut,
  vehiclesIn: handovers.vehiclesIn,
  vehiclesOut: handovers.vehiclesOut,
  abnormalEvents: handovers.abnormalEvents,
  matters: mattersOf,
  reports: reportsOf,
  supplies: handovers.supplies,
  equipmentFaults: handovers.equipmentFaults,
  instructions: handovers.instructions,
  weather: handovers.weather,
  nil: handovers.nil,
  outgoingSignedBy: outgoingSigner.displayName,
  outgoingSignedAt: handovers.outgoingSignedAt,
  incomingSignedBy: incomingSigner.displayName,
  incomingSignedAt: handovers.incomingSignedAt,
  incomingRemark: handovers.incomingRemark,
  reliefMissingAt: handovers.reliefMissingAt,
  reliefCameAt: handovers.reliefCameAt,
  seenBy: sql<{ seenBy: string; seenAt: string }[]>`coalesce((
    select json_agg(json_build_object('seenBy', l.seen_by, 'seenAt', l.seen_at) order by l.seen_at)
    from handover_looks l where l.handover_id = ${handovers.id}), '[]')`,
  version: handovers.version,
}

/** A handover with all that is said of it. */
export type HandoverAt = HandoverLine & { unitPath: string }

const filtered = (filter: HandoverFilter): SQL =>
  and(
    withinPath(filter.actorPath),
    filter.unitPath === undefined ? undefined : withinPath(filter.unitPath),
    filter.postId ? eq(handovers.postId, filter.postId) : undefined,
    filter.state ? eq(handovers.state, filter.state) : undefined,
    filter.from ? gte(handovers.plannedAt, filter.from) : undefined,
    filter.to ? lt(handovers.plannedAt, filter.to) : undefined,
  )!

const lines = (db: Handle, columns = lineColumns) =>
  db
    .select(columns)
    .from(handovers)
    .innerJoin(shifts, eq(shifts.id, handovers.outgoingShiftId))
    .innerJoin(posts, eq(posts.id, handovers.postId))
    .innerJoin(units, eq(units.id, posts.unitId))
    .leftJoin(outgoingSigner, eq(outgoingSigner.id, handovers.outgoingSignedBy))
    .leftJoin(incomingSigner, eq(incomingSigner.id, handovers.incomingSignedBy))

const isManning = eq(shifts.kind, 'active')

/** The log of handovers as one query, in order of their planned time; `handoverLine` makes of each row what it says. */
export function streamHandovers(db: Handle, filter: HandoverFilter): StreamedQuery {
  const named = Object.entries(lineColumns).map(([key, column]) => [key, sql`${column}`.as(key)])
  const { sql: text, params } = lines(db, Object.fromEntries(named) as typeof lineColumns)
    .where(filtered(filter))
    .orderBy(asc(handovers.plannedAt), asc(handovers.id))
    .toSQL()
  return { text, params }
}

export const handoversRepository = (db: Handle) => ({
  find: async (id: string): Promise<HandoverAt | undefined> => (await lines(db).where(eq(handovers.id, id)))[0],

  list: (filter: HandoverFilter, page: Keyset): Promise<HandoverAt[]> =>
    lines(db)
      .where(and(filtered(filter), page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  async lock(id: string): Promise<HandoverRow | undefined> {
    const [row] = await db.select().from(handovers).where(eq(handovers.id, id)).for('update')
    return row
  },

  async findPerson(id: string) {
    const [person] = await db
      .select({ name: volunteers.displayName, locale: volunteers.locale })
      .from(volunteers)
      .where(eq(volunteers.id, id))
    return person
  },

  findShift: async (id: string) =>
    (
      await db
        .select({ shift: shifts, postName: posts.name, unitId: units.id, unitPath: units.path })
        .from(shifts)
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .innerJoin(units, eq(units.id, posts.unitId))
        .where(eq(shifts.id, id))
    )[0],

  /** Is somebody at the post by the facts? Whoever is on standby is not, until they are called. */
  async isManned(postId: string): Promise<boolean> {
    const [present] = await db
      .select({ id: assignments.id })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .where(and(eq(shifts.postId, postId), eq(assignments.state, 'serving'), or(isManning, wasCalled)))
      .limit(1)
    return present !== undefined
  },

  /** The shift of a post that is under way. */
  async shiftUnderWay(postId: string, now: Date) {
    const [shift] = await db
      .select()
      .from(shifts)
      .where(
        and(
          eq(shifts.postId, postId),
          isManning,
          eq(shifts.state, 'planned'),
          lte(shifts.startsAt, now),
          gt(shifts.endsAt, now),
        ),
      )
      .orderBy(shifts.startsAt)
      .limit(1)
    return shift
  },

  /** Where and when these attendances began and ended. */
  placesOf: (attendanceIds: string[]) =>
    db
      .select({
        shiftId: shifts.id,
        postId: shifts.postId,
        unitId: posts.unitId,
        checkedInAt: attendances.checkedInAt,
      })
      .from(attendances)
      .innerJoin(assignments, eq(assignments.id, attendances.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .where(inArray(attendances.id, attendanceIds)),

  /** Planned shifts of a post that begin in this time, the first one first; nobody hands over to a standby. */
  shiftsBeginning: (postId: string, from: Date, to: Date) =>
    db
      .select()
      .from(shifts)
      .where(
        and(
          eq(shifts.postId, postId),
          isManning,
          eq(shifts.state, 'planned'),
          gte(shifts.startsAt, from),
          lte(shifts.startsAt, to),
        ),
      )
      .orderBy(asc(shifts.startsAt), asc(shifts.id)),

  /** Shifts of these assignments that somebody has to relieve. */
  shiftsOf: async (assignmentIds: string[]) =>
    assignmentIds.length === 0
      ? []
      : db
          .selectDistinct({ id: shifts.id, endsAt: shifts.endsAt, unitPath: units.path })
          .from(assignments)
          .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
          .innerJoin(posts, eq(posts.id, shifts.postId))
          .innerJoin(units, eq(units.id, posts.unitId))
          .where(and(inArray(assignments.id, assignmentIds), isManning)),

  /** The new row, or undefined when the shift has its handover already. */
  async insert(row: Omit<typeof handovers.$inferInsert, 'id'>): Promise<HandoverRow | undefined> {
    const [inserted] = await db
      .insert(handovers)
      .values({ ...row, id: newId() })
      .onConflictDoNothing({ target: handovers.outgoingShiftId })
      .returning()
    return inserted
  },

  update: async (id: string, changes: Partial<HandoverRow>): Promise<HandoverRow> =>
    (
      await db
        .update(handovers)
        .set({ ...changes, version: sql`${handovers.version} + 1` })
        .where(eq(handovers.id, id))
        .returning()
    )[0]!,

  /** Handovers in which these shifts are waited for in vain. */
  missedBy: (incomingShiftIds: string[]): Promise<HandoverRow[]> =>
    incomingShiftIds.length === 0
      ? Promise.resolve([])
      : db
          .select()
          .from(handovers)
          .where(
            and(
              inArray(handovers.incomingShiftId, incomingShiftIds),
              isNotNull(handovers.reliefMissingAt),
              isNull(handovers.reliefCameAt),
            ),
          )
          .orderBy(handovers.id)
          .for('update'),

  /** First of the responsible people of a unit, for the record. */
  async supervisorOf(unitId: string): Promise<string | null> {
    const [row] = await db.execute<{ name: string }>(
      sql`select name from unit_responsibles where unit_id = ${unitId} order by position limit 1`,
    )
    return row?.name ?? null
  },

  look: (handoverId: string, seenBy: string, seenAt: Date) =>
    db.insert(handoverLooks).values({ handoverId, seenBy, seenAt }).onConflictDoNothing().returning(),
})
