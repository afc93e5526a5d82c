import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { AbnormalEvent, SupplyCount } from './handovers.types.ts'

export const HANDOVER_STATES = ['due', 'outgoing_signed', 'complete', 'overdue'] as const

/** What one shift tells the next at a post. */
export const handovers = pgTable(
  'handovers',
  {
    id: primaryId(),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    outgoingShiftId: uuid('outgoing_shift_id')
      .notNull()
      .references(() => shifts.id),
    incomingShiftId: uuid('incoming_shift_id')
      .notNull()
      .references(() => shifts.id),
    state: text('state', { enum: HANDOVER_STATES }).notNull().default('due'),
    /** The planned end of the outgoing shift. */
    plannedAt: instant('planned_at').notNull(),
    /** When the post really passed into other hands: both have signed, or what they say. */
    actualAt: instant('actual_at'),
    supervisor: text('supervisor'),
    situation: text('situation'),
    peopleIn: integer('people_in'),
    peopleOut: integer('people_out'),
    vehiclesIn: integer('vehicles_in'),
    vehiclesOut: integer('vehicles_out'),
    abnormalEvents: jsonb('abnormal_events').$type<AbnormalEvent[]>().notNull().default([]),
    supplies: jsonb('supplies').$type<SupplyCount[]>().notNull().default([]),
    equipmentFaults: text('equipment_faults'),
    instructions: text('instructions'),
    weather: text('weather'),
    /** Nothing to report, said on purpose. */
    nil: boolean('nil').notNull().default(false),
    outgoingSignedBy: uuid('outgoing_signed_by').references(() => volunteers.id),
    outgoingSignedAt: instant('outgoing_signed_at'),
    incomingSignedBy: uuid('incoming_signed_by').references(() => volunteers.id),
    incomingSignedAt: instant('incoming_signed_at'),
    incomingRemark: text('incoming_remark'),
    /** When the alarm was given that nobody relieves the crew, and when somebody came. */
    reliefMissingAt: instant('relief_missing_at'),
    reliefCameAt: instant('relief_came_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('handovers_one_per_shift').on(t.outgoingShiftId),
    index('handovers_post').on(t.postId, t.plannedAt),
    index('handovers_planned').on(t.plannedAt, t.id),
    index('handovers_incoming').on(t.incomingShiftId),
    oneOf('handovers_state_known', t.state, HANDOVER_STATES),
    check(
      'handovers_complete_is_signed_twice',
      sql`(${t.state} = 'complete') = (${t.outgoingSignedAt} is not null and ${t.incomingSignedAt} is not null)`,
    ),
    check(
      'handovers_incoming_signs_last',
      sql`${t.incomingSignedAt} is null or ${t.outgoingSignedAt} <= ${t.incomingSignedAt}`,
    ),
  ],
)

/** What is still to be done at a post; stands in every handover until it is closed. */
export const handoverMatters = pgTable(
  'handover_matters',
  {
    id: primaryId(),
    postId: uuid('post_id')
      .notNull()
      .references(() => posts.id),
    openedInId: uuid('opened_in_id')
      .notNull()
      .references(() => handovers.id),
    text: text('text').notNull(),
    owner: text('owner'),
    dueAt: instant('due_at'),
    createdAt: instant('created_at').notNull(),
    closedAt: instant('closed_at'),
    closedBy: text('closed_by'),
    /** The handover in which it was closed; null when an organizer closed it beside. */
    closedInId: uuid('closed_in_id').references(() => handovers.id),
    closingNote: text('closing_note'),
  },
  (t) => [index('handover_matters_post').on(t.postId, t.createdAt), index('handover_matters_opened').on(t.openedInId)],
)

/** Supervisors who have looked at a handover. */
export const handoverLooks = pgTable(
  'handover_looks',
  {
    handoverId: uuid('handover_id')
      .notNull()
      .references(() => handovers.id),
    seenBy: text('seen_by').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ name: 'handover_looks_pk', columns: [t.handoverId, t.seenBy] })],
)
