import { and, asc, eq, gt, inArray, ne, or, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

/** Who swaps with whom. */
export const peopleRepository = (db: Handle) => ({
  async findPerson(id: string) {
    const [row] = await db
      .select({
        id: volunteers.id,
        name: volunteers.displayName,
        locale: volunteers.locale,
        unitId: volunteers.unitId,
        unitPath: units.path,
        unitName: units.name,
        zone: units.zone,
      })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(eq(volunteers.id, id))
    return row
  },

  async namesOf(ids: string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map()
    const rows = await db
      .select({ id: volunteers.id, name: volunteers.displayName })
      .from(volunteers)
      .where(inArray(volunteers.id, ids))
    return new Map(rows.map((row) => [row.id, row.name]))
  },

  /** People of the same unit, by name. */
  colleaguesOf: ({ id, unitId }: { id: string; unitId: string }, day: string, limit: number) =>
    db
      .select({ id: volunteers.id, name: volunteers.displayName })
      .from(volunteers)
      .where(
        and(
          eq(volunteers.unitId, unitId),
          ne(volunteers.id, id),
          eq(volunteers.doNotContact, false),
          or(sql`${volunteers.leftOn} is null`, gt(volunteers.leftOn, day)),
        ),
      )
      .orderBy(asc(volunteers.sortName), asc(volunteers.id))
      .limit(limit),
})

export type PersonRow = NonNullable<Awaited<ReturnType<ReturnType<typeof peopleRepository>['findPerson']>>>
