import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, oneOf, primaryId } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { CERTIFICATE_KINDS, CERTIFICATE_LANGUAGES, type CertificateFacts } from './certificates.types.ts'

/** Papers that were issued. Their facts are frozen: only a revocation is ever added. */
export const certificates = pgTable(
  'certificates',
  {
    id: primaryId(),
    kind: text('kind', { enum: CERTIFICATE_KINDS }).notNull(),
    volunteerId: uuid('volunteer_id')
      .notNull()
      .references(() => volunteers.id),
    /** Who issues it, and whose records it is drawn from. */
    unitId: uuid('unit_id')
      .notNull()
      .references(() => units.id),
    /** With the serial the number of the paper. */
    year: integer('year').notNull(),
    serial: integer('serial').notNull(),
    /** What the page for checking is asked with; as good as impossible to guess. */
    checkCode: text('check_code').notNull(),
    lang: text('lang', { enum: CERTIFICATE_LANGUAGES }).notNull(),
    fromOn: localDate('from_on').notNull(),
    /** First day that is no longer in. */
    toOn: localDate('to_on').notNull(),
    facts: jsonb('facts').$type<CertificateFacts>().notNull(),
    issuedAt: instant('issued_at').notNull(),
    issuedBy: text('issued_by').notNull(),
    /** Prepared and not yet issued: nothing is promised, and its code stands for nothing. */
    draft: boolean('draft').notNull().default(false),
    /** First local day after its public notice. None: it was issued before notices were kept. */
    noticeEndsOn: localDate('notice_ends_on'),
    revokedAt: instant('revoked_at'),
    revokedBy: text('revoked_by'),
    revokedReason: text('revoked_reason'),
  },
  (t) => [
    unique('certificates_number').on(t.year, t.serial),
    uniqueIndex('certificates_check_code').on(t.checkCode),
    index('certificates_volunteer').on(t.volunteerId, t.issuedAt),
    oneOf('certificates_kind_known', t.kind, CERTIFICATE_KINDS),
    check('certificates_period_order', sql`${t.toOn} > ${t.fromOn}`),
    check(
      'certificates_revoked_with_reason',
      sql`num_nonnulls(${t.revokedAt}, ${t.revokedBy}, ${t.revokedReason}) in (0, 3)`,
    ),
  ],
)
