import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { CAMPAIGN_STATES, ENTRY_STATES, TASK_STATES } from './campaigns.states.ts'

export const campaigns = pgTable(
  'campaigns',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    name: text('name').notNull(),
    /** A word such as 'phone', 'visit', 'disinfection'. */
    kind: text('kind').notNull(),
    instructions: text('instructions'),
    state: text('state', { enum: CAMPAIGN_STATES }).notNull().default('preparing'),
    /** Nobody is given more items than this; null for no limit. */
    maxItemsPerPerson: integer('max_items_per_person'),
    chaseBeforeMinutes: integer('chase_before_minutes').array().notNull().default([1440, 180]),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    finishedAt: instant('finished_at'),
    /** When personal data of the items was destroyed; the counts stay. */
    destroyedAt: instant('destroyed_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    index('campaigns_unit').on(t.unitId),
    oneOf('campaigns_state_known', t.state, CAMPAIGN_STATES),
    check('campaigns_limit_sane', sql`${t.maxItemsPerPerson} is null or ${t.maxItemsPerPerson} >= 1`),
  ],
)

export const campaignRounds = pgTable(
  'campaign_rounds',
  {
    id: primaryId(),
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    number: integer('number').notNull(),
    opensAt: instant('opens_at').notNull(),
    deadline: instant('deadline').notNull(),
    /** When its end was noted and told. */
    endedAt: instant('ended_at'),
  },
  (t) => [
    unique('campaign_rounds_number').on(t.campaignId, t.number),
    check('campaign_rounds_order', sql`${t.deadline} > ${t.opensAt}`),
  ],
)

/** A person or place to be reached. What is personal is emptied when the campaign's data is destroyed. */
export const campaignItems = pgTable(
  'campaign_items',
  {
    id: primaryId(),
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    /** The grid, village or unit it lies in. */
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    /** What the list it came from knows it by. */
    reference: text('reference'),
    name: text('name'),
    phone: text('phone'),
    address: text('address'),
    note: text('note'),
    /** Place in the list it came from. */
    position: integer('position').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('campaign_items_reference').on(t.campaignId, t.reference).where(sql`${t.reference} is not null`),
    index('campaign_items_campaign').on(t.campaignId, t.position),
  ],
)

/** One volunteer's part in a campaign: asked, and theirs only when accepted. */
export const campaignTasks = pgTable(
  'campaign_tasks',
  {
    id: primaryId(),
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    state: text('state', { enum: TASK_STATES }).notNull(),
    askedAt: instant('asked_at').notNull(),
    decidedAt: instant('decided_at'),
  },
  (t) => [
    unique('campaign_tasks_once').on(t.campaignId, t.volunteerId),
    index('campaign_tasks_volunteer').on(t.volunteerId),
    oneOf('campaign_tasks_state_known', t.state, TASK_STATES),
  ],
)

/** One item in one round: whose it is and how it stands. */
export const campaignEntries = pgTable(
  'campaign_entries',
  {
    id: primaryId(),
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    itemId: uuid('item_id')
      .notNull()
      .references(() => campaignItems.id),
    roundId: uuid('round_id')
      .notNull()
      .references(() => campaignRounds.id),
    taskId: uuid('task_id').references(() => campaignTasks.id),
    state: text('state', { enum: ENTRY_STATES }).notNull().default('open'),
    tries: integer('tries').notNull().default(0),
    note: text('note'),
    /** Who gave it this state. */
    markedBy: text('marked_by'),
    markedAt: instant('marked_at'),
    /** Earlier marks that were taken back, oldest first. */
    history: jsonb('history').$type<{ state: string; at: string; by: string }[]>().notNull().default([]),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    unique('campaign_entries_once_per_round').on(t.roundId, t.itemId),
    index('campaign_entries_task').on(t.taskId, t.roundId, t.id),
    index('campaign_entries_item').on(t.itemId),
    index('campaign_entries_campaign').on(t.campaignId, t.state),
    oneOf('campaign_entries_state_known', t.state, ENTRY_STATES),
    check('campaign_entries_marked', sql`(${t.state} = 'open') or ${t.markedAt} is not null`),
  ],
)
