import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { JudgeAnswer } from '../../platform/auth/conspicuous.ts'
import type { Handle } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { messageFailed } from '../notifications/notifications.events.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { shiftsMoved, shiftsWithdrawn } from '../posts/posts.events.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { assignmentSeated, assignmentsMoved, rosterPublished } from '../rosters/rosters.events.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import { escalationsRepository } from './escalations.repository.ts'
import { createAwards } from './gap-filling.awards.ts'
import { type CascadeDeps, createCascade } from './gap-filling.cascade.ts'
import { createCommands } from './gap-filling.commands.ts'
import { createEscalations } from './gap-filling.escalations.ts'
import { createGaps } from './gap-filling.gaps.ts'
import { closeGap } from './gap-filling.jobs.ts'
import { createOffers } from './gap-filling.offers.ts'
import { createPreview } from './gap-filling.preview.ts'
import { gapFillingProblems } from './gap-filling.problems.ts'
import { type GapRow, gapFillingRepository } from './gap-filling.repository.ts'
import { gapCauseOf } from './gap-filling.rules.ts'
import type { GapList } from './gap-filling.schemas.ts'
import { createGapSummaries } from './gap-filling.summaries.ts'
import { gaps as gapsTable } from './gap-filling.tables.ts'
import { gapDetailView, gapView } from './gap-filling.views.ts'
import { hasConspicuous, offersRepository } from './offers.repository.ts'
import { searchesRepository } from './searches.repository.ts'

export type GapFilling = ReturnType<typeof createGapFilling>

export interface GapFillingDeps extends Omit<CascadeDeps, 'gaps' | 'award' | 'escalations'> {
  volunteers: Pick<Volunteers, 'getVolunteer'>
  assignments: Assignments
  judgeAnswer: JudgeAnswer
}

/**
 * Empty seats of published rosters and the search for somebody. Promises: a vacated seat that is still to be served
 * becomes one gap, the reserve is asked in order, nobody has two live offers, one acceptance wins and everybody else
 * is told, and whoever is responsible hears of a search that found nobody.
 */
export function createGapFilling(deps: GapFillingDeps) {
  const { db, clock } = deps
  const escalations = createEscalations(deps)
  const summaries = createGapSummaries(deps)
  const gaps = createGaps({ ...deps, escalations, summaries })
  const award = createAwards({ ...deps, gaps })
  const cascade = createCascade({ ...deps, gaps, award, escalations })
  const offers = createOffers({ ...deps, gaps, award })
  const preview = createPreview({ ...deps, cascade })

  async function getGap(handle: Handle, actor: Actor, id: string): Promise<GapRow> {
    const found = await gapFillingRepository(handle).findGap(id)
    assertCovers(actor, found?.unitPath, () => gapFillingProblems.gapUnknown(id))
    return found!.gap
  }

  const commands = createCommands({ ...deps, gaps, escalations, getGap })

  return {
    ...commands,
    ...preview,
    openGaps: gaps.open,
    closeGaps: gaps.close,
    advance: cascade.advance,
    climb: escalations.climb,
    summarise: summaries.summarise,
    expireWave: cascade.expireWave,
    openPage: offers.openPage,
    answerPage: offers.answerPage,

    /** Reaction: a seat that was left becomes a gap; one that its holder takes back is none any more. */
    async onAssignmentsMoved(payload: z.output<typeof assignmentsMoved.payload>, occasion: Occasion): Promise<void> {
      const back = payload.to === 'confirmed' ? payload.moves.filter((move) => move.from === 'declined') : []
      const cause = payload.seatSettled ? undefined : gapCauseOf(payload.to)
      const ids = (cause ? payload.moves : back).map((move) => move.assignmentId)
      if (ids.length === 0) return
      const left = await gapFillingRepository(occasion.tx).vacated(ids)
      if (cause)
        return gaps.open(
          occasion,
          left.map((one) => ({ ...one, cause })),
        )
      const slotIds = left.map((one) => one.slotId)
      return gaps.close(occasion, slotIds, 'the person who had declined comes after all')
    },

    /** Reaction: what a version leaves open is looked for, what it fills is no longer. */
    async onRosterPublished(payload: z.output<typeof rosterPublished.payload>, occasion: Occasion): Promise<void> {
      const { rosterId, seatedIds, openSlotIds } = payload
      const seated = await gapFillingRepository(occasion.tx).vacated(seatedIds)
      await gaps.fill(
        occasion,
        seated.map((one) => one.slotId),
      )
      await gaps.open(
        occasion,
        openSlotIds.map((slotId) => ({ rosterId, slotId, cause: 'unfilled' })),
      )
    },

    /** Reaction: somebody was seated by hand, by swap or by ourselves. */
    async onAssignmentSeated(payload: z.output<typeof assignmentSeated.payload>, occasion: Occasion): Promise<void> {
      const seated = await gapFillingRepository(occasion.tx).vacated([payload.assignmentId])
      await gaps.fill(
        occasion,
        seated.map((one) => one.slotId),
      )
    },

    /** Reaction: who was asked about another time is told that it is off, and the search begins anew. */
    async onShiftsMoved({ moves }: z.output<typeof shiftsMoved.payload>, occasion: Occasion): Promise<void> {
      const open = await gapFillingRepository(occasion.tx).openOn(moves.map((move) => move.shiftId))
      const slotIds = open.map((gap) => gap.slotId)
      await gaps.close(occasion, slotIds, 'the shift was moved')
      await gaps.open(occasion, open)
    },

    /** Reaction: what will not take place needs nobody. */
    async onShiftsWithdrawn({ shiftIds }: z.output<typeof shiftsWithdrawn.payload>, occasion: Occasion): Promise<void> {
      const open = await gapFillingRepository(occasion.tx).openOn(shiftIds)
      const slotIds = open.map((gap) => gap.slotId)
      await gaps.close(occasion, slotIds, 'the shift will not take place')
    },

    /** Reaction: an offer that cannot be delivered counts against nobody, and the next is asked. */
    async onMessageFailed(payload: z.output<typeof messageFailed.payload>, occasion: Occasion): Promise<void> {
      if (payload.template !== 'offer') return
      await gaps.endOffer(occasion, payload.subjectId, 'contact_error', 'the message could not be delivered')
    },

    /** The shift is over: nobody is looked for any more. */
    async closeWhenOver(gapId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const gap = await gapFillingRepository(tx).lockGap(gapId)
        if (gap?.state !== 'open') return
        await gaps.close({ tx, actor: worker(closeGap.name), now }, [gap.slotId], 'the shift is over')
      })
    },

    async listGaps(actor: Actor, query: z.output<typeof GapList>) {
      const repository = gapFillingRepository(db)
      const rows = await repository.listGaps(
        [
          withinPath(actor.unitPath),
          query.rosterId ? eq(gapsTable.rosterId, query.rosterId) : undefined,
          query.state ? eq(gapsTable.state, query.state) : undefined,
          query.conspicuous === undefined ? undefined : hasConspicuous(db, query.conspicuous),
        ],
        keyset(query, { openedAt: gapsTable.openedAt }, gapsTable.id),
      )
      const found = rows.map((row) => row.gap)
      const seats = new Map(
        (await repository.seatsOf(found.map((gap) => gap.slotId))).map((seat) => [seat.slotId, seat]),
      )
      return toPage(
        query,
        found,
        (gap: GapRow) => gap.openedAt,
        (gap) => gapView(gap, seats.get(gap.slotId)!),
      )
    },

    async showGap(actor: Actor, id: string) {
      const gap = await getGap(db, actor, id)
      const cascades = await searchesRepository(db).cascadesOf(id)
      const asked = await offersRepository(db).offersOf(id)
      return gapDetailView({
        gap,
        seat: (await gapFillingRepository(db).findSeat(gap.slotId))!,
        cascades,
        offers: asked,
        telling: await offersRepository(db).tellingOf(asked.map((offer) => offer.id)),
        skips: await searchesRepository(db).skipsOf(cascades.map((one) => one.id)),
        escalations: await escalationsRepository(db).listOf(id),
      })
    },
  }
}
