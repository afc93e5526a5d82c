import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { echelons } from '../echelons/echelons.tables.ts'
import { slots } from '../posts/posts.tables.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

export const GAP_STATES = ['open', 'filled', 'closed'] as const
export const GAP_CAUSES = ['unfilled', 'declined', 'lapsed', 'withdrawn', 'cancelled', 'no_show', 'hand'] as const
export const CASCADE_STATES = ['open', 'filled', 'exhausted', 'cancelled'] as const
export const OFFER_STATES = ['open', 'accepted', 'declined', 'expired', 'superseded', 'contact_error'] as const

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
    history: jsonb('history').$type<{ echelonId: string; asked: number; because: string }[]>().notNull().default([]),
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
    echelonId: uuid('echelon_id').references(() => echelons.id),
    wave: integer('wave').notNull(),
    /** Place in the order in which people were considered. */
    rank: integer('rank').notNull(),
    state: text('state', { enum: OFFER_STATES }).notNull(),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    decidedAt: instant('decided_at'),
  },
  (t) => [
    // A seat is won once, even when two people press "accept" together.
    uniqueIndex('offers_one_winner_per_gap').on(t.gapId).where(sql`${t.state} = 'accepted'`),
    uniqueIndex('offers_one_open_per_person').on(t.volunteerId).where(sql`${t.state} = 'open'`),
    unique('offers_once_per_gap_and_person').on(t.gapId, t.volunteerId),
    index('offers_cascade').on(t.cascadeId, t.state),
    index('offers_volunteer').on(t.volunteerId, t.askedAt),
    oneOf('offers_state_known', t.state, OFFER_STATES),
  ],
)
