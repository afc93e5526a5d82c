import { and, asc, eq, exists, inArray, isNotNull, isNull, max, notExists, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { messages } from '../notifications/notifications.tables.ts'
import { shifts, slots } from '../posts/posts.tables.ts'
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

  /** Place after everybody who was asked for this gap so far. */
  async lastRank(gapId: string): Promise<number> {
    const [row] = await db
      .select({ rank: max(offers.rank) })
      .from(offers)
      .where(eq(offers.gapId, gapId))
    return row?.rank ?? 0
  },

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

  /** What speaks for it that a program gave the last answer. */
  noteConspicuous: (id: string, conspicuous: OfferRow['conspicuous']) =>
    db.update(offers).set({ conspicuous }).where(eq(offers.id, id)),

  /** The person would come; with `release` they may be asked for the same gap again. */
  async markWilling(id: string, now: Date, release = false): Promise<OfferRow> {
    const [row] = await db
      .update(offers)
      .set({ willingAt: now, ...(release ? { releasedAt: now } : {}) })
      .where(eq(offers.id, id))
      .returning()
    return row!
  },

  /** Lets people be asked for this gap once more; returns the offers that no longer stand against it. */
  release: (condition: SQL | undefined, now: Date): Promise<OfferRow[]> =>
    db
      .update(offers)
      .set({ releasedAt: now })
      .where(and(isNull(offers.releasedAt), condition))
      .returning(),

  async find(id: string): Promise<OfferRow | undefined> {
    const [row] = await db.select().from(offers).where(eq(offers.id, id))
    return row
  },

  /** How each of these offers went out, as far as it did. */
  tellingOf: (offerIds: string[]) =>
    db
      .select({ offerId: messages.subjectId, channel: messages.channel, state: messages.state })
      .from(messages)
      .where(and(inArray(messages.subjectId, offerIds), eq(messages.template, 'offer'))),

  liveOffers: (cascadeId: string) =>
    db
      .select({
        id: offers.id,
        echelonId: offers.echelonId,
        unitId: offers.unitId,
        rank: offers.rank,
        willing: sql<boolean>`${offers.willingAt} is not null`,
        expiresAt: offers.expiresAt,
      })
      .from(offers)
      .where(and(eq(offers.cascadeId, cascadeId), eq(offers.state, 'open'))),

  async findOffer(id: string) {
    const [row] = await db
      .select({
        offer: offers,
        gap: gaps,
        times: { startsAt: shifts.startsAt, endsAt: shifts.endsAt },
        person: { name: volunteers.displayName, locale: volunteers.locale },
        holder: { id: assignments.id, state: assignments.state, volunteerId: assignments.volunteerId },
      })
      .from(offers)
      .innerJoin(gaps, eq(gaps.id, offers.gapId))
      .innerJoin(slots, eq(slots.id, offers.slotId))
      .innerJoin(shifts, eq(shifts.id, slots.shiftId))
      .innerJoin(volunteers, eq(volunteers.id, offers.volunteerId))
      .leftJoin(assignments, eq(assignments.id, gaps.filledById))
      .where(eq(offers.id, id))
    return row
  },
})

/** Condition "somebody's answer to an offer for it is conspicuous", or "nobody's". */
export function hasConspicuous(db: Handle, so: boolean): SQL {
  const conspicuous = db
    .select({ one: sql`1` })
    .from(offers)
    .where(and(eq(offers.gapId, gaps.id), isNotNull(offers.conspicuous)))
  return so ? exists(conspicuous) : notExists(conspicuous)
}

export type OfferFacts = NonNullable<Awaited<ReturnType<ReturnType<typeof offersRepository>['findOffer']>>>
