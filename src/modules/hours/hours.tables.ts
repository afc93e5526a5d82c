import { sql } from 'drizzle-orm'
import { type AnyPgColumn, index, integer, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { SEGMENT_KINDS, segments } from '../attendance/attendance.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { PERSON_CLASSES, volunteers } from '../volunteers/volunteers.tables.ts'

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
  ],
)
