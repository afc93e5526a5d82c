import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { Way } from './notifications.types.ts'

export const MESSAGE_STATES = ['queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'cancelled'] as const

/** A message is a row with a life. It carries ids only: names, times and the secret link are put in when it is sent. */
export const messages = pgTable(
  'messages',
  {
    id: primaryId(),
    /** Either one person, or the responsible people of a unit. */
    volunteerId: uuid('volunteer_id').references(() => volunteers.id),
    unitId: uuid('unit_id').references(() => units.id),
    template: text('template').notNull(),
    /** What it is about: a confirmation request, an offer, an assignment. */
    subjectId: uuid('subject_id').notNull(),
    /** Says "the same message"; a second one with it is never made. */
    purpose: text('purpose').notNull(),
    params: jsonb('params').$type<Record<string, string>>().notNull().default({}),
    state: text('state', { enum: MESSAGE_STATES }).notNull(),
    /** A copy for the group that is reached by this channel; it goes no other way. */
    via: text('via'),
    channel: text('channel'),
    address: text('address'),
    attempts: integer('attempts').notNull().default(0),
    providerId: text('provider_id'),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
    /** Not to be touched before: when it shall go out, or until when somebody is busy sending it. */
    sendAfter: instant('send_after').notNull(),
    sentAt: instant('sent_at'),
    /** Contact points that were tried, in order. */
    ways: jsonb('ways').$type<Way[]>().notNull().default([]),
    /** Its place in the pace of the channel, taken once for each attempt. */
    reservedAt: instant('reserved_at'),
  },
  (t) => [
    unique('messages_purpose_once').on(t.volunteerId, t.unitId, t.purpose).nullsNotDistinct(),
    check('messages_one_recipient', sql`num_nonnulls(${t.volunteerId}, ${t.unitId}) = 1`),
    index('messages_state').on(t.state, t.sendAfter),
    index('messages_subject').on(t.subjectId),
    index('messages_volunteer_sent').on(t.volunteerId, t.sentAt),
    oneOf('messages_state_known', t.state, MESSAGE_STATES),
  ],
)

/** When each channel is free again, for all processes together. */
export const channelPaces = pgTable('channel_paces', {
  channel: text('channel').primaryKey(),
  freeAt: instant('free_at').notNull(),
})
