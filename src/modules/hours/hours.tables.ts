import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { SEGMENT_KINDS, segments } from '../attendance/attendance.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { PERSON_CLASSES, volunteers } from '../volunteers/volunteers.tables.ts'

export const CREDITED_BY = ['elapsed', 'nominal'] as const
export const CORRECTION_STATES = ['requested', 'approved', 'rejected'] as const
export const EXPORT_KINDS = ['service-hours', 'duty-hours', 'period'] as const
export const EXPORT_FORMATS = ['csv', 'xlsx', 'jsonl'] as const

/** Append-only, kept so by a trigger. A correction is a reversing line (negative minutes) and a new one. */
export const ledger = pgTable(
  'ledger',
  {
    id: primaryId(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    /** Home unit and class as they were when the line was booked. */
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    personClass: text('person_class', { enum: PERSON_CLASSES }).notNull(),
    assignmentId: uuid('assignment_id')
      .notNull()
      .references(() => assignments.id),
    segmentId: uuid('segment_id').references(() => segments.id),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    role: text('role').notNull(),
    kind: text('kind', { enum: SEGMENT_KINDS }).notNull(),
    localDay: localDate('local_day').notNull(),
    zone: text('zone').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** Elapsed minutes; negative in a reversing line. */
    minutes: integer('minutes').notNull(),
    nightMinutes: integer('night_minutes').notNull(),
    weekendMinutes: integer('weekend_minutes').notNull(),
    plannedMinutes: integer('planned_minutes').notNull(),
    holidayMinutes: integer('holiday_minutes').notNull().default(0),
    /** By how much the clock on the wall ran further than time did: 60 where a duty crosses into summer time. */
    clockChangeMinutes: integer('clock_change_minutes').notNull().default(0),
    /** Length on the wall clock. */
    nominalMinutes: integer('nominal_minutes').generatedAlwaysAs(sql`minutes + clock_change_minutes`).notNull(),
    /** Which of the two counts, by the policy of the post's unit when it was booked. */
    creditedBy: text('credited_by', { enum: CREDITED_BY }).notNull().default('elapsed'),
    /** Unpaid breaks, taken off; and what a least credit adds. */
    breakMinutes: integer('break_minutes').notNull().default(0),
    topUpMinutes: integer('top_up_minutes').notNull().default(0),
    /** What the line is worth; the way to the post is worth nothing. */
    creditedMinutes: integer('credited_minutes')
      .generatedAlwaysAs(
        sql`case when kind = 'travel' then 0 when credited_by = 'nominal' then minutes + clock_change_minutes else minutes end - break_minutes + top_up_minutes`,
      )
      .notNull(),
    /** The line this one stands in the place of. */
    correctsId: uuid('corrects_id').references((): AnyPgColumn => ledger.id),
    verifiedBy: text('verified_by'),
    reversesId: uuid('reverses_id').references((): AnyPgColumn => ledger.id),
    reason: text('reason'),
    enteredBy: text('entered_by').notNull(),
    bookedAt: instant('booked_at').notNull(),
  },
  (t) => [
    // A segment is booked once, however often the job runs; a correction names what it corrects.
    uniqueIndex('ledger_segment_once').on(t.segmentId).where(sql`${t.reversesId} is null`),
    unique('ledger_reversed_once').on(t.reversesId),
    index('ledger_day').on(t.localDay, t.id),
    index('ledger_volunteer').on(t.volunteerId, t.localDay),
    index('ledger_unit').on(t.unitId, t.localDay),
    oneOf('ledger_kind_known', t.kind, SEGMENT_KINDS),
    oneOf('ledger_credited_by_known', t.creditedBy, CREDITED_BY),
    index('ledger_assignment').on(t.assignmentId),
  ],
)

/** A wish to correct a line. Somebody else than who asked for it decides; only then the ledger hears of it. */
export const ledgerCorrections = pgTable(
  'ledger_corrections',
  {
    id: primaryId(),
    lineId: uuid('line_id')
      .notNull()
      .references(() => ledger.id),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    reason: text('reason').notNull(),
    state: text('state', { enum: CORRECTION_STATES }).notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    decisionReason: text('decision_reason'),
  },
  (t) => [
    uniqueIndex('ledger_corrections_one_open').on(t.lineId).where(sql`${t.state} = 'requested'`),
    index('ledger_corrections_state').on(t.state, t.requestedAt),
    oneOf('ledger_corrections_state_known', t.state, CORRECTION_STATES),
    check('ledger_corrections_order', sql`${t.endsAt} > ${t.startsAt}`),
    check(
      'ledger_corrections_second_person',
      sql`${t.state} <> 'approved' or (${t.decidedBy} is not null and ${t.decidedBy} <> ${t.requestedBy})`,
    ),
  ],
)

/** A period of a unit that has been closed; closing it again adds a version. */
export const hoursPeriods = pgTable(
  'hours_periods',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    fromOn: localDate('from_on').notNull(),
    /** First day that is no longer in. */
    toOn: localDate('to_on').notNull(),
    /** Of the newest close; what If-Match compares. */
    version: integer('version').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    unique('hours_periods_once').on(t.unitId, t.fromOn, t.toOn),
    check('hours_periods_order', sql`${t.toOn} > ${t.fromOn}`),
    // hours_periods_apart: exclusion constraint, hand-written migration
  ],
)

/** What one close has numbered; never changed. */
export const hoursCloses = pgTable(
  'hours_closes',
  {
    id: primaryId(),
    periodId: uuid('period_id')
      .notNull()
      .references(() => hoursPeriods.id),
    version: integer('version').notNull(),
    closedAt: instant('closed_at').notNull(),
    closedBy: text('closed_by').notNull(),
    note: text('note'),
    lines: integer('lines').notNull(),
    adjusting: integer('adjusting').notNull(),
    minutes: bigint('minutes', { mode: 'number' }).notNull(),
    creditedMinutes: bigint('credited_minutes', { mode: 'number' }).notNull(),
    /** Left out, as nobody vouched for them. */
    unverifiedLines: integer('unverified_lines').notNull().default(0),
    unverifiedMinutes: bigint('unverified_minutes', { mode: 'number' }).notNull().default(0),
  },
  (t) => [unique('hours_closes_version').on(t.periodId, t.version)],
)

/** Number and version of a line, beside the ledger, and its names as they were at the close; never changed. */
export const periodLines = pgTable(
  'period_lines',
  {
    /** Who closes: for one unit a line is numbered once, whichever of its periods it falls into. */
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    ledgerId: uuid('ledger_id')
      .notNull()
      .references(() => ledger.id),
    periodId: uuid('period_id')
      .notNull()
      .references(() => hoursPeriods.id),
    version: integer('version').notNull(),
    lineNo: integer('line_no').notNull(),
    /** It came after its day had been closed. */
    adjusting: boolean('adjusting').notNull(),
    personNumber: text('person_number'),
    personName: text('person_name').notNull(),
    unitName: text('unit_name').notNull(),
    postName: text('post_name').notNull(),
    verifiedBy: text('verified_by'),
    verifiedAt: instant('verified_at'),
    recordedBy: text('recorded_by'),
    status: text('status'),
  },
  (t) => [
    primaryKey({ name: 'period_lines_once', columns: [t.unitId, t.ledgerId] }),
    unique('period_lines_number').on(t.periodId, t.lineNo),
    index('period_lines_ledger').on(t.ledgerId),
  ],
)

/** Every file of hours that was made: for whom, of what, and its fingerprint once the last byte is out. */
export const hoursExports = pgTable(
  'hours_exports',
  {
    id: primaryId(),
    unitId: uuid('unit_id').references(() => units.id),
    kind: text('kind', { enum: EXPORT_KINDS }).notNull(),
    format: text('format', { enum: EXPORT_FORMATS }).notNull(),
    query: jsonb('query').$type<Record<string, unknown>>().notNull(),
    periodId: uuid('period_id').references(() => hoursPeriods.id),
    fileName: text('file_name').notNull(),
    startedAt: instant('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    /** Empty while it is being made, and for one whose reader went away. */
    finishedAt: instant('finished_at'),
    bytes: bigint('bytes', { mode: 'number' }),
    sha256: text('sha256'),
    /** Rows below the header; what it is for, and who outside gets it, as whoever asked for it says. */
    rows: integer('rows'),
    purpose: text('purpose'),
    recipient: text('recipient'),
  },
  (t) => [
    index('hours_exports_time').on(t.startedAt, t.id),
    index('hours_exports_period').on(t.periodId, t.startedAt),
    oneOf('hours_exports_kind_known', t.kind, EXPORT_KINDS),
    oneOf('hours_exports_format_known', t.format, EXPORT_FORMATS),
  ],
)

/** Named choices of columns for exports, for a unit and all below it. */
export const exportColumns = pgTable(
  'export_columns',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    name: text('name').notNull(),
    columns: text('columns').array().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [unique('export_columns_name').on(t.unitId, t.name)],
)
