import { and, asc, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { anyOf, type ContactRow, volunteersRepository } from './volunteers.repository.ts'
import { contactPoints, volunteerQualifications, volunteers } from './volunteers.tables.ts'
import type { KnownPerson } from './volunteers-import.plan.ts'

type NewRow = typeof volunteers.$inferInsert

/** PostgreSQL takes 65,534 parameters in a statement. */
const CHUNK = 2_000

async function inChunks<T>(rows: T[], write: (part: T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += CHUNK) await write(rows.slice(at, at + CHUNK))
}

const groupBy = <T>(rows: T[], keyOf: (row: T) => string): Map<string, T[]> => Map.groupBy(rows, keyOf)

/** What an upsert writes of each column: the value of the row that was refused. */
const excluded = (names: (keyof NewRow)[]): Record<string, SQL> =>
  Object.fromEntries(names.map((name) => [name, sql`excluded.${sql.identifier(volunteers[name].name)}`]))

export const volunteersImportRepository = (db: Handle) => ({
  async unitCodes(path: string): Promise<Map<string, string>> {
    const rows = await db
      .select({ id: units.id, code: units.code })
      .from(units)
      .where(and(withinPath(path), isNotNull(units.code)))
    return new Map(rows.map((row) => [row.code!, row.id]))
  },

  /** Everybody who has one of these numbers, by number; locked in a fixed order when they are about to be changed. */
  async known(numbers: string[], actorPath: string, lock: boolean): Promise<Map<string, KnownPerson>> {
    const query = db
      .select({ row: volunteers, mine: sql<boolean>`${withinPath(actorPath)}` })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(sql`${volunteers.personNumber} = any(${sql.param(numbers)}::text[])`)
      .orderBy(asc(volunteers.personNumber))
    const found = lock ? await query.for('update', { of: volunteers }) : await query
    const ids = found.map(({ row }) => row.id)
    const repository = volunteersRepository(db)
    const contacts = groupBy(await repository.contactsOf(ids), (one) => one.volunteerId)
    const held = groupBy(await repository.holdingsOf(ids), (one) => one.volunteerId)
    return new Map(
      found.map(({ row, mine }) => [
        row.personNumber!,
        { row, mine, contacts: contacts.get(row.id) ?? [], held: held.get(row.id) ?? [] },
      ]),
    )
  },

  upsert: (rows: (NewRow & { id: string })[]) => {
    const { id: _id, createdAt: _createdAt, version: _version, ...rest } = rows[0] ?? {}
    const set = {
      ...excluded(Object.keys(rest) as (keyof NewRow)[]),
      version: sql`${volunteers.version} + 1`,
    }
    return inChunks(rows, (part) =>
      db.insert(volunteers).values(part).onConflictDoUpdate({ target: volunteers.id, set }),
    )
  },

  /** Replaces all contacts of these people. */
  async replaceContacts(volunteerIds: string[], rows: Omit<ContactRow, 'id'>[]): Promise<void> {
    await db.delete(contactPoints).where(anyOf(contactPoints.volunteerId, volunteerIds))
    await inChunks(rows, (part) => db.insert(contactPoints).values(part))
  },

  /** Replaces all qualifications of these people. */
  async replaceHoldings(volunteerIds: string[], rows: (typeof volunteerQualifications.$inferInsert)[]): Promise<void> {
    await db.delete(volunteerQualifications).where(anyOf(volunteerQualifications.volunteerId, volunteerIds))
    await inChunks(rows, (part) => db.insert(volunteerQualifications).values(part))
  },
})
