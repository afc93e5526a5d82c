import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId, stateIn } from '../../platform/db/columns.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import type { Override } from '../rosters/rosters.types.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { PENDING_SWAPS, SWAP_STATES } from './swaps.states.ts'
import { type Hindrance, SWAP_KINDS } from './swaps.types.ts'

export const SWAP_ANSWERS = ['accepted', 'declined', 'hindered'] as const

export const swaps = pgTable(
  'swaps',
  {
    id: primaryId(),
    kind: text('kind', { enum: SWAP_KINDS }).notNull(),
    state: text('state', { enum: SWAP_STATES }).notNull(),
    /** The duty that is to change hands, and who holds it. */
    assignmentId: uuid('assignment_id')
      .notNull()
      .references(() => assignments.id),
    askerId: uuid('asker_id')
      .notNull()
      .references(() => volunteers.id),
    /** The one person who is asked; null: it lies on the open board. */
    askedId: uuid('asked_id').references(() => volunteers.id),
    /** Of a trade the duty given in return, once it is known. */
    returnId: uuid('return_id').references(() => assignments.id),
    takerId: uuid('taker_id').references(() => volunteers.id),
    /** The part of the duty that somebody else shall stand. */
    coverStartsAt: instant('cover_starts_at'),
    coverEndsAt: instant('cover_ends_at'),
    note: text('note'),
    needsApproval: boolean('needs_approval').notNull().default(false),
    /** Until when it waits: for a taker until the duty begins, for approval as long as the policy says. */
    waitsUntil: instant('waits_until').notNull(),
    override: jsonb('override').$type<Override>(),
    /** Why it came to an end without being applied. */
    reason: text('reason'),
    createdAt: instant('created_at').notNull(),
    acceptedAt: instant('accepted_at'),
    endedAt: instant('ended_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    // Of any number of requests about one duty one waits at a time.
    uniqueIndex('swaps_one_at_a_time').on(t.assignmentId).where(stateIn(t.state, PENDING_SWAPS)),
    index('swaps_asker').on(t.askerId, t.state),
    index('swaps_asked').on(t.askedId, t.state),
    index('swaps_taker').on(t.takerId, t.state),
    index('swaps_return').on(t.returnId),
    index('swaps_state').on(t.state, t.createdAt),
    oneOf('swaps_kind_known', t.kind, SWAP_KINDS),
    oneOf('swaps_state_known', t.state, SWAP_STATES),
    check('swaps_part_of_cover_only', sql`(${t.kind} = 'cover') = (${t.coverStartsAt} is not null)`),
    check(
      'swaps_part_not_empty',
      sql`num_nonnulls(${t.coverStartsAt}, ${t.coverEndsAt}) in (0, 2) and (${t.coverStartsAt} is null or ${t.coverEndsAt} > ${t.coverStartsAt})`,
    ),
    check('swaps_return_of_trade_only', sql`${t.kind} = 'trade' or ${t.returnId} is null`),
    check('swaps_taker_is_another', sql`${t.takerId} is null or ${t.takerId} <> ${t.askerId}`),
    check(
      'swaps_taken_by_somebody',
      sql`${t.state} not in ('accepted', 'approved', 'applied') or ${t.takerId} is not null`,
    ),
  ],
)

/** What people said to a swap, and the rules that stood in their way. */
export const swapAnswers = pgTable(
  'swap_answers',
  {
    id: primaryId(),
    swapId: uuid('swap_id')
      .notNull()
      .references(() => swaps.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    answer: text('answer', { enum: SWAP_ANSWERS }).notNull(),
    hindrances: jsonb('hindrances').$type<Hindrance[]>().notNull().default([]),
    answeredAt: instant('answered_at').notNull(),
  },
  (t) => [
    // Of any number of takers one wins.
    uniqueIndex('swap_answers_one_taker').on(t.swapId).where(sql`${t.answer} = 'accepted'`),
    index('swap_answers_swap').on(t.swapId, t.volunteerId),
    oneOf('swap_answers_answer_known', t.answer, SWAP_ANSWERS),
  ],
)
