import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { CONSPICUOUS } from '../../platform/auth/conspicuous.types.ts'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { CONSENT_MODES } from '../organisation/organisation.types.ts'
import { posts } from '../posts/posts.tables.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { Told } from './confirmations.types.ts'

/** One question to one person about all that a published version changed for them. */
export const confirmationRequests = pgTable(
  'confirmation_requests',
  {
    id: primaryId(),
    rosterId: uuid('roster_id')
      .notNull()
      .references(() => rosters.id),
    versionNumber: integer('version_number').notNull(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    confirmBy: instant('confirm_by').notNull(),
    remindedAt: instant('reminded_at'),
    createdAt: instant('created_at').notNull(),
    /** A newer request to the same person took its place. */
    supersededAt: instant('superseded_at'),
    /** What silence means; fixed when the question is put. */
    mode: text('mode', { enum: CONSENT_MODES }).notNull().default('explicit'),
    /** Sent once more: messages and links from before no longer count. */
    sentAgainAt: instant('sent_again_at'),
    /** Those responsible have heard that nobody acknowledged it in time. */
    escalatedAt: instant('escalated_at'),
  },
  (t) => [
    unique('confirmation_requests_one_per_version').on(t.rosterId, t.versionNumber, t.volunteerId),
    index('confirmation_requests_volunteer').on(t.volunteerId),
    oneOf('confirmation_requests_mode_known', t.mode, CONSENT_MODES),
  ],
)

/** "Call me for this post, from then to then": with it a published duty there is confirmed at once. */
export const standingConsents = pgTable(
  'standing_consents',
  {
    id: primaryId(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    /** Either one post, or every post of a unit and below it. */
    postId: uuid('post_id').references(() => posts.id),
    unitId: uuid('unit_id').references(() => units.id),
    fromOn: localDate('from_on').notNull(),
    /** First day on which it no longer holds. */
    toOn: localDate('to_on').notNull(),
    source: text('source', { enum: ['page', 'organizer'] }).notNull(),
    /** How the organizer knows: in what way and when the person has said so. */
    word: text('word'),
    givenAt: instant('given_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    index('standing_consents_volunteer').on(t.volunteerId),
    oneOf('standing_consents_source_known', t.source, ['page', 'organizer']),
    check('standing_consents_one_place', sql`num_nonnulls(${t.postId}, ${t.unitId}) = 1`),
    check('standing_consents_order', sql`${t.toOn} > ${t.fromOn}`),
    check('standing_consents_word_kept', sql`${t.source} = 'page' or ${t.word} is not null`),
  ],
)

export const confirmationItems = pgTable(
  'confirmation_items',
  {
    requestId: uuid('request_id')
      .notNull()
      .references(() => confirmationRequests.id),
    assignmentId: uuid('assignment_id')
      .notNull()
      .references(() => assignments.id),
    /** The duty as the person was told of it, or has answered for it, last. */
    told: jsonb('told').$type<Told>(),
    /** Number of the receipt for the last decision. */
    receipt: text('receipt'),
    /** Would stay for the next shift as well. */
    staysOn: boolean('stays_on').notNull().default(false),
    /** By which the duty was confirmed at once. */
    consentId: uuid('consent_id').references(() => standingConsents.id),
    /** Confirmed, and what follows from it is still to be done: nobody else has heard of it yet. */
    followUpDue: boolean('follow_up_due').notNull().default(false),
    /** The last decision may be a program's. */
    conspicuous: text('conspicuous', { enum: CONSPICUOUS }),
  },
  (t) => [
    primaryKey({ name: 'confirmation_items_pk', columns: [t.requestId, t.assignmentId] }),
    index('confirmation_items_assignment').on(t.assignmentId),
    index('confirmation_items_receipt').on(t.receipt),
    index('confirmation_items_conspicuous').on(t.requestId).where(sql`${t.conspicuous} is not null`),
    oneOf('confirmation_items_conspicuous_known', t.conspicuous, CONSPICUOUS),
  ],
)
