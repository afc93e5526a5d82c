import { sql } from 'drizzle-orm'
import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId, stateIn } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { TeamRole } from './standing-duties.types.ts'

export const PLAN_STATES = ['active', 'ended'] as const
export const CASE_STATES = ['open', 'closed'] as const
/** `proposed` waits for the person's word; `ended` is over in good order. */
export const DUTY_STATES = ['proposed', 'active', 'declined', 'withdrawn', 'ended'] as const
export const LIVE_DUTY = ['proposed', 'active'] as const
export const VISIT_STATES = ['due', 'done', 'nothing', 'problem', 'missing', 'cancelled'] as const

/** Visits that are paid to sites again and again, each by the one who keeps the site. */
export const visitPlans = pgTable(
  'visit_plans',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    name: text('name').notNull(),
    role: text('role').notNull(),
    /** RRULE without DTSTART: on which days. */
    rule: text('rule').notNull(),
    /** Wall time 'HH:mm' at which the visits of a day are due, however many one person pays. */
    startTime: text('start_time').notNull(),
    zone: text('zone').notNull(),
    chaseAfterMinutes: integer('chase_after_minutes').notNull(),
    alarmAfterMinutes: integer('alarm_after_minutes').notNull(),
    fromOn: localDate('from_on').notNull(),
    toOn: localDate('to_on'),
    state: text('state', { enum: PLAN_STATES }).notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('visit_plans_name_in_unit').on(t.unitId, t.name),
    oneOf('visit_plans_state_known', t.state, PLAN_STATES),
    check('visit_plans_order', sql`${t.toOn} is null or ${t.toOn} > ${t.fromOn}`),
    check('visit_plans_alarm_last', sql`${t.alarmAfterMinutes} >= ${t.chaseAfterMinutes}`),
  ],
)

/** Somebody or something that a team looks after from the day it is opened until it is closed. */
export const cases = pgTable(
  'cases',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    reference: text('reference').notNull(),
    place: text('place'),
    latitude: doublePrecision('latitude'),
    longitude: doublePrecision('longitude'),
    roles: jsonb('roles').$type<TeamRole[]>().notNull(),
    state: text('state', { enum: CASE_STATES }).notNull(),
    openedOn: localDate('opened_on').notNull(),
    closedOn: localDate('closed_on'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('cases_reference_in_unit').on(t.unitId, t.reference),
    oneOf('cases_state_known', t.state, CASE_STATES),
  ],
)

/** One person keeps one site of a plan, or one role of a case, from a day on. */
export const standingDuties = pgTable(
  'standing_duties',
  {
    id: primaryId(),
    planId: uuid('plan_id').references(() => visitPlans.id),
    postId: uuid('post_id').references(() => posts.id),
    caseId: uuid('case_id').references(() => cases.id),
    role: text('role').notNull(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    fromOn: localDate('from_on').notNull(),
    /** First day on which it no longer holds. */
    toOn: localDate('to_on'),
    state: text('state', { enum: DUTY_STATES }).notNull(),
    decidedAt: instant('decided_at'),
    reason: text('reason'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    check(
      'standing_duties_one_subject',
      sql`(${t.planId} is not null and ${t.postId} is not null and ${t.caseId} is null) or (${t.caseId} is not null and ${t.planId} is null and ${t.postId} is null)`,
    ),
    uniqueIndex('standing_duties_one_per_site').on(t.planId, t.postId).where(stateIn(t.state, LIVE_DUTY)),
    uniqueIndex('standing_duties_one_per_role').on(t.caseId, t.role).where(stateIn(t.state, LIVE_DUTY)),
    index('standing_duties_volunteer').on(t.volunteerId, t.state),
    oneOf('standing_duties_state_known', t.state, DUTY_STATES),
    check('standing_duties_order', sql`${t.toOn} is null or ${t.toOn} >= ${t.fromOn}`),
  ],
)

/** What is owed on one day for one site. No row and "nothing to report" are different things. */
export const visits = pgTable(
  'visits',
  {
    id: primaryId(),
    dutyId: uuid('duty_id')
      .notNull()
      .references(() => standingDuties.id),
    planId: uuid('plan_id')
      .notNull()
      .references(() => visitPlans.id),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    localDay: localDate('local_day').notNull(),
    dueAt: instant('due_at').notNull(),
    state: text('state', { enum: VISIT_STATES }).notNull(),
    note: text('note'),
    /** Minutes as reported; they are no hours of service until somebody books them. */
    minutes: integer('minutes'),
    filedAt: instant('filed_at'),
    filedBy: text('filed_by'),
  },
  (t) => [
    unique('visits_once_per_day').on(t.dutyId, t.localDay),
    index('visits_plan_day').on(t.planId, t.localDay),
    index('visits_volunteer_day').on(t.volunteerId, t.localDay),
    oneOf('visits_state_known', t.state, VISIT_STATES),
  ],
)
