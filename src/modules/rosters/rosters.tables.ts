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
import { instant, localDate, oneOf, primaryId, stateIn } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { shifts, slots } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { ASSIGNMENT_STATES, LIVE, ROSTER_KINDS, ROSTER_STATES, RUN_STATES } from './rosters.states.ts'
import type { Override, RuleScope, RunOutcome, RunProgress } from './rosters.types.ts'

export const rules = pgTable(
  'rules',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    /** A rule name of the engine. */
    name: text('name').notNull(),
    params: jsonb('params').$type<Record<string, unknown>>().notNull(),
    /** None: hard. */
    weight: integer('weight'),
    scope: jsonb('scope').$type<RuleScope>().notNull().default({}),
    enabled: boolean('enabled').notNull().default(true),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [index('rules_unit').on(t.unitId)],
)

export const rosters = pgTable(
  'rosters',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    fromOn: localDate('from_on').notNull(),
    /** First day that no longer belongs to it. */
    toOn: localDate('to_on').notNull(),
    /** A plan for a period, or the seats of one call-out, which stand beside every plan. */
    kind: text('kind', { enum: ROSTER_KINDS }).notNull().default('plan'),
    state: text('state', { enum: ROSTER_STATES }).notNull(),
    /** Grows with every change; what If-Match compares. */
    version: integer('version').notNull().default(1),
    /** Number of the newest published version; 0 before the first. */
    publishedVersion: integer('published_version').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    publishedAt: instant('published_at'),
  },
  (t) => [
    index('rosters_unit_period').on(t.unitId, t.fromOn),
    oneOf('rosters_state_known', t.state, ROSTER_STATES),
    oneOf('rosters_kind_known', t.kind, ROSTER_KINDS),
    check('rosters_period_order', sql`${t.toOn} > ${t.fromOn}`),
    // rosters_periods_apart: exclusion constraint, hand-written migration
  ],
)

export const generationRuns = pgTable(
  'generation_runs',
  {
    id: primaryId(),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    state: text('state', { enum: RUN_STATES }).notNull(),
    seed: bigint('seed', { mode: 'number' }).notNull(),
    budgetMs: integer('budget_ms').notNull(),
    /** Steps of the search instead of a time: then problem, seed and steps alone decide. */
    iterations: integer('iterations'),
    progress: jsonb('progress').$type<RunProgress>(),
    outcome: jsonb('outcome').$type<RunOutcome>(),
    error: text('error'),
    requestedBy: text('requested_by').notNull(),
    createdAt: instant('created_at').notNull(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    uniqueIndex('generation_runs_one_at_a_time')
      .on(t.rosterId)
      .where(stateIn(t.state, ['queued', 'running'])),
    index('generation_runs_roster').on(t.rosterId, t.createdAt),
    oneOf('generation_runs_state_known', t.state, RUN_STATES),
  ],
)

/** How somebody came to a seat. */
export const ASSIGNMENT_SOURCES = ['roster', 'hand', 'cascade', 'swap'] as const

/** The plan being worked at. Publishing applies the difference between these rows and the live assignments. */
export const draftAssignments = pgTable(
  'draft_assignments',
  {
    slotId: uuid('slot_id')
      .primaryKey()
      .references(() => slots.id),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    pinned: boolean('pinned').notNull().default(false),
    source: text('source', { enum: ['engine', 'hand'] }).notNull(),
    override: jsonb('override').$type<Override>(),
    /** Why this person: what the engine says, in data. */
    why: jsonb('why').$type<Record<string, unknown>>(),
  },
  (t) => [index('draft_assignments_roster').on(t.rosterId), index('draft_assignments_volunteer').on(t.volunteerId)],
)

export const assignments = pgTable(
  'assignments',
  {
    id: primaryId(),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    shiftId: uuid('shift_id')
      .notNull()
      .references(() => shifts.id),
    slotId: uuid('slot_id')
      .notNull()
      .references(() => slots.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    state: text('state', { enum: ASSIGNMENT_STATES }).notNull(),
    /** The shift's instants, here as well so that the database can refuse an overlap. */
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    source: text('source', { enum: ASSIGNMENT_SOURCES }).notNull(),
    confirmBy: instant('confirm_by'),
    decidedAt: instant('decided_at'),
    declineReason: text('decline_reason'),
    override: jsonb('override').$type<Override>(),
    /** The assignment whose seat this one took over. */
    replacesId: uuid('replaces_id').references((): AnyPgColumn => assignments.id),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    uniqueIndex('assignments_one_live_per_slot').on(t.slotId).where(stateIn(t.state, LIVE)),
    index('assignments_volunteer').on(t.volunteerId, t.startsAt),
    index('assignments_roster').on(t.rosterId, t.state),
    index('assignments_shift').on(t.shiftId),
    oneOf('assignments_state_known', t.state, ASSIGNMENT_STATES),
    // assignments_nobody_at_two_posts: exclusion constraint over live states, hand-written migration
  ],
)

export const rosterVersions = pgTable(
  'roster_versions',
  {
    id: primaryId(),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    number: integer('number').notNull(),
    publishedAt: instant('published_at').notNull(),
    publishedBy: text('published_by').notNull(),
    note: text('note'),
    /** Counts of what this version changed: added, removed, moved, kept. */
    summary: jsonb('summary').$type<Record<string, number>>().notNull(),
  },
  (t) => [unique('roster_versions_number').on(t.rosterId, t.number)],
)

/** A frozen copy of who stood where when the version was published. */
export const rosterVersionLines = pgTable(
  'roster_version_lines',
  {
    versionId: uuid('version_id')
      .notNull()
      .references(() => rosterVersions.id),
    slotId: uuid('slot_id')
      .notNull()
      .references(() => slots.id),
    assignmentId: uuid('assignment_id')
      .notNull()
      .references(() => assignments.id),
    volunteerId: uuid('volunteer_id').notNull(),
    /** Times as published; an assignment may have been cut in part since. Lines of old carry none. */
    startsAt: instant('starts_at'),
    endsAt: instant('ends_at'),
  },
  (t) => [primaryKey({ name: 'roster_version_lines_pk', columns: [t.versionId, t.slotId] })],
)
