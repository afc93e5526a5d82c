import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { Audience, Wordings } from './announcements.types.ts'

export const ANNOUNCEMENT_STATES = ['active', 'stopped', 'expired'] as const

/** Something that each of its recipients has to answer that they have read it. */
export const announcements = pgTable(
  'announcements',
  {
    id: primaryId(),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    state: text('state', { enum: ANNOUNCEMENT_STATES }).notNull(),
    audience: jsonb('audience').$type<Audience>().notNull(),
    urgent: boolean('urgent').notNull().default(false),
    /** Number of the newest wording. */
    revision: integer('revision').notNull().default(1),
    /** The oldest wording whose acknowledgment still counts. */
    requiredRevision: integer('required_revision').notNull().default(1),
    /** Minutes after the wording that counts went out. */
    remindAfterMinutes: integer('remind_after_minutes').array().notNull(),
    /** When the responsible people are told who has not answered; null: never. */
    escalateAfterMinutes: integer('escalate_after_minutes'),
    /** Reminders and the escalation that were carried out for the wording that counts. */
    chased: integer('chased').notNull().default(0),
    expiresAt: instant('expires_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    endedAt: instant('ended_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    index('announcements_unit').on(t.unitId, t.createdAt),
    oneOf('announcements_state_known', t.state, ANNOUNCEMENT_STATES),
    check('announcements_required_exists', sql`${t.requiredRevision} between 1 and ${t.revision}`),
  ],
)

/** Every wording there was; append-only, kept so by a trigger. */
export const announcementRevisions = pgTable(
  'announcement_revisions',
  {
    announcementId: uuid('announcement_id')
      .notNull()
      .references(() => announcements.id),
    revision: integer('revision').notNull(),
    texts: jsonb('texts').$type<Wordings>().notNull(),
    /** It says something else than before: to be acknowledged anew. */
    material: boolean('material').notNull(),
    publishedAt: instant('published_at').notNull(),
    publishedBy: text('published_by').notNull(),
  },
  (t) => [primaryKey({ name: 'announcement_revisions_pk', columns: [t.announcementId, t.revision] })],
)

/** Who was asked, with the home unit of that moment; append-only, kept so by a trigger. */
export const announcementRecipients = pgTable(
  'announcement_recipients',
  {
    announcementId: uuid('announcement_id')
      .notNull()
      .references(() => announcements.id),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
  },
  (t) => [
    primaryKey({ name: 'announcement_recipients_pk', columns: [t.announcementId, t.volunteerId] }),
    index('announcement_recipients_volunteer').on(t.volunteerId),
  ],
)

/** Who has answered which wording; append-only, kept so by a trigger. */
export const announcementAcknowledgements = pgTable(
  'announcement_acknowledgements',
  {
    announcementId: uuid('announcement_id').notNull(),
    volunteerId: uuid('volunteer_id').notNull(),
    revision: integer('revision').notNull(),
    acknowledgedAt: instant('acknowledged_at').notNull(),
    /** 'link', or 'api' where an organizer wrote down what the person said. */
    door: text('door').notNull(),
  },
  (t) => [
    primaryKey({ name: 'announcement_acknowledgements_pk', columns: [t.announcementId, t.volunteerId, t.revision] }),
    // Only somebody who was asked can answer, and only a wording that there is.
    foreignKey({
      name: 'announcement_acknowledgements_by_recipients',
      columns: [t.announcementId, t.volunteerId],
      foreignColumns: [announcementRecipients.announcementId, announcementRecipients.volunteerId],
    }),
    foreignKey({
      name: 'announcement_acknowledgements_of_wordings',
      columns: [t.announcementId, t.revision],
      foreignColumns: [announcementRevisions.announcementId, announcementRevisions.revision],
    }),
  ],
)
