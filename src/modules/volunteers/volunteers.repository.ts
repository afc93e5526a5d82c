import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { contactPoints, qualifications, volunteerQualifications, volunteers } from './volunteers.tables.ts'

export type VolunteerRow = typeof volunteers.$inferSelect
export type ContactRow = typeof contactPoints.$inferSelect
export interface HeldQualification {
  volunteerId: string
  qualificationId: string
  code: string
  name: string
  validFrom: string | null
  validTo: string | null
}
export type NewContactRow = Pick<ContactRow, 'channel' | 'address'> & { verifiedAt?: Date | null }
export interface NewHoldingRow {
  qualificationId: string
  validFrom?: string | null
  validTo?: string | null
}

/** As `inArray`, with one parameter for any number of ids. */
export const anyOf = (column: AnyPgColumn, ids: readonly string[]): SQL =>
  sql`${column} = any(${sql.param([...ids])}::uuid[])`

export const volunteersRepository = (db: Handle) => ({
  async findUnit(id: string) {
    const [unit] = await db.select().from(units).where(eq(units.id, id))
    return unit
  },

  async find(id: string): Promise<{ row: VolunteerRow; unitPath: string } | undefined> {
    const [found] = await db
      .select({ row: volunteers, unitPath: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(eq(volunteers.id, id))
    return found
  },

  async list(conditions: (SQL | undefined)[], page: Keyset): Promise<VolunteerRow[]> {
    const found = await db
      .select({ row: volunteers })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit)
    return found.map(({ row }) => row)
  },

  insert: async (row: typeof volunteers.$inferInsert): Promise<VolunteerRow> =>
    (await db.insert(volunteers).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async update(
    id: string,
    version: number,
    changes: Partial<typeof volunteers.$inferInsert>,
  ): Promise<VolunteerRow | undefined> {
    const [row] = await db
      .update(volunteers)
      .set({ ...changes, version: sql`${volunteers.version} + 1` })
      .where(and(eq(volunteers.id, id), eq(volunteers.version, version)))
      .returning()
    return row
  },

  contactsOf: (ids: string[]): Promise<ContactRow[]> =>
    db.select().from(contactPoints).where(anyOf(contactPoints.volunteerId, ids)).orderBy(asc(contactPoints.position)),

  holdingsOf: (ids: string[]): Promise<HeldQualification[]> =>
    db
      .select({
        volunteerId: volunteerQualifications.volunteerId,
        qualificationId: qualifications.id,
        code: qualifications.code,
        name: qualifications.name,
        validFrom: volunteerQualifications.validFrom,
        validTo: volunteerQualifications.validTo,
      })
      .from(volunteerQualifications)
      .innerJoin(qualifications, eq(qualifications.id, volunteerQualifications.qualificationId))
      .where(anyOf(volunteerQualifications.volunteerId, ids))
      .orderBy(asc(qualifications.code), asc(volunteerQualifications.validFrom)),

  /** What stays the same keeps being verified. */
  async replaceContacts(volunteerId: string, contacts: NewContactRow[]): Promise<void> {
    const before = await db.delete(contactPoints).where(eq(contactPoints.volunteerId, volunteerId)).returning()
    const verified = new Map(before.map((one) => [`${one.channel} ${one.address}`, one.verifiedAt]))
    if (contacts.length === 0) return
    await db.insert(contactPoints).values(
      contacts.map(({ channel, address }, index) => ({
        volunteerId,
        channel,
        address,
        position: index + 1,
        verifiedAt: verified.get(`${channel} ${address}`) ?? null,
      })),
    )
  },

  async replaceHoldings(volunteerId: string, holdings: NewHoldingRow[]): Promise<void> {
    await db.delete(volunteerQualifications).where(eq(volunteerQualifications.volunteerId, volunteerId))
    if (holdings.length === 0) return
    await db.insert(volunteerQualifications).values(holdings.map((one) => ({ ...one, volunteerId })))
  },
})
