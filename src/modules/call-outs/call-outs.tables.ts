import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { crews } from '../crews/crews.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { coverRequirements, posts, shifts } from '../posts/posts.tables.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { CallTier } from './call-outs.types.ts'

export const CALL_OUT_STATES = ['open', 'ended', 'cancelled'] as const
export const CALL_STATES = [
  'asked',
  'coming',
  'not_coming',
  'silent',
  'spare',
  'withdrawn',
  'closed',
  'contact_error',
  'passed_over',
] as const

/** An urgent need made by hand: an extra shift, with a roster of its own, and the search for people to serve it. */
export const callOuts = pgTable(
  'call_outs',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    shiftId: uuid('shift_id')
      .notNull()
      .references(() => shifts.id),
    requirementId: uuid('requirement_id')
      .notNull()
      .references(() => coverRequirements.id),
    /** What it is about, as people are told. */
    reason: text('reason').notNull(),
    role: text('role').notNull(),
    wanted: integer('wanted').notNull(),
    /** Where people are called from, one after the other. */
    tiers: jsonb('tiers').$type<CallTier[]>().notNull(),
    /** How many of them nobody more can be called from. */
    tiersDone: integer('tiers_done').notNull().default(0),
    /** People of one crew who have to come, or the next crew is called as well. */
    crewLeast: integer('crew_least'),
    answerMinutes: integer('answer_minutes').notNull(),
    wave: integer('wave').notNull().default(0),
    state: text('state', { enum: CALL_OUT_STATES }).notNull(),
    /** Since when nobody is left to call although people are missing. */
    shortAt: instant('short_at'),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    endedAt: instant('ended_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('call_outs_shift').on(t.shiftId),
    index('call_outs_unit').on(t.unitId, t.createdAt),
    oneOf('call_outs_state_known', t.state, CALL_OUT_STATES),
    check('call_outs_wanted_range', sql`${t.wanted} between 1 and 500`),
  ],
)

/** One person called for one call-out, and what came of it. */
export const calls = pgTable(
  'calls',
  {
    id: primaryId(),
    callOutId: uuid('call_out_id')
      .notNull()
      .references(() => callOuts.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    /** Called as a member of it, all of them together. */
    crewId: uuid('crew_id').references(() => crews.id),
    tier: integer('tier').notNull(),
    wave: integer('wave').notNull(),
    state: text('state', { enum: CALL_STATES }).notNull(),
    /** Why somebody was passed over. */
    because: text('because'),
    askedAt: instant('asked_at').notNull(),
    answerBy: instant('answer_by').notNull(),
    /** When they said that they have read it; any answer says so too. */
    readAt: instant('read_at'),
    decidedAt: instant('decided_at'),
    assignmentId: uuid('assignment_id').references(() => assignments.id),
  },
  (t) => [
    unique('calls_once_per_person').on(t.callOutId, t.volunteerId),
    uniqueIndex('calls_one_open_per_person').on(t.volunteerId).where(sql`${t.state} = 'asked'`),
    index('calls_assignment').on(t.assignmentId),
    index('calls_crew').on(t.crewId),
    oneOf('calls_state_known', t.state, CALL_STATES),
  ],
)
