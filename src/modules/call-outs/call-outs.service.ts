import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { GapFilling } from '../gap-filling/gap-filling.service.ts'
import type { messageFailed } from '../notifications/notifications.events.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { assignmentsMoved } from '../rosters/rosters.events.ts'
import { createAnswers } from './call-outs.answers.ts'
import { type CallingDeps, createCalling } from './call-outs.calling.ts'
import { follow } from './call-outs.following.ts'
import { advanceSoon, callEntry, type Held, holdCallOut } from './call-outs.holding.ts'
import { createOpening } from './call-outs.opening.ts'
import { callOutProblems } from './call-outs.problems.ts'
import { type CallOutAt, callOutsRepository } from './call-outs.repository.ts'
import type { CallList, CallOutList, CallOutReason, MorePeople, NewCallOut } from './call-outs.schemas.ts'
import { callOuts, calls } from './call-outs.tables.ts'
import type { CallOutTally } from './call-outs.types.ts'
import { callOutView, callView, tallyView } from './call-outs.views.ts'

export type CallOuts = ReturnType<typeof createCallOuts>

export interface CallOutsDeps extends CallingDeps {
  gapFilling: Pick<GapFilling, 'openGaps' | 'closeGaps'>
  assignments: Assignments
}

const MOST_PEOPLE = 500

/**
 * Urgent needs made by hand. Promises: the duties of a call-out count like all others and stand beside every plan, each
 * person is called once and by the same rules as for any gap, a crew is called as a whole, the first who say yes have
 * the seats, and whoever is responsible hears when nobody is left to call.
 */
export function createCallOuts(deps: CallOutsDeps) {
  const { db, clock, organisation, gapFilling, assignments } = deps
  const calling = createCalling(deps)
  const answers = createAnswers(deps)
  const opening = createOpening(deps)

  async function getCallOut(handle: Handle, actor: Actor, id: string): Promise<CallOutAt> {
    const found = await callOutsRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => callOutProblems.callOutUnknown(id))
    return found!
  }

  async function tally(handle: Handle, at: CallOutAt): Promise<CallOutTally> {
    const repository = callOutsRepository(handle)
    const [holders, rows] = await Promise.all([repository.holders(at.shift.id), repository.callsOf(at.callOut.id)])
    return tallyView(at, holders.length, rows)
  }

  async function show(handle: Handle, id: string) {
    const at = (await callOutsRepository(handle).find(id))!
    return { ...callOutView(at), tally: await tally(handle, at) }
  }

  async function hold(tx: Tx, actor: Actor, id: string): Promise<Held> {
    await getCallOut(tx, actor, id)
    const held = (await holdCallOut(tx, organisation, id))!
    if (held.at.callOut.state !== 'open') throw callOutProblems.notOpen(held.at.callOut.state)
    return held
  }

  async function addSeats(occasion: Occasion, { at }: Held, people: number): Promise<void> {
    const { tx } = occasion
    const { requirementId, role, rosterId, shiftId, wanted } = at.callOut
    if (wanted + people > MOST_PEOPLE) throw callOutProblems.tooMany()
    const repository = callOutsRepository(tx)
    const seats = await repository.slotsOf(shiftId)
    // Seats that a crew did not need are needed after all.
    const missing = Math.max(0, wanted + people - seats.length)
    const rows = Array.from({ length: missing }, (_, i) => ({
      id: newId(),
      shiftId,
      requirementId,
      role,
      seat: seats.length + i + 1,
      mandatory: true,
    }))
    if (rows.length > 0) await repository.insertSlots(rows)
    const free = [...seats.filter((slot) => !slot.held), ...rows].map((slot) => slot.id)
    await gapFilling.openGaps(
      occasion,
      free.map((slotId) => ({ rosterId, slotId, cause: 'hand' })),
    )
  }

  return {
    advance: calling.advance,
    openPage: answers.openPage,
    answerPage: answers.answerPage,

    async openCallOut(actor: Actor, input: z.output<typeof NewCallOut>) {
      return db.transaction(async (tx) => show(tx, await opening.open({ tx, actor, now: clock.now() }, input)))
    },

    showCallOut: async (actor: Actor, id: string) => show(db, (await getCallOut(db, actor, id)).callOut.id),

    async listCallOuts(actor: Actor, query: z.output<typeof CallOutList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await callOutsRepository(db).list(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.state ? eq(callOuts.state, query.state) : undefined,
        ],
        keyset(query, { createdAt: callOuts.createdAt }, callOuts.id),
      )
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.callOut.id })),
        (row) => row.callOut.createdAt,
        callOutView,
      )
    },

    /** Everybody called: who has read it, who comes, who has said nothing. */
    async listCalls(actor: Actor, id: string, query: z.output<typeof CallList>) {
      await getCallOut(db, actor, id)
      const rows = await callOutsRepository(db).listCalls(
        [
          eq(calls.callOutId, id),
          query.state ? eq(calls.state, query.state) : undefined,
          query.crewId ? eq(calls.crewId, query.crewId) : undefined,
          query.read === undefined ? undefined : query.read ? isNotNull(calls.readAt) : isNull(calls.readAt),
        ],
        keyset(query, { askedAt: calls.askedAt }, calls.id),
      )
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.call.id })),
        (row) => row.call.askedAt,
        callView,
      )
    },

    showTally: async (actor: Actor, id: string) => tally(db, await getCallOut(db, actor, id)),

    /** The tally again and again, whenever it has changed, until the call-out is over. The first comes at once. */
    async followTally(actor: Actor, id: string, signal: AbortSignal) {
      await getCallOut(db, actor, id)
      const read = async () => tally(db, (await callOutsRepository(db).find(id))!)
      return follow(read, (ms) => sleep(ms, undefined, { signal }).catch(() => {}), signal)
    },

    /** More people, from further places, or both. */
    async wantMore(actor: Actor, id: string, { people = 0, from = [] }: z.output<typeof MorePeople>) {
      return db.transaction(async (tx) => {
        const held = await hold(tx, actor, id)
        const found = findings()
        const tiers = await opening.tiersOf(tx, actor, held.at.unitPath, from, found)
        found.throwIfAny()
        const known = new Set(held.at.callOut.tiers.map((tier) => tier.id))
        const now = clock.now()
        const occasion = { tx, actor, now }
        if (people > 0) await addSeats(occasion, held, people)
        await callOutsRepository(tx).change(id, {
          wanted: held.at.callOut.wanted + people,
          tiers: [...held.at.callOut.tiers, ...tiers.filter((tier) => !known.has(tier.id))],
          shortAt: null,
          updatedAt: now,
        })
        await audit(tx, actor, now, {
          action: 'call-out.widened',
          subject: { type: 'call-out', id },
          unitId: held.at.callOut.unitId,
          facts: { people, from: tiers.map((tier) => tier.name) },
        })
        await advanceSoon(tx, id, now)
        return show(tx, id)
      })
    },

    /** The rest is not needed: nobody else is called, and who comes keeps the duty. */
    async end(actor: Actor, id: string, { reason }: z.output<typeof CallOutReason>) {
      return db.transaction(async (tx) => {
        const held = await hold(tx, actor, id)
        await calling.closeCallOut({ tx, actor, now: clock.now() }, held, 'ended', reason)
        return show(tx, id)
      })
    },

    /** All of it is called off: those who were coming are told, and their duties end. */
    async cancel(actor: Actor, id: string, { reason }: z.output<typeof CallOutReason>) {
      return db.transaction(async (tx) => {
        const held = await hold(tx, actor, id)
        const occasion = { tx, actor, now: clock.now() }
        const repository = callOutsRepository(tx)
        const duties = (await repository.holders(held.at.shift.id)).filter(
          ({ state }) => state === 'pending' || state === 'confirmed',
        )
        await assignments.move(occasion, {
          ids: duties.map((one) => one.id),
          to: 'cancelled',
          from: ['pending', 'confirmed'],
          reason,
          seatSettled: true,
        })
        await calling.closeCallOut(occasion, held, 'cancelled', reason)
        const serving = (await repository.holders(held.at.shift.id)).length > 0
        if (!serving) await repository.cancelShift(held.at.shift.id)
        return show(tx, id)
      })
    },

    /** Reaction: somebody who was coming does not, whichever way that came about; others are called. */
    async onAssignmentsMoved(
      payload: z.output<typeof assignmentsMoved.payload>,
      { tx, actor, now }: Occasion,
    ): Promise<void> {
      if (['confirmed', 'serving', 'completed'].includes(payload.to)) return
      const repository = callOutsRepository(tx)
      const left = await repository.callsFor(payload.moves.map((move) => move.assignmentId))
      for (const call of left.filter((one) => one.state === 'coming')) {
        const [row] = await repository.changeCalls(eq(calls.id, call.id), { state: 'withdrawn', decidedAt: now })
        const at = (await repository.find(call.callOutId))!
        await audit(tx, actor, now, callEntry(row!, at.callOut.unitId, 'coming', `the duty is ${payload.to}`))
        if (at.callOut.state === 'open') await advanceSoon(tx, call.callOutId, now)
      }
    },

    /** Reaction: whoever cannot be reached is not waited for. */
    async onMessageFailed(payload: z.output<typeof messageFailed.payload>, occasion: Occasion): Promise<void> {
      if (payload.template !== 'call-out') return
      const { tx, actor, now } = occasion
      const unreached = and(eq(calls.id, payload.subjectId), eq(calls.state, 'asked'))
      const [row] = await callOutsRepository(tx).changeCalls(unreached, { state: 'contact_error' })
      if (!row) return
      const { callOut } = (await callOutsRepository(tx).find(row.callOutId))!
      await audit(tx, actor, now, callEntry(row, callOut.unitId, 'asked', 'the message could not be delivered'))
      await advanceSoon(tx, callOut.id, now)
    },
  }
}
