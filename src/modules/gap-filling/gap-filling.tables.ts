import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, real, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { CONSPICUOUS } from '../../platform/auth/conspicuous.types.ts'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { echelons } from '../echelons/echelons.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { slots } from '../posts/posts.tables.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { SearchWish, Spent } from './gap-filling.types.ts'

export const GAP_STATES = ['open', 'filled', 'closed'] as const
export const GAP_CAUSES = ['unfilled', 'declined', 'lapsed', 'withdrawn', 'cancelled', 'no_show', 'hand'] as const
export const CASCADE_STATES = ['open', 'filled', 'exhausted', 'cancelled'] as const
export const OFFER_STATES = ['open', 'accepted', 'declined', 'expired', 'superseded', 'contact_error'] as const
export const ESCALATION_STATES = ['told', 'passed', 'answered', 'closed'] as const
export const ESCALATION_REASONS = ['exhausted', 'lapses'] as const
export const REACTIONS = ['acknowledged', 'filled', 'widened', 'asked-anew', 'restarted', 'stopped'] as const

export const gaps = pgTable(
  'gaps',
  {
    id: primaryId(),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    slotId: uuid('slot_id')
      .notNull()
      .references(() => slots.id),
    /** The assignment that left the seat empty, when there was one. */
    vacatedId: uuid('vacated_id').references(() => assignments.id),
    cause: text('cause', { enum: GAP_CAUSES }).notNull(),
    state: text('state', { enum: GAP_STATES }).notNull(),
    filledById: uuid('filled_by_id').references(() => assignments.id),
    /** What an organizer has said about the search for this seat; the unit's policy says the rest. */
    search: jsonb('search').$type<SearchWish>().notNull().default({}),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    uniqueIndex('gaps_one_open_per_slot').on(t.slotId).where(sql`${t.state} = 'open'`),
    index('gaps_roster').on(t.rosterId, t.state),
    oneOf('gaps_state_known', t.state, GAP_STATES),
    oneOf('gaps_cause_known', t.cause, GAP_CAUSES),
  ],
)

export const cascades = pgTable(
  'cascades',
  {
    id: primaryId(),
    gapId: uuid('gap_id')
      .notNull()
      .references(() => gaps.id),
    state: text('state', { enum: CASCADE_STATES }).notNull(),
    wave: integer('wave').notNull().default(0),
    /** Tiers passed over or used up, with the reason, in order. */
    history: jsonb('history').$type<Spent[]>().notNull().default([]),
    /** Share of those asked that may be expected to come, as waves are sized by it; known with the first wave. */
    acceptance: real('acceptance'),
    /** Nobody new is asked as long as this is set. */
    pausedAt: instant('paused_at'),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    uniqueIndex('cascades_one_open_per_gap').on(t.gapId).where(sql`${t.state} = 'open'`),
    oneOf('cascades_state_known', t.state, CASCADE_STATES),
  ],
)

export const offers = pgTable(
  'offers',
  {
    id: primaryId(),
    cascadeId: uuid('cascade_id')
      .notNull()
      .references(() => cascades.id),
    gapId: uuid('gap_id')
      .notNull()
      .references(() => gaps.id),
    slotId: uuid('slot_id')
      .notNull()
      .references(() => slots.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    /** The tier they were asked in: an echelon, or everybody of a unit. */
    echelonId: uuid('echelon_id').references(() => echelons.id),
    unitId: uuid('unit_id').references(() => units.id),
    /** The tier was added by an organizer, who has set aside whom the seat is normally given to. */
    widened: boolean('widened').notNull().default(false),
    wave: integer('wave').notNull(),
    /** Place in the order in which people were considered. */
    rank: integer('rank').notNull(),
    state: text('state', { enum: OFFER_STATES }).notNull(),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    decidedAt: instant('decided_at'),
    /** Said yes: while answers are collected a bid for the award, after the end of the offer the wish to come another time. */
    willingAt: instant('willing_at'),
    /** From then on they may be asked for this gap once more. */
    releasedAt: instant('released_at'),
    /** The last answer may be a program's. */
    conspicuous: text('conspicuous', { enum: CONSPICUOUS }),
  },
  (t) => [
    // A seat is won once, even when two people press "accept" together.
    uniqueIndex('offers_one_winner_per_gap').on(t.gapId).where(sql`${t.state} = 'accepted'`),
    uniqueIndex('offers_one_open_per_person').on(t.volunteerId).where(sql`${t.state} = 'open'`),
    uniqueIndex('offers_asked_once_per_gap').on(t.gapId, t.volunteerId).where(sql`${t.releasedAt} is null`),
    index('offers_gap').on(t.gapId, t.rank),
    index('offers_cascade').on(t.cascadeId, t.state),
    index('offers_slot').on(t.slotId),
    index('offers_volunteer').on(t.volunteerId, t.askedAt),
    index('offers_conspicuous').on(t.gapId).where(sql`${t.conspicuous} is not null`),
    oneOf('offers_state_known', t.state, OFFER_STATES),
    oneOf('offers_conspicuous_known', t.conspicuous, CONSPICUOUS),
  ],
)

/** Somebody whose turn it was, and who was not asked: the rule that stood against it. */
export const cascadeSkips = pgTable(
  'cascade_skips',
  {
    id: primaryId(),
    cascadeId: uuid('cascade_id')
      .notNull()
      .references(() => cascades.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    echelonId: uuid('echelon_id').references(() => echelons.id),
    unitId: uuid('unit_id').references(() => units.id),
    wave: integer('wave').notNull(),
    rule: text('rule').notNull(),
    skippedAt: instant('skipped_at').notNull(),
  },
  (t) => [unique('cascade_skips_said_once').on(t.cascadeId, t.volunteerId, t.rule)],
)

/** One step up the chain of responsibility: which level was told, why, until when it may react and whether it has. */
export const escalations = pgTable(
  'escalations',
  {
    id: primaryId(),
    gapId: uuid('gap_id')
      .notNull()
      .references(() => gaps.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    /** Steps of one climb share it; a gap that gets worse after an answer is climbed for again. */
    climb: integer('climb').notNull(),
    level: integer('level').notNull(),
    reason: text('reason', { enum: ESCALATION_REASONS }).notNull(),
    state: text('state', { enum: ESCALATION_STATES }).notNull(),
    toldAt: instant('told_at').notNull(),
    reactBy: instant('react_by').notNull(),
    endedAt: instant('ended_at'),
    reaction: text('reaction', { enum: REACTIONS }),
    reactedBy: text('reacted_by'),
    note: text('note'),
  },
  (t) => [
    uniqueIndex('escalations_one_told_per_gap').on(t.gapId).where(sql`${t.state} = 'told'`),
    unique('escalations_level_once').on(t.gapId, t.climb, t.level),
    oneOf('escalations_state_known', t.state, ESCALATION_STATES),
    oneOf('escalations_reason_known', t.reason, ESCALATION_REASONS),
    oneOf('escalations_reaction_known', t.reaction, REACTIONS),
  ],
)
