import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
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
  'correction',
] as const

/** One way in for one person to one subject. The secret itself is never stored, only its SHA-256. */
export const links = pgTable(
  'links',
  {
    id: primaryId(),
    tokenHash: text('token_hash').notNull(),
    purpose: text('purpose', { enum: LINK_PURPOSES }).notNull(),
    /** A confirmation request, an offer or an assignment, by purpose. */
    subjectId: uuid('subject_id').notNull(),
    volunteerId: uuid('volunteer_id').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    uniqueIndex('links_token_hash').on(t.tokenHash),
    index('links_subject').on(t.subjectId),
    oneOf('links_purpose_known', t.purpose, LINK_PURPOSES),
  ],
)
