import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { REPORT_STATES } from './duty-reports.states.ts'
import type { Addressee, Content, Receiver, Reporter, ReportSchema, Worded } from './duty-reports.types.ts'

export const reportObligations = pgTable(
  'report_obligations',
  {
    id: primaryId(),
    /** The unit (or department) that reports. */
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    /** A post of that unit, when the report is about it alone. */
    postId: uuid('post_id').references(() => posts.id),
    name: jsonb('name').$type<Worded>().notNull(),
    /** RRULE without DTSTART; it begins on `effectiveFrom`. */
    rule: text('rule').notNull(),
    /** Wall time 'HH:mm' of the deadline. */
    dueTime: text('due_time').notNull(),
    zone: text('zone').notNull(),
    effectiveFrom: localDate('effective_from').notNull(),
    effectiveTo: localDate('effective_to'),
    reporters: jsonb('reporters').$type<Reporter[]>().notNull(),
    receivers: jsonb('receivers').$type<Receiver[]>().notNull(),
    /** Not jsonb, which would forget the order in which a form asks. */
    schema: json('schema').$type<ReportSchema>().notNull(),
    /** The obligation whose reports are made from those of this one. */
    feedsId: uuid('feeds_id').references((): AnyPgColumn => reportObligations.id),
    remindBeforeMinutes: integer('remind_before_minutes').array().notNull().default([60, 15]),
    /** Time between one step of the alarm and the next. */
    alarmEveryMinutes: integer('alarm_every_minutes').notNull().default(10),
    /** How long after the deadline a late report counts as missing. */
    missingAfterMinutes: integer('missing_after_minutes').notNull().default(30),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    index('report_obligations_unit').on(t.unitId),
    index('report_obligations_feeds').on(t.feedsId),
    check('report_obligations_effective_order', sql`${t.effectiveTo} is null or ${t.effectiveTo} > ${t.effectiveFrom}`),
    check('report_obligations_feeds_another', sql`${t.feedsId} <> ${t.id}`),
    check('report_obligations_patience', sql`${t.missingAfterMinutes} >= 1 and ${t.alarmEveryMinutes} >= 1`),
  ],
)

/** One report that is due. Its key for ever: the obligation and the wall time of the deadline. */
export const dutyReports = pgTable(
  'duty_reports',
  {
    id: primaryId(),
    obligationId: uuid('obligation_id')
      .notNull()
      .references(() => reportObligations.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    dueLocal: text('due_local').notNull(),
    localDay: localDate('local_day').notNull(),
    dueAt: instant('due_at').notNull(),
    state: text('state', { enum: REPORT_STATES }).notNull().default('due'),
    /** Whether the newest filing says that there is nothing to report; null before the first. */
    isNil: boolean('is_nil'),
    firstFiledAt: instant('first_filed_at'),
    lastFiledAt: instant('last_filed_at'),
    /** Number of the newest filing; 0 before the first. */
    filings: integer('filings').notNull().default(0),
    missingAt: instant('missing_at'),
    createdAt: instant('created_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('duty_reports_one_per_deadline').on(t.obligationId, t.dueLocal),
    index('duty_reports_board').on(t.localDay, t.unitId),
    index('duty_reports_unit').on(t.unitId, t.dueAt),
    oneOf('duty_reports_state_known', t.state, REPORT_STATES),
    check(
      'duty_reports_filed_is_said',
      sql`(${t.state} in ('filed', 'filed_late')) = (${t.filings} > 0 and ${t.firstFiledAt} is not null and ${t.isNil} is not null)`,
    ),
  ],
)

/** What was said, each time; append-only. */
export const reportFilings = pgTable(
  'report_filings',
  {
    id: primaryId(),
    reportId: uuid('report_id')
      .notNull()
      .references(() => dutyReports.id),
    number: integer('number').notNull(),
    isNil: boolean('is_nil').notNull(),
    content: jsonb('content').$type<Content>(),
    note: text('note'),
    filedAt: instant('filed_at').notNull(),
    /** Who filed by link; null by API, where the key is named. */
    volunteerId: uuid('volunteer_id').references(() => volunteers.id),
    filedBy: text('filed_by').notNull(),
  },
  (t) => [
    unique('report_filings_number').on(t.reportId, t.number),
    check('report_filings_nil_or_content', sql`${t.isNil} = (${t.content} is null)`),
  ],
)

/** One reader of one report, and whether they have read it. */
export const reportReceipts = pgTable(
  'report_receipts',
  {
    id: primaryId(),
    reportId: uuid('report_id')
      .notNull()
      .references(() => dutyReports.id),
    receiver: jsonb('receiver').$type<Addressee>().notNull(),
    /** Says "the same receiver". */
    receiverKey: text('receiver_key').notNull(),
    /** The receipt of whoever passed it on. */
    forwardedById: uuid('forwarded_by_id').references((): AnyPgColumn => reportReceipts.id),
    /** Number of the newest filing this reader was sent. */
    sentNumber: integer('sent_number').notNull(),
    createdAt: instant('created_at').notNull(),
    /** First time it was ticked as read, and the newest filing that was. */
    readAt: instant('read_at'),
    readNumber: integer('read_number'),
  },
  (t) => [
    uniqueIndex('report_receipts_once').on(t.reportId, t.receiverKey),
    check('report_receipts_read_what', sql`(${t.readAt} is null) = (${t.readNumber} is null)`),
  ],
)
