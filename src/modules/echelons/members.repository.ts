import { and, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import type { LocalDate } from '../../time/zones.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import type { EntryRow } from './echelons.repository.ts'
import { echelonMembers } from './echelons.tables.ts'

const CHUNK = 2_000
type NewEntry = typeof echelonMembers.$inferInsert

const amongPeople = (ids: readonly string[]): SQL =>
  sql`${echelonMembers.volunteerId} = any(${sql.param([...ids])}::uuid[])`

export const membersRepository = (db: Handle) => ({
  homesOf: (volunteerIds: readonly string[]) =>
    db
      .select({ id: volunteers.id, unitPath: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(sql`${volunteers.id} = any(${sql.param([...volunteerIds])}::uuid[])`),

  /** Entries of these people in a set that hold on `fromOn` or later. */
  entriesSince: (setId: string, volunteerIds: readonly string[], fromOn: LocalDate): Promise<EntryRow[]> =>
    db
      .select()
      .from(echelonMembers)
      .where(
        and(
          eq(echelonMembers.setId, setId),
          amongPeople(volunteerIds),
          or(isNull(echelonMembers.toOn), gt(echelonMembers.toOn, fromOn)),
        ),
      ),

  async insert(rows: NewEntry[]): Promise<EntryRow[]> {
    const inserted: EntryRow[] = []
    for (let at = 0; at < rows.length; at += CHUNK) {
      inserted.push(
        ...(await db
          .insert(echelonMembers)
          .values(rows.slice(at, at + CHUNK))
          .returning()),
      )
    }
    return inserted
  },

  async find(id: string): Promise<EntryRow | undefined> {
    const [row] = await db.select().from(echelonMembers).where(eq(echelonMembers.id, id))
    return row
  },

  endOn: (ids: string[], on: LocalDate) =>
    db.update(echelonMembers).set({ toOn: on }).where(inArray(echelonMembers.id, ids)),

  remove: (ids: string[]) => db.delete(echelonMembers).where(inArray(echelonMembers.id, ids)),

  exclusionsOf: (echelonId: string, page: Keyset): Promise<EntryRow[]> =>
    db
      .select()
      .from(echelonMembers)
      .where(and(eq(echelonMembers.echelonId, echelonId), eq(echelonMembers.excluded, true), page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  page: (volunteerIds: readonly string[], page: Keyset) =>
    db
      .select()
      .from(volunteers)
      .where(and(sql`${volunteers.id} = any(${sql.param([...volunteerIds])}::uuid[])`, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),
})
