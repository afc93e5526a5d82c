import { and, asc, eq, type SQL } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { gaps, offers } from './gap-filling.tables.ts'

export type OfferRow = typeof offers.$inferSelect

export const offersRepository = (db: Handle) => ({
  /** Changes the state of offers that are open; returns those it changed. */
  endOffers: (condition: SQL | undefined, state: OfferRow['state'], now: Date): Promise<OfferRow[]> =>
    db
      .update(offers)
      .set({ state, decidedAt: now })
      .where(and(eq(offers.state, 'open'), condition))
      .returning(),

  /** Offers that could be made; somebody who got one elsewhere in this moment is left out. */
  insertOffers: async (rows: (typeof offers.$inferInsert)[]): Promise<OfferRow[]> =>
    db.insert(offers).values(rows).onConflictDoNothing().returning(),

  offersOf: (gapId: string): Promise<OfferRow[]> =>
    db.select().from(offers).where(eq(offers.gapId, gapId)).orderBy(asc(offers.rank), asc(offers.id)),

  async acceptOffer(id: string, now: Date): Promise<OfferRow> {
    const [row] = await db
      .update(offers)
      .set({ state: 'accepted', decidedAt: now })
      .where(and(eq(offers.id, id), eq(offers.state, 'open')))
      .returning()
    return row!
  },

  liveOffers: (cascadeId: string) =>
    db
      .select({ echelonId: offers.echelonId, expiresAt: offers.expiresAt })
      .from(offers)
      .where(and(eq(offers.cascadeId, cascadeId), eq(offers.state, 'open'))),

  async findOffer(id: string) {
    const [row] = await db
      .select({
        offer: offers,
        gap: gaps,
        person: { name: volunteers.displayName, locale: volunteers.locale },
        holder: { id: assignments.id, state: assignments.state, volunteerId: assignments.volunteerId },
      })
      .from(offers)
      .innerJoin(gaps, eq(gaps.id, offers.gapId))
      .innerJoin(volunteers, eq(volunteers.id, offers.volunteerId))
      .leftJoin(assignments, eq(assignments.id, gaps.filledById))
      .where(eq(offers.id, id))
    return row
  },
})

export type OfferFacts = NonNullable<Awaited<ReturnType<ReturnType<typeof offersRepository>['findOffer']>>>
