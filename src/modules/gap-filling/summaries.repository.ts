import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { organisationRepository, withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { gapFillingRepository } from './gap-filling.repository.ts'
import { cascades, gaps } from './gap-filling.tables.ts'

/** Open gaps as those who answer for them hear of them. */
export const summariesRepository = (db: Handle) => ({
  /** Open gaps of this unit and of those below it that have no responsible people of their own. */
  async openUnder(unitId: string) {
    const unit = await organisationRepository(db).findUnit(unitId)
    if (!unit) return []
    const rows = await db
      .select({
        gapId: gaps.id,
        role: slots.role,
        startsAt: shifts.startsAt,
        endsAt: shifts.endsAt,
        startLocal: shifts.startLocal,
        endLocal: shifts.endLocal,
        postName: posts.name,
        unitPath: units.path,
      })
      .from(gaps)
      .innerJoin(slots, eq(slots.id, gaps.slotId))
      .innerJoin(shifts, eq(shifts.id, slots.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(and(eq(gaps.state, 'open'), withinPath(unit.path)))
      .orderBy(asc(shifts.startsAt), asc(gaps.id))
    const told = new Map<string, string>()
    for (const path of new Set(rows.map((row) => row.unitPath))) {
      told.set(path, (await gapFillingRepository(db).chainAbove(path))[0]!)
    }
    return rows.filter((row) => told.get(row.unitPath) === unitId)
  },

  /** Gaps whose latest search goes on, was paused, or found nobody. */
  async searchesFor(gapIds: string[]) {
    const rows = await db
      .selectDistinctOn([cascades.gapId], {
        gapId: cascades.gapId,
        state: cascades.state,
        pausedAt: cascades.pausedAt,
      })
      .from(cascades)
      .where(inArray(cascades.gapId, gapIds))
      .orderBy(cascades.gapId, desc(cascades.createdAt), desc(cascades.id))
    const searches = new Map<string, 'open' | 'paused' | 'exhausted'>()
    for (const { gapId, state, pausedAt } of rows) {
      if (state === 'open') searches.set(gapId, pausedAt ? 'paused' : 'open')
      else if (state === 'exhausted') searches.set(gapId, state)
    }
    return searches
  },
})
