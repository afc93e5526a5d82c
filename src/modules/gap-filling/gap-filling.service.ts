import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, ProblemError } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { messageFailed } from '../notifications/notifications.events.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { assignmentSeated, assignmentsMoved, rosterPublished } from '../rosters/rosters.events.ts'
import type { Override } from '../rosters/rosters.types.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import { createMemberBook } from './gap-filling.candidates.ts'
import { type CascadeDeps, createCascade } from './gap-filling.cascade.ts'
import { createGaps } from './gap-filling.gaps.ts'
import { closeGap } from './gap-filling.jobs.ts'
import { createOffers } from './gap-filling.offers.ts'
import { gapFillingProblems } from './gap-filling.problems.ts'
import { type GapRow, gapFillingRepository } from './gap-filling.repository.ts'
import { gapCauseOf, nextWave } from './gap-filling.rules.ts'
import type { CandidateQuery, FillGap, GapList } from './gap-filling.schemas.ts'
import { gaps as gapsTable } from './gap-filling.tables.ts'
import { candidatesView, gapDetailView, gapView } from './gap-filling.views.ts'
import { offersRepository } from './offers.repository.ts'

export type GapFilling = ReturnType<typeof createGapFilling>

export interface GapFillingDeps extends Omit<CascadeDeps, 'gaps'> {
  volunteers: Pick<Volunteers, 'getVolunteer'>
  assignments: Assignments
}

/**
 * Empty seats of published rosters and the search for somebody. Promises: a vacated seat that is still to be served
 * becomes one gap, the reserve is asked in order, nobody has two live offers, one acceptance wins and everybody else
 * is told, and whoever is responsible hears of a search that found nobody.
 */
export function createGapFilling(deps: GapFillingDeps) {
  const { db, clock, organisation, volunteers, rosters, echelons, assignments } = deps
  const gaps = createGaps(deps)
  const cascade = createCascade({ ...deps, gaps })
  const offers = createOffers({ ...deps, gaps })

  async function getGap(handle: Handle, actor: Actor, id: string): Promise<GapRow> {
    const found = await gapFillingRepository(handle).findGap(id)
    assertCovers(actor, found?.unitPath, () => gapFillingProblems.gapUnknown(id))
    return found!.gap
  }

  async function show(handle: Handle, id: string) {
    const repository = gapFillingRepository(handle)
    const { gap } = (await repository.findGap(id))!
    const seat = (await repository.findSeat(gap.slotId))!
    return gapDetailView(gap, seat, await repository.cascadesOf(id), await offersRepository(handle).offersOf(id))
  }

  /** The gap, held until the end of the transaction, with its seat. */
  async function lockOpenGap(tx: Tx, actor: Actor, id: string): Promise<GapRow> {
    const { slotId } = await getGap(tx, actor, id)
    await gapFillingRepository(tx).lockSlots([slotId])
    const gap = (await gapFillingRepository(tx).lockGap(id))!
    if (gap.state !== 'open') throw gapFillingProblems.notOpen(gap.state)
    return gap
  }

  async function knownVolunteer(tx: Tx, actor: Actor, id: string): Promise<void> {
    const found = findings()
    await volunteers.getVolunteer(actor, id, tx).catch((error) => {
      if (!(error instanceof ProblemError)) throw error
      found.add('/body/volunteerId', error.code, error.message)
    })
    found.throwIfAny()
  }

  /** Hard rules hold unless they may be set aside and are, by name and with a reason. */
  async function allowed(
    tx: Tx,
    actor: Actor,
    slotId: string,
    { volunteerId, override }: z.output<typeof FillGap>,
    now: Date,
  ): Promise<Override | null> {
    const [verdict] = await rosters.candidatesFor(tx, slotId, [volunteerId], now)
    if (!verdict) throw gapFillingProblems.notEligible([])
    const { failures } = verdict
    const standing = failures.filter(({ rule, overridable }) => !overridable || !override?.rules.includes(rule))
    if (standing.length > 0) throw gapFillingProblems.notEligible(standing)
    return failures.length > 0 ? { ...override!, by: `${actor.kind}:${actor.id}` } : null
  }

  return {
    advance: cascade.advance,
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
      await getGap(db, actor, id)
      return show(db, id)
    },

    /** Seats a person by hand; without their word it is a request, as nobody volunteers by force. */
    async fillGap(actor: Actor, id: string, input: z.output<typeof FillGap>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const gap = await lockOpenGap(tx, actor, id)
        await knownVolunteer(tx, actor, input.volunteerId)
        const override = await allowed(tx, actor, gap.slotId, input, now)
        const occasion = { tx, actor, now }
        await assignments.seatOne(occasion, gap.rosterId, {
          slotId: gap.slotId,
          volunteerId: input.volunteerId,
          source: 'hand',
          state: input.agreed ? 'confirmed' : 'pending',
          override,
          replacesId: gap.vacatedId,
        })
        await gaps.fill(occasion, [gap.slotId])
        return show(tx, id)
      })
    },

    /** Looks through the reserve anew, for whoever was not asked yet. */
    async restart(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const gap = await lockOpenGap(tx, actor, id)
        const searches = await gapFillingRepository(tx).cascadesOf(id)
        if (searches.some((search) => search.state === 'open')) throw gapFillingProblems.searchRuns()
        await gaps.startCascades({ tx, actor, now: clock.now() }, [gap.id])
        return show(tx, id)
      })
    },

    /** Who would be asked now, in which order and why; asks nobody. */
    async previewCandidates(actor: Actor, id: string, { limit }: z.output<typeof CandidateQuery>) {
      const gap = await getGap(db, actor, id)
      const now = clock.now()
      const seat = (await gapFillingRepository(db).findSeat(gap.slotId))!
      const policy = await organisation.policyOf({ path: seat.unitPath })
      const book = createMemberBook(echelons)
      const tiers = await cascade.look(db, book, { gap, seat }, limit, now, true)
      return candidatesView(nextWave(seat, policy, now), await book.open(db, seat, now), tiers)
    },
  }
}
