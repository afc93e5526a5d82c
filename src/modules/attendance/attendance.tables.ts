import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { assignments } from '../rosters/rosters.tables.ts'

export const SEGMENT_KINDS = ['standby', 'active', 'travel', 'handover', 'training'] as const
export const ATTENDANCE_SOURCES = ['api', 'link'] as const

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
    verifiedBy: text('verified_by'),
    verifiedAt: instant('verified_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('attendances_one_per_assignment').on(t.assignmentId),
    check('attendances_order', sql`${t.checkedOutAt} is null or ${t.checkedOutAt} > ${t.checkedInAt}`),
  ],
)

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
  },
  (t) => [
    index('segments_attendance').on(t.attendanceId),
    oneOf('segments_kind_known', t.kind, SEGMENT_KINDS),
    check('segments_order', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)
