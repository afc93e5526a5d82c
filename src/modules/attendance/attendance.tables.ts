import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
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
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { posts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import type { ProposedPresence } from './attendance.types.ts'

export const SEGMENT_KINDS = ['standby', 'active', 'travel', 'handover', 'training'] as const
export const ATTENDANCE_SOURCES = ['api', 'link', 'code', 'correction'] as const
export const MARK_CAUSES = ['relief-missing', 'relief-came'] as const
export const CORRECTION_KINDS = ['presence', 'absence', 'excuse'] as const
export const CORRECTION_STATES = ['open', 'approved', 'rejected', 'withdrawn'] as const
export const DOOR_KINDS = ['display', 'qr'] as const

/** What happened, beside the plan. One row for each assignment that somebody came to. */
export const attendances = pgTable(
  'attendances',
  {
    id: primaryId(),
    assignmentId: uuid('assignment_id')
      .notNull()
      .references(() => assignments.id),
    checkedInAt: instant('checked_in_at').notNull(),
    checkedOutAt: instant('checked_out_at'),
    inSource: text('in_source', { enum: ATTENDANCE_SOURCES }).notNull(),
    outSource: text('out_source', { enum: ATTENDANCE_SOURCES }),
    /** Whole minutes, against the plan as it was at that moment. */
    lateMinutes: integer('late_minutes'),
    earlyExitMinutes: integer('early_exit_minutes'),
    /** The person could stay on for the next shift. */
    stayOn: boolean('stay_on').notNull().default(false),
    verifiedBy: text('verified_by'),
    verifiedAt: instant('verified_at'),
    /** Who entered some of it later than the policy lets pass: none of them vouches for it. */
    enteredLateBy: text('entered_late_by').array().notNull().default(sql`'{}'`),
    /** The correction that found out that nobody came: the row stays, and counts for nothing. */
    voidedById: uuid('voided_by_id').references((): AnyPgColumn => attendanceCorrections.id),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('attendances_one_per_assignment').on(t.assignmentId),
    check('attendances_second_person', sql`not (${t.verifiedBy} = any(${t.enteredLateBy}))`),
    check('attendances_order', sql`${t.checkedOutAt} is null or ${t.checkedOutAt} > ${t.checkedInAt}`),
  ],
)

/** From this moment on the presence is of this kind; what comes before the first one is active. */
export const attendanceMarks = pgTable(
  'attendance_marks',
  {
    attendanceId: uuid('attendance_id')
      .notNull()
      .references(() => attendances.id),
    at: instant('at').notNull(),
    kind: text('kind', { enum: SEGMENT_KINDS }).notNull(),
    cause: text('cause', { enum: MARK_CAUSES }),
  },
  (t) => [
    primaryKey({ name: 'attendance_marks_pk', columns: [t.attendanceId, t.at] }),
    oneOf('attendance_marks_kind_known', t.kind, SEGMENT_KINDS),
  ],
)

/** The parts of a finished presence, without holes. A corrected one stays and names the correction that took it out. */
export const segments = pgTable(
  'segments',
  {
    id: primaryId(),
    attendanceId: uuid('attendance_id')
      .notNull()
      .references(() => attendances.id),
    kind: text('kind', { enum: SEGMENT_KINDS }).notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    source: text('source', { enum: ATTENDANCE_SOURCES }).notNull(),
    /** Why this part stands by itself, where the clock had a say in it. */
    cause: text('cause', { enum: MARK_CAUSES }),
    /** The correction that made it. */
    correctionId: uuid('correction_id').references((): AnyPgColumn => attendanceCorrections.id),
    /** The correction that took it out; null: it counts. */
    supersededById: uuid('superseded_by_id').references((): AnyPgColumn => attendanceCorrections.id),
  },
  (t) => [
    index('segments_attendance').on(t.attendanceId),
    oneOf('segments_kind_known', t.kind, SEGMENT_KINDS),
    check('segments_order', sql`${t.endsAt} > ${t.startsAt}`),
    // segments_apart: exclusion constraint over those that count, hand-written migration
  ],
)

/** A request to change what is recorded of one duty, decided by somebody else. */
export const attendanceCorrections = pgTable(
  'attendance_corrections',
  {
    id: primaryId(),
    assignmentId: uuid('assignment_id')
      .notNull()
      .references(() => assignments.id),
    kind: text('kind', { enum: CORRECTION_KINDS }).notNull(),
    /** What it was really like; only of kind `presence`. */
    proposed: jsonb('proposed').$type<ProposedPresence>(),
    reason: text('reason').notNull(),
    state: text('state', { enum: CORRECTION_STATES }).notNull().default('open'),
    requestedBy: text('requested_by').notNull(),
    requestedVia: text('requested_via', { enum: ['api', 'link'] }).notNull(),
    createdAt: instant('created_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    decision: text('decision'),
  },
  (t) => [
    uniqueIndex('attendance_corrections_one_open').on(t.assignmentId).where(sql`${t.state} = 'open'`),
    index('attendance_corrections_assignment').on(t.assignmentId),
    index('attendance_corrections_created').on(t.createdAt, t.id),
    oneOf('attendance_corrections_kind_known', t.kind, CORRECTION_KINDS),
    oneOf('attendance_corrections_state_known', t.state, CORRECTION_STATES),
    check(
      'attendance_corrections_second_person',
      sql`${t.state} not in ('approved', 'rejected') or ${t.decidedBy} <> ${t.requestedBy}`,
    ),
    check('attendance_corrections_presence_named', sql`(${t.kind} = 'presence') = (${t.proposed} is not null)`),
  ],
)

/** A way to a post's codes that needs no key: a screen that shows them, or a printed QR that stands for one. */
export const checkInDoors = pgTable(
  'check_in_doors',
  {
    id: primaryId(),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    kind: text('kind', { enum: DOOR_KINDS }).notNull(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    index('check_in_doors_post').on(t.postId, t.createdAt),
    oneOf('check_in_doors_kind_known', t.kind, DOOR_KINDS),
  ],
)

/** Wrong entries at a post, so that guessing comes to an end. Of no use after an hour. */
export const checkInFailures = pgTable(
  'check_in_failures',
  {
    id: primaryId(),
    /** Whose entry it was: the post and a hash of what was entered or where it came from. */
    key: text('key').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [index('check_in_failures_key').on(t.key, t.at), index('check_in_failures_at').on(t.at)],
)
