import { and, asc, eq, gt, gte, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { ledger } from '../hours/hours.tables.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts } from '../posts/posts.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { certificates } from './certificates.tables.ts'
import type { CertificateFacts, CertificateKind } from './certificates.types.ts'

export type CertificateRow = typeof certificates.$inferSelect

export interface Period {
  volunteerId: string
  kind: CertificateKind
  fromOn: string
  toOn: string
}

export const certificatesRepository = (db: Handle) => ({
  async findVolunteer(id: string) {
    const [found] = await db
      .select({ volunteer: volunteers, unitPath: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(eq(volunteers.id, id))
    return found
  },

  /** What is booked of a person waits for this transaction; the ledger takes the same lock. */
  lockVolunteer: (id: string) =>
    db.select({ id: volunteers.id }).from(volunteers).where(eq(volunteers.id, id)).for('no key update'),

  /**
   * Credited time by post, from lines booked inside the issuer's subtree: of volunteers only, or of all others. Travel
   * is not service.
   */
  servedAtPosts: (
    issuerPath: string,
    { volunteerId, kind, fromOn, toOn }: Period,
  ): Promise<CertificateFacts['posts']> =>
    db
      .select({
        name: posts.name,
        duties: sql<number>`count(distinct ${ledger.assignmentId})::int`,
        minutes: sql<number>`sum(${ledger.creditedMinutes})::int`,
      })
      .from(ledger)
      .innerJoin(units, eq(units.id, ledger.unitId))
      .innerJoin(posts, eq(posts.id, ledger.postId))
      .where(
        and(
          withinPath(issuerPath),
          eq(ledger.volunteerId, volunteerId),
          kind === 'service' ? eq(ledger.personClass, 'volunteer') : ne(ledger.personClass, 'volunteer'),
          ne(ledger.kind, 'travel'),
          gte(ledger.localDay, fromOn),
          lt(ledger.localDay, toOn),
        ),
      )
      .groupBy(posts.id)
      .having(sql`sum(${ledger.creditedMinutes}) > 0`)
      .orderBy(asc(posts.name), asc(posts.id)),

  /** The next serial of a year; two that ask wait for each other. */
  async nextSerial(year: number): Promise<number> {
    await db.execute(sql`select pg_advisory_xact_lock(hashtext('watchbill.certificates'), ${year}::int)`)
    const [row] = await db
      .select({ next: sql<number>`coalesce(max(${certificates.serial}), 0) + 1` })
      .from(certificates)
      .where(eq(certificates.year, year))
    return row!.next
  },

  insert: async (row: typeof certificates.$inferInsert): Promise<CertificateRow> =>
    (await db.insert(certificates).values(row).returning())[0]!,

  async find(id: string): Promise<{ certificate: CertificateRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ certificate: certificates, unitPath: units.path })
      .from(certificates)
      .innerJoin(units, eq(units.id, certificates.unitId))
      .where(eq(certificates.id, id))
    return found
  },

  /** A draft is nothing that anybody could check. */
  findByCode: async (checkCode: string): Promise<CertificateRow | undefined> =>
    (
      await db
        .select()
        .from(certificates)
        .where(and(eq(certificates.checkCode, checkCode), eq(certificates.draft, false)))
    )[0],

  /** The row after the change, or undefined when it was issued already. */
  async issueDraft(
    id: string,
    fields: Pick<CertificateRow, 'facts' | 'issuedAt' | 'issuedBy' | 'noticeEndsOn'>,
  ): Promise<CertificateRow | undefined> {
    const [row] = await db
      .update(certificates)
      .set({ ...fields, draft: false })
      .where(and(eq(certificates.id, id), eq(certificates.draft, true), isNull(certificates.revokedAt)))
      .returning()
    return row
  },

  /** Papers under public notice on a day, by whoever issued them inside the subtree. */
  async underNotice(path: string, day: string, page: Keyset): Promise<CertificateRow[]> {
    const rows = await db
      .select({ certificate: certificates })
      .from(certificates)
      .innerJoin(units, eq(units.id, certificates.unitId))
      .where(
        and(
          withinPath(path),
          eq(certificates.draft, false),
          isNull(certificates.revokedAt),
          gt(certificates.noticeEndsOn, day),
          page.after,
        ),
      )
      .orderBy(...page.orderBy)
      .limit(page.limit)
    return rows.map((row) => row.certificate)
  },

  list: async (volunteerId: string, actorPath: string, page: Keyset): Promise<CertificateRow[]> => {
    const rows = await db
      .select({ certificate: certificates })
      .from(certificates)
      .innerJoin(units, eq(units.id, certificates.unitId))
      .where(and(eq(certificates.volunteerId, volunteerId), withinPath(actorPath), page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
    return rows.map((row) => row.certificate)
  },

  /** The row after the change, or undefined when it was revoked already. */
  async revoke(id: string, by: { at: Date; actorId: string; reason: string }): Promise<CertificateRow | undefined> {
    const [row] = await db
      .update(certificates)
      .set({ revokedAt: by.at, revokedBy: by.actorId, revokedReason: by.reason })
      .where(and(eq(certificates.id, id), isNull(certificates.revokedAt)))
      .returning()
    return row
  },
})
