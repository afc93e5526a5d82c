import { eq, inArray } from 'drizzle-orm'
import { newId } from '../../platform/db/ids.ts'
import type { News, Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Escalations } from './gap-filling.escalations.ts'
import { gapsFilled, gapsOpened } from './gap-filling.events.ts'
import { advanceCascade, closeGap } from './gap-filling.jobs.ts'
import { gapFillingRepository } from './gap-filling.repository.ts'
import type { GapCause } from './gap-filling.rules.ts'
import type { GapSummaries } from './gap-filling.summaries.ts'
import { offers } from './gap-filling.tables.ts'
import { auditGaps, cascadeEntry, gapEntry, offerEntry } from './gap-filling.trail.ts'
import { type OfferRow, offersRepository } from './offers.repository.ts'
import { type CascadeRow, searchesRepository } from './searches.repository.ts'

export interface Vacancy {
  rosterId: string
  slotId: string
  cause: GapCause
  vacatedId?: string | null
}

/** Searches that are woken together when people are free again. */
const MOST_WOKEN = 10

interface Ending {
  state: 'filled' | 'cancelled'
  template: string
  reason: string
  /** Who has the seat now, and hears of it otherwise. */
  holderId?: string
}

/** Opening and closing of gaps with all that belongs to them; always inside somebody's transaction. */
export function createGaps({
  notifications,
  news,
  escalations,
  summaries,
}: {
  notifications: Notifications
  news: News
  escalations: Escalations
  summaries: GapSummaries
}) {
  const advanceSoon = ({ tx, now }: Occasion, cascadeIds: string[]) =>
    schedule(
      tx,
      advanceCascade,
      cascadeIds.map((cascadeId) => ({ payload: { cascadeId }, key: cascadeId, dueAt: now })),
      now,
    )

  async function startCascades(occasion: Occasion, gapIds: string[]): Promise<CascadeRow[]> {
    const { tx, now } = occasion
    const rows = gapIds.map((gapId) => ({ id: newId(), gapId, state: 'open' as const, createdAt: now }))
    const started = await searchesRepository(tx).insertCascades(rows)
    await auditGaps(
      occasion,
      started.map((cascade) => cascadeEntry(cascade)),
    )
    await advanceSoon(
      occasion,
      started.map((cascade) => cascade.id),
    )
    return started
  }

  /** Ends searches for these gaps and tells everybody who still holds an offer. */
  async function endSearch(
    occasion: Occasion,
    gapIds: string[],
    { state, template, reason, holderId }: Ending,
  ): Promise<void> {
    const { tx, now } = occasion
    if (gapIds.length === 0) return
    const ended = await searchesRepository(tx).endCascades(gapIds, state, now)
    const told = await offersRepository(tx).endOffers(inArray(offers.gapId, gapIds), 'superseded', now)
    await cancelTasks(
      tx,
      advanceCascade,
      ended.map((cascade) => cascade.id),
      now,
    )
    await auditGaps(occasion, [
      ...ended.map((cascade) => cascadeEntry(cascade, 'open', reason)),
      ...told.map((offer) => offerEntry(offer, 'open', reason)),
    ])
    const others = told.filter((offer) => offer.volunteerId !== holderId)
    await notifications.notify(
      occasion,
      others.map((offer) => ({
        volunteerId: offer.volunteerId,
        template: offer.willingAt && state === 'filled' ? 'offer-not-awarded' : template,
        subjectId: offer.id,
        purpose: `offer-closed:${offer.id}`,
      })),
    )
    if (told.length > 0) await wakeOthers(occasion, gapIds[0]!)
  }

  /** People who are free again may be the ones another search waits for. */
  async function wakeOthers(occasion: Occasion, gapId: string): Promise<void> {
    const { tx, now } = occasion
    const found = await gapFillingRepository(tx).findGap(gapId)
    const rootId = found!.unitPath.split('/')[1]!
    await advanceSoon(occasion, await searchesRepository(tx).waitingForPeople(rootId, now, MOST_WOKEN))
  }

  return {
    advanceSoon,
    startCascades,

    /** Opens a gap for each seat that is really empty and still to be served; one that is open already stays as it is. */
    async open(occasion: Occasion, vacancies: Vacancy[]): Promise<void> {
      if (vacancies.length === 0) return
      const { tx, now } = occasion
      const repository = gapFillingRepository(tx)
      const bySlot = new Map(vacancies.map((vacancy) => [vacancy.slotId, vacancy]))
      const empty = await repository.emptySeats([...bySlot.keys()], now)
      const endOf = new Map(empty.map((seat) => [seat.slotId, seat.endsAt]))
      const rows = empty.map((seat) => ({
        ...bySlot.get(seat.slotId)!,
        id: newId(),
        state: 'open' as const,
        openedAt: now,
      }))
      const opened = await repository.insertGaps(rows)
      await auditGaps(
        occasion,
        opened.map((gap) => gapEntry(gap)),
      )
      if (opened.length > 0) await news.record(gapsOpened, { gapIds: opened.map((gap) => gap.id) }, occasion)
      const errands = opened.map((gap) => ({ payload: { gapId: gap.id }, key: gap.id, dueAt: endOf.get(gap.slotId)! }))
      await schedule(tx, closeGap, errands, now)
      const fresh = new Set(opened.map((gap) => gap.slotId))
      const places = empty.filter((seat) => fresh.has(seat.slotId)).map((seat) => seat.unitPath)
      await summaries.expect(occasion, places)
      const searched = new Set(empty.filter((seat) => !seat.calledOut).map((seat) => seat.slotId))
      await startCascades(
        occasion,
        opened.filter((gap) => searched.has(gap.slotId)).map((gap) => gap.id),
      )
    },

    /** These seats have a holder now: their gaps are filled, and everybody else who was asked is thanked. */
    async fill(occasion: Occasion, slotIds: string[]): Promise<void> {
      if (slotIds.length === 0) return
      const { tx, now } = occasion
      const repository = gapFillingRepository(tx)
      for (const holder of await repository.holdersOfGaps(slotIds)) {
        const filled = await repository.endGaps([holder.slotId], {
          state: 'filled',
          closedAt: now,
          filledById: holder.id,
        })
        await auditGaps(
          occasion,
          filled.map((gap) => gapEntry(gap, 'open')),
        )
        const gapIds = filled.map((gap) => gap.id)
        if (gapIds.length > 0) await news.record(gapsFilled, { gapIds }, occasion)
        const reason = 'the seat is taken'
        const ending = { state: 'filled' as const, template: 'offer-filled', reason, holderId: holder.volunteerId }
        await endSearch(occasion, gapIds, ending)
        await escalations.close(occasion, gapIds)
      }
    },

    /** Nobody is looked for any more. */
    async close(occasion: Occasion, slotIds: string[], reason: string): Promise<void> {
      if (slotIds.length === 0) return
      const { tx, now } = occasion
      const closed = await gapFillingRepository(tx).endGaps(slotIds, { state: 'closed', closedAt: now })
      await auditGaps(
        occasion,
        closed.map((gap) => gapEntry(gap, 'open', reason)),
      )
      const gapIds = closed.map((gap) => gap.id)
      await endSearch(occasion, gapIds, { state: 'cancelled', template: 'offer-withdrawn', reason })
      await escalations.close(occasion, gapIds)
    },

    /** The search for a gap ends, and the gap stays open. */
    stopSearch: (occasion: Occasion, gapId: string, reason: string): Promise<void> =>
      endSearch(occasion, [gapId], { state: 'cancelled', template: 'offer-withdrawn', reason }),

    /** One offer ends otherwise than by acceptance, and the search goes on at once. */
    async endOffer(occasion: Occasion, offerId: string, state: OfferRow['state'], reason?: string): Promise<void> {
      const { tx, now } = occasion
      const [ended] = await offersRepository(tx).endOffers(eq(offers.id, offerId), state, now)
      if (!ended) return
      await auditGaps(occasion, [offerEntry(ended, 'open', reason)])
      await advanceSoon(occasion, [ended.cascadeId])
    },
  }
}

export type Gaps = ReturnType<typeof createGaps>
