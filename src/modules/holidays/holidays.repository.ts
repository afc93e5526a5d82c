import { and, asc, eq, gte, inArray, lt } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { units } from '../organisation/organisation.tables.ts'
import type { DayOfUnit, NamedDay } from './holidays.rules.ts'
import { holidays } from './holidays.tables.ts'

export interface Span {
  from: string
  /** First day that is no longer in. */
  to: string
}

const unitsOn = (paths: readonly string[]) => [...new Set(paths.flatMap((path) => path.split('/').filter(Boolean)))]

export const holidaysRepository = (db: Handle) => ({
  /** What these units and all above them say about the days. */
  daysAbove: async (paths: readonly string[], { from, to }: Span): Promise<DayOfUnit[]> => {
    const ids = unitsOn(paths)
    if (ids.length === 0) return []
    return db
      .select({
        unitId: holidays.unitId,
        unitPath: units.path,
        day: holidays.day,
        kind: holidays.kind,
        name: holidays.name,
      })
      .from(holidays)
      .innerJoin(units, eq(units.id, holidays.unitId))
      .where(and(inArray(holidays.unitId, ids), gte(holidays.day, from), lt(holidays.day, to)))
      .orderBy(asc(holidays.day))
  },

  /** Puts these days in the place of all the unit has said about the span. */
  async replace(unitId: string, { from, to }: Span, days: readonly NamedDay[], now: Date) {
    await db.delete(holidays).where(and(eq(holidays.unitId, unitId), gte(holidays.day, from), lt(holidays.day, to)))
    if (days.length === 0) return
    await db.insert(holidays).values(days.map((one) => ({ ...one, id: newId(), unitId, createdAt: now })))
  },
})
