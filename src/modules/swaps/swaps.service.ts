import { eq, or } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, covers, worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import { replaceLinks } from '../../platform/auth/links.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { assignmentsMoved } from '../rosters/rosters.events.ts'
import { assignments as assignmentsTable } from '../rosters/rosters.tables.ts'
import type { Volunteers } from '../volunteers/volunteers.service.ts'
import { peopleRepository } from './people.repository.ts'
import { createBoard, type SwapShown } from './swaps.board.ts'
import { createDealing, type DealingDeps, type HeldSwap } from './swaps.dealing.ts'
import { expireSwap, remindSwap } from './swaps.jobs.ts'
import { swapProblems } from './swaps.problems.ts'
import { type SwapRow, swapsRepository } from './swaps.repository.ts'
import { createRooms } from './swaps.rooms.ts'
import { nextReminder } from './swaps.rules.ts'
import type { ApproveSwap, NewSwap, SwapLinks, SwapList, TakeSwap } from './swaps.schemas.ts'
import { isPending } from './swaps.states.ts'
import { swaps } from './swaps.tables.ts'
import { boardView, swapDetailView, swapView } from './swaps.views.ts'

export type Swaps = ReturnType<typeof createSwaps>

export interface SwapsDeps extends Foundations, DealingDeps {
  volunteers: Pick<Volunteers, 'getVolunteer'>
}

const MOST_ON_BOARD = 20

/**
 * Duties that change hands by the word of both. Promises: the first holder is responsible until the swap is applied, all
 * rules are asked when it is asked for, taken and applied, every one that fails is named, of many takers one wins, and
 * both duties change in one transaction or neither does.
 */
export function createSwaps(deps: SwapsDeps) {
  const { db, clock, organisation, notifications, rosters } = deps
  const dealing = createDealing(deps)
  const board = createBoard({ clock, rosters })
  const rooms = createRooms({ ...deps, dealing, board })

  /** A swap of a roster the actor may see. */
  async function getSwap(handle: Handle, actor: Actor, id: string): Promise<SwapRow> {
    const swap = await swapsRepository(handle).find(id)
    const unit = swap && (await swapsRepository(handle).unitOf(swap.assignmentId))
    assertCovers(actor, unit?.path, () => swapProblems.swapUnknown(id))
    return swap!
  }

  async function show(handle: Handle, id: string) {
    const repository = swapsRepository(handle)
    const swap = (await repository.find(id))!
    const [shown] = await board.showAll(handle, [swap])
    return swapDetailView(shown!, await repository.answersOf(id), await repository.historyOf(id))
  }

  /** Does something to a swap that is held, and shows what has become of it. */
  const change = (
    actor: Actor,
    id: string,
    work: (occasion: Occasion, held: HeldSwap) => Promise<unknown>,
    returnId?: string | null,
  ) =>
    db.transaction(async (tx) => {
      await getSwap(tx, actor, id)
      const occasion = { tx, actor, now: clock.now() }
      await work(occasion, (await dealing.hold(occasion, id, returnId))!)
      return show(tx, id)
    })

  /** All ids of a request that name nothing the actor may see. */
  async function checkNames(
    tx: Tx,
    actor: Actor,
    { assignmentId, askedId, returnId }: z.output<typeof NewSwap>,
  ): Promise<void> {
    const repository = swapsRepository(tx)
    const found = findings()
    const duties = await repository.findDuties([assignmentId, ...(returnId ? [returnId] : [])])
    for (const [field, id] of Object.entries({ assignmentId, returnId })) {
      const duty = duties.find((one) => one.id === id)
      if (id && !(duty && covers(actor, duty.unitPath))) {
        found.add(`/body/${field}`, 'assignment-unknown', `There is no assignment ${id} that you may see.`)
      }
    }
    const person = askedId ? await peopleRepository(tx).findPerson(askedId) : undefined
    if (askedId && !(person && covers(actor, person.unitPath))) {
      found.add('/body/askedId', 'volunteer-unknown', `There is no volunteer ${askedId} that you may see.`)
    }
    found.throwIfAny()
  }

  return {
    openPage: rooms.openPage,
    answerPage: rooms.answerPage,
    swapEntry: rooms.swapEntry,

    /** Reaction: a duty that leaves its holder otherwise, or begins, takes the swaps about it along. */
    async onAssignmentsMoved(payload: z.output<typeof assignmentsMoved.payload>, occasion: Occasion): Promise<void> {
      const ids = payload.moves.filter((move) => move.from === 'confirmed').map((move) => move.assignmentId)
      if (ids.length === 0) return
      const begun = payload.to === 'serving'
      for (const swap of await swapsRepository(occasion.tx).lockPendingOn(ids)) {
        const reason = begun ? 'the duty has begun' : 'the duty was taken from its holder'
        await dealing.end(occasion, swap, begun ? 'expired' : 'rejected', reason)
      }
    },

    /** A swap has waited long enough, for a taker or for approval. */
    async expire(swapId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const swap = await swapsRepository(tx).lock(swapId)
        if (!swap || !isPending(swap.state)) return
        const errand = { payload: { swapId }, key: swapId, dueAt: swap.waitsUntil }
        if (now < swap.waitsUntil) return schedule(tx, expireSwap, errand, now)
        const reason = swap.state === 'open' ? 'nobody had taken it when the duty began' : 'no approval came in time'
        await dealing.end({ tx, actor: worker(expireSwap.name), now }, swap, 'expired', reason)
      })
    },

    /** Whoever can still do something about an open swap hears of it again. */
    async remind(swapId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const repository = swapsRepository(tx)
        const swap = await repository.lock(swapId)
        if (swap?.state !== 'open' || now >= swap.waitsUntil) return
        const policy = await organisation.policyOf((await repository.unitOf(swap.assignmentId))!, tx)
        const template = swap.askedId ? 'swap-reminder' : 'swap-still-open'
        const dueAt = nextReminder(swap.waitsUntil, now, policy)
        // Run again before the next one is due, it is the same reminder.
        const purpose = `${template}:${swapId}:${dueAt?.getTime() ?? 'last'}`
        const message = { volunteerId: swap.askedId ?? swap.askerId, template, subjectId: swapId, purpose }
        await notifications.notify({ tx, actor: worker(remindSwap.name), now }, [message])
        if (dueAt) await schedule(tx, remindSwap, { payload: { swapId }, key: swapId, dueAt }, now)
      })
    },

    async listSwaps(actor: Actor, query: z.output<typeof SwapList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const { volunteerId } = query
      const rows = await swapsRepository(db).list(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.state ? eq(swaps.state, query.state) : undefined,
          query.kind ? eq(swaps.kind, query.kind) : undefined,
          query.rosterId ? eq(assignmentsTable.rosterId, query.rosterId) : undefined,
          query.assignmentId
            ? or(eq(swaps.assignmentId, query.assignmentId), eq(swaps.returnId, query.assignmentId))
            : undefined,
          volunteerId
            ? or(eq(swaps.askerId, volunteerId), eq(swaps.askedId, volunteerId), eq(swaps.takerId, volunteerId))
            : undefined,
        ],
        keyset(query, { createdAt: swaps.createdAt, waitsUntil: swaps.waitsUntil }, swaps.id),
      )
      const shownOf = new Map((await board.showAll(db, rows)).map((shown) => [shown.swap.id, shown]))
      return toPage(
        query,
        rows,
        (row, sort) => (sort === 'waitsUntil' ? row.waitsUntil : row.createdAt),
        (row) => swapView(shownOf.get(row.id) as SwapShown),
      )
    },

    async showSwap(actor: Actor, id: string) {
      await getSwap(db, actor, id)
      return show(db, id)
    },

    /** Asks in the name of whoever holds the duty. */
    async createSwap(actor: Actor, input: z.output<typeof NewSwap>) {
      return db.transaction(async (tx) => {
        await checkNames(tx, actor, input)
        const [duty] = await swapsRepository(tx).findDuties([input.assignmentId])
        const part = input.part && { startsAt: new Date(input.part.startsAt), endsAt: new Date(input.part.endsAt) }
        const request = { ...input, part, askerId: duty!.volunteerId }
        const swap = await dealing.ask({ tx, actor, now: clock.now() }, request)
        return show(tx, swap.id)
      })
    },

    /** An organizer writes down that somebody takes it. */
    acceptSwap: (actor: Actor, id: string, { volunteerId, returnId }: z.output<typeof TakeSwap>) =>
      change(
        actor,
        id,
        async (occasion, held) => {
          await deps.volunteers.getVolunteer(actor, volunteerId, occasion.tx)
          const hindrances = await dealing.accept(occasion, held, volunteerId)
          if (hindrances.length > 0) throw swapProblems.hindered(hindrances, held.swap.askerId)
        },
        returnId,
      ),

    approveSwap: (actor: Actor, id: string, wish: z.output<typeof ApproveSwap>) =>
      change(actor, id, (occasion, held) => dealing.approve(occasion, held, wish)),

    rejectSwap: (actor: Actor, id: string, { reason }: { reason: string }) =>
      change(actor, id, (occasion, { swap }) => dealing.end(occasion, swap, 'rejected', reason)),

    withdrawSwap: (actor: Actor, id: string, { reason }: { reason?: string | undefined }) =>
      change(actor, id, (occasion, { swap }) => dealing.end(occasion, swap, 'withdrawn', reason)),

    /** What a person may take. */
    async showBoard(actor: Actor, volunteerId: string) {
      await deps.volunteers.getVolunteer(actor, volunteerId)
      const person = (await peopleRepository(db).findPerson(volunteerId))!
      return boardView(await board.boardFor(db, person, MOST_ON_BOARD))
    },

    /** Sends people a new link to their duties and the board; earlier ones are replaced by it. */
    async sendLinks(actor: Actor, { volunteerIds }: z.output<typeof SwapLinks>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const people = [...new Set(volunteerIds)].sort()
        const found = findings()
        for (const id of people) {
          await deps.volunteers.getVolunteer(actor, id, tx).catch((error: Error) => {
            found.add(`/body/volunteerIds/${volunteerIds.indexOf(id)}`, 'volunteer-unknown', error.message)
          })
        }
        found.throwIfAny()
        for (const id of people) await replaceLinks(tx, 'swap', id, now)
        await notifications.notify(
          { tx, actor, now },
          people.map((id) => ({
            volunteerId: id,
            template: 'swap-board',
            subjectId: id,
            purpose: `swap-board:${now.getTime()}`,
          })),
        )
        return { sent: people.length }
      })
    },
  }
}
