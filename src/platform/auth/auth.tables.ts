import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, primaryId } from '../db/columns.ts'

export const LINK_PURPOSES = [
  'confirmation',
  'offer',
  'attendance',
  'swap',
  'handover',
  'report',
  'announcement',
  'campaign',
  'callout',
  'standing',
  'correction',
  'messages',
] as const

/** One way in for one person to one subject. The secret itself is never stored, only its SHA-256. */
export const links = pgTable(
  'links',
  {
    id: primaryId(),
    tokenHash: text('token_hash').notNull(),
    purpose: text('purpose', { enum: LINK_PURPOSES }).notNull(),
    /** A confirmation request, an offer or an assignment, by purpose; of 'messages' the person. */
    subjectId: uuid('subject_id').notNull(),
    /** The person; where somebody outside holds it, the row that names them. */
    volunteerId: uuid('volunteer_id').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    /** A newer message took its place: it still shows that, and does nothing. */
    replacedAt: instant('replaced_at'),
    /** What its holder may do; empty: all that its purpose allows. */
    actions: text('actions').array().notNull().default([]),
    /** The short code it was given for. */
    codeId: uuid('code_id'),
  },
  (t) => [
    uniqueIndex('links_token_hash').on(t.tokenHash),
    index('links_subject').on(t.subjectId),
    index('links_volunteer').on(t.volunteerId),
    oneOf('links_purpose_known', t.purpose, LINK_PURPOSES),
  ],
)

/**
 * Short codes stand in text messages in place of a link. Stored is the HMAC of code and last digits of the phone under
 * a key that is not in the database, as 40 bits alone could be tried out.
 */
export const codes = pgTable(
  'codes',
  {
    id: primaryId(),
    codeHash: text('code_hash').notNull(),
    purpose: text('purpose', { enum: LINK_PURPOSES }).notNull(),
    subjectId: uuid('subject_id').notNull(),
    volunteerId: uuid('volunteer_id').notNull(),
    actions: text('actions').array().notNull().default([]),
    /** Page that a right code leads to. */
    path: text('path').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    uses: integer('uses').notNull().default(0),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [
    uniqueIndex('codes_code_hash').on(t.codeHash),
    index('codes_subject').on(t.subjectId),
    index('codes_volunteer').on(t.volunteerId),
    oneOf('codes_purpose_known', t.purpose, LINK_PURPOSES),
  ],
)

/** Wrong codes counted by address, by phone and over all; here, as several processes share the limits. */
export const codeTries = pgTable(
  'code_tries',
  {
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    /** When counting begins anew. */
    until: instant('until').notNull(),
  },
  (t) => [index('code_tries_until').on(t.until)],
)
