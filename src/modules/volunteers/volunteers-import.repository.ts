import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import { insertMany } from '../../platform/db/bulk.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { anyOf, type ContactRow, volunteersRepository } from './volunteers.repository.ts'
import { contactPoints, volunteerQualifications, volunteers } from './volunteers.tables.ts'
import type { KnownPerson } from './volunteers-import.plan.ts'

type NewRow = typeof volunteers.$inferInsert
type NewHolding = typeof volunteerQualifications.$inferInsert

const groupBy = <T>(rows: T[], keyOf: (row: T) => string): Map<string, T[]> => Map.groupBy(rows, keyOf)

const named = (field: keyof NewRow) => sql.identifier(volunteers[field].name)
const withId = <T extends object>(row: T) => ({ ...row, id: newId() })

export const volunteersImportRepository = (db: Handle) => ({
  async unitCodes(path: string): Promise<Map<string, string>> {
    const rows = await db
      .select({ id: units.id, code: units.code })
      .from(units)
      .where(and(withinPath(path), isNotNull(units.code)))
    return new Map(rows.map((row) => [row.code!, row.id]))
  },

  /** Whoever has one of these numbers in a tree, by number; locked in a fixed order when they are about to be changed. */
  async known(rootId: string, numbers: string[], actorPath: string, lock: boolean): Promise<Map<string, KnownPerson>> {
    const query = db
      .select({ row: volunteers, mine: sql<boolean>`${withinPath(actorPath)}` })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(and(eq(volunteers.rootId, rootId), sql`${volunteers.personNumber} = any(${sql.param(numbers)}::text[])`))
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

  /** Adds people and changes those whose id is known. */
  upsert(rows: (NewRow & { id: string })[]): Promise<void> {
    const { id: _id, createdAt: _createdAt, version: _version, ...rest } = rows[0] ?? {}
    const names = Object.keys(rest) as (keyof NewRow)[]
    const set = names.map((name) => sql`${named(name)} = excluded.${named(name)}`)
    const version = sql`${named('version')} = ${volunteers.version} + 1`
    const conflict = sql`on conflict (${named('id')}) do update set ${sql.join([...set, version], sql`, `)}`
    return insertMany(db, volunteers, rows, conflict)
  },

  /** Replaces all contacts of these people. */
  async replaceContacts(volunteerIds: string[], rows: Omit<ContactRow, 'id'>[]): Promise<void> {
    await db.delete(contactPoints).where(anyOf(contactPoints.volunteerId, volunteerIds))
    await insertMany(db, contactPoints, rows.map(withId))
  },

  /** Replaces all qualifications of these people. */
  async replaceHoldings(volunteerIds: string[], rows: NewHolding[]): Promise<void> {
    await db.delete(volunteerQualifications).where(anyOf(volunteerQualifications.volunteerId, volunteerIds))
    await insertMany(db, volunteerQualifications, rows.map(withId))
  },
})
