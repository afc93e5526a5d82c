import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { LOCALES } from '../../platform/texts/catalogue.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { OutsideContact, Way } from './notifications.types.ts'

export const MESSAGE_STATES = ['queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'cancelled'] as const

/** A message is a row with a life. It carries ids only: names, times and the secret link are put in when it is sent. */
export const messages = pgTable(
  'messages',
  {
    id: primaryId(),
    /** Either one person, or the responsible people of a unit. */
    volunteerId: uuid('volunteer_id').references(() => volunteers.id),
    unitId: uuid('unit_id').references(() => units.id),
    /** Somebody outside who is told in the unit's name; the unit's own people are not. */
    contact: jsonb('contact').$type<OutsideContact>(),
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
    /** From when on it was wanted out; later than written where that was meant, as by quiet hours. Rows of old have none. */
    dueAt: instant('due_at'),
    sentAt: instant('sent_at'),
    /** Contact points that were tried, in order. */
    ways: jsonb('ways').$type<Way[]>().notNull().default([]),
    /** Its place in the pace of the channel, taken once for each attempt. */
    reservedAt: instant('reserved_at'),
    /** When the words were about to leave the house; who dies after that leaves doubt, who dies before does not. */
    handedOverAt: instant('handed_over_at'),
    /** When the vendor, or an organizer, said that it has arrived. */
    deliveredAt: instant('delivered_at'),
    /** Messages to one person with the same key are merged while they wait. */
    mergeKey: text('merge_key'),
    /** What happened from here on is told in it: when the first of those merged into it was written. */
    since: instant('since'),
    /** Sent by hand to try a template out. */
    test: boolean('test').notNull().default(false),
    /** The unit's own text it was written with, and in which version; version 0 is the built-in text. */
    templateId: uuid('template_id'),
    templateVersion: integer('template_version'),
    locale: text('locale'),
  },
  (t) => [
    unique('messages_purpose_once').on(t.volunteerId, t.unitId, t.purpose).nullsNotDistinct(),
    check('messages_one_recipient', sql`num_nonnulls(${t.volunteerId}, ${t.unitId}) = 1`),
    index('messages_state').on(t.state, t.sendAfter),
    index('messages_due').on(t.dueAt),
    index('messages_subject').on(t.subjectId),
    index('messages_volunteer_sent').on(t.volunteerId, t.sentAt),
    index('messages_provider').on(t.providerId).where(sql`${t.providerId} is not null`),
    index('messages_merging')
      .on(t.volunteerId, t.mergeKey)
      .where(sql`${t.state} = 'queued' and ${t.mergeKey} is not null`),
    oneOf('messages_state_known', t.state, MESSAGE_STATES),
  ],
)

export const RECEIPT_STATES = ['delivered', 'failed'] as const

/** What a channel reported of a message; one line a thing said, however often it was said. */
export const messageReceipts = pgTable(
  'message_receipts',
  {
    id: primaryId(),
    channel: text('channel').notNull(),
    /** Our id of the message, or the vendor's. */
    reference: text('reference').notNull(),
    state: text('state', { enum: RECEIPT_STATES }).notNull(),
    error: text('error'),
    receivedAt: instant('received_at').notNull(),
    /** When it was brought to bear; null: no message answers to it (yet). */
    appliedAt: instant('applied_at'),
  },
  (t) => [
    unique('message_receipts_once').on(t.channel, t.reference, t.state),
    oneOf('message_receipts_state_known', t.state, RECEIPT_STATES),
  ],
)

export const TEMPLATE_CHANNELS = ['log', 'email', 'sms', 'wecom', 'group'] as const

/** Words of a unit's own in place of the built-in ones, for it and all below it. */
export const messageTemplates = pgTable(
  'message_templates',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    template: text('template').notNull(),
    locale: text('locale', { enum: LOCALES }).notNull(),
    /** null: for every channel that has no words of its own. */
    channel: text('channel', { enum: TEMPLATE_CHANNELS }),
    subject: text('subject').notNull(),
    text: text('text').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    unique('message_templates_once').on(t.unitId, t.template, t.locale, t.channel).nullsNotDistinct(),
    oneOf('message_templates_locale_known', t.locale, LOCALES),
    oneOf('message_templates_channel_known', t.channel, TEMPLATE_CHANNELS),
  ],
)

/** When each channel is free again, for all processes together. */
export const channelPaces = pgTable('channel_paces', {
  channel: text('channel').primaryKey(),
  freeAt: instant('free_at').notNull(),
})
