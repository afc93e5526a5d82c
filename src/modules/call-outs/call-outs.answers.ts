import { eq } from 'drizzle-orm'
import { audit } from '../../platform/audit/audit.ts'
import { linkHolder } from '../../platform/auth/actor.ts'
import { findLink, holdLink } from '../../platform/auth/links.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { refusedBy } from '../../platform/db/errors.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import type { Assignments } from '../rosters/rosters.assignments.ts'
import type { CallingDeps } from './call-outs.calling.ts'
import { callAnswered } from './call-outs.events.ts'
import { advanceSoon, callEntry, type Held, holdCallOut } from './call-outs.holding.ts'
import { type CallOutAt, type CallRow, callOutsRepository } from './call-outs.repository.ts'
import { answersOf, type CallAnswer, type CallStanding, type CallState, standingOf } from './call-outs.rules.ts'
import { calls } from './call-outs.tables.ts'

type Deps = Omit<CallingDeps, 'gapFilling'> & { assignments: Assignments }

/** What the holder of a call's link is shown. */
export interface CallPage {
  locale: Locale
  name: string
  at: CallOutAt
  answerBy: Date
  read: boolean
  standing: CallStanding
  answers: CallAnswer[]
  coming: number
  /** For the lead of a crew: how the crew has answered. */
  crew: { name: string; members: { name: string; state: CallState; read: boolean }[] } | undefined
}

const PROMISES = ['assignments_one_live_per_slot', 'assignments_nobody_at_two_posts']

/** Answers to calls: the first who say yes have the seats, of a crew everybody who has. Looking changes nothing. */
export function createAnswers(deps: Deps) {
  const { db, clock, news, organisation, notifications, rosters, assignments } = deps

  type Called = NonNullable<Awaited<ReturnType<ReturnType<typeof callOutsRepository>['findCall']>>>

  function standing({ call, duty }: Called, { at, coming }: { at: CallOutAt; coming: number }, now: Date) {
    const stillNeeded = Math.max(0, at.callOut.wanted - coming)
    const facts = {
      startsAt: at.shift.startsAt,
      endsAt: at.shift.endsAt,
      callOut: at.callOut.state,
      call: call.state,
      duty,
      stillNeeded,
      wholeCrew: call.crewId !== null && now < call.answerBy,
    }
    const how = standingOf(facts, now)
    return { how, answers: answersOf(how, { read: call.readAt !== null, missing: stillNeeded > 0 }) }
  }

  async function seatFor(tx: Tx, { at }: Held): Promise<string> {
    const repository = callOutsRepository(tx)
    const seats = await repository.slotsOf(at.shift.id)
    const free = seats.find((slot) => !slot.held)
    if (free) return free.id
    // A crew comes whole, also where it is larger than what was asked for.
    const { requirementId, role } = at.callOut
    const slot = { id: newId(), shiftId: at.shift.id, requirementId, role, seat: seats.length + 1, mandatory: false }
    await repository.insertSlots([slot])
    return slot.id
  }

  async function change(occasion: Occasion, held: Held, call: CallRow, changes: Partial<CallRow>, reason?: string) {
    const { tx, actor, now } = occasion
    const readAt = call.readAt ?? now
    const [row] = await callOutsRepository(tx).changeCalls(eq(calls.id, call.id), {
      readAt,
      decidedAt: now,
      ...changes,
    })
    await audit(tx, actor, now, callEntry(row!, held.at.callOut.unitId, call.state, reason))
    await news.record(callAnswered, { callOutId: call.callOutId, callId: call.id }, occasion)
    await advanceSoon(tx, call.callOutId, now)
  }

  async function come(occasion: Occasion, held: Held, call: CallRow): Promise<void> {
    const { tx, now } = occasion
    const slotId = await seatFor(tx, held)
    const [verdict] = await rosters.candidatesFor(tx, slotId, [call.volunteerId], now)
    if (verdict?.failures.length !== 0) {
      const because = verdict?.failures.map((failure) => failure.rule).join(', ') ?? 'no longer a member'
      return change(occasion, held, call, { state: 'passed_over', because }, `no longer eligible: ${because}`)
    }
    const row = await assignments.seatOne(occasion, held.at.callOut.rosterId, {
      slotId,
      volunteerId: call.volunteerId,
      source: 'cascade',
      state: 'confirmed',
    })
    await change(occasion, held, call, { state: 'coming', assignmentId: row.id })
    await notifications.notify(occasion, [
      {
        volunteerId: call.volunteerId,
        template: 'call-out-coming',
        subjectId: call.id,
        purpose: `call-out-coming:${row.id}`,
      },
    ])
  }

  async function apply(occasion: Occasion, held: Held, called: Called, answer: CallAnswer): Promise<unknown> {
    const { call } = called
    const { tx, actor, now } = occasion
    const { how, answers } = standing(called, { at: held.at, coming: held.need.coming }, now)
    if (answer === 'read' || !answers.includes(answer)) {
      const read = await callOutsRepository(tx).noteRead(call.id, now)
      // Too late to come, and yet worth knowing: whoever would have come is asked first when somebody drops out.
      if (answer === 'coming' && how === 'enough') return change(occasion, held, call, { state: 'spare' })
      const entry = { ...callEntry(call, held.at.callOut.unitId), action: 'call.read', to: call.state }
      return audit(tx, actor, now, ...read.map(() => entry))
    }
    if (answer === 'coming') return come(occasion, held, call)
    if (answer === 'not_coming') return change(occasion, held, call, { state: 'not_coming' })
    await assignments.move(occasion, { ids: [call.assignmentId!], to: 'withdrawn', from: ['confirmed'] })
  }

  async function openCall(handle: Handle, secret: string, now: Date) {
    const link = await findLink(handle, secret, 'callout', now)
    const called = link && (await callOutsRepository(handle).findCall(link.subjectId))
    return called?.call.volunteerId === link?.volunteerId && called ? { link: link!, called } : undefined
  }

  return {
    /** What the page behind a link shows; undefined for links that are unknown, expired or revoked. Changes nothing. */
    async openPage(secret: string): Promise<CallPage | undefined> {
      const now = clock.now()
      const opened = await openCall(db, secret, now)
      if (!opened) return undefined
      const { call, name, locale, crew } = opened.called
      const repository = callOutsRepository(db)
      const at = (await repository.find(call.callOutId))!
      const coming = (await repository.holders(at.shift.id)).length
      const { how, answers } = standing(opened.called, { at, coming }, now)
      const leads = crew !== null && crew.leadId === call.volunteerId
      const members = leads ? await repository.crewAnswers(call.callOutId, crew.id) : []
      return {
        locale,
        name,
        at,
        answerBy: call.answerBy,
        read: call.readAt !== null,
        standing: call.state === 'spare' ? 'enough' : how,
        answers,
        coming,
        crew: leads
          ? { name: crew.name, members: members.map((one) => ({ ...one, read: one.readAt !== null })) }
          : undefined,
      }
    },

    /** Takes an answer; false for a dead link. What cannot be done (any more) changes nothing: the page tells. */
    async answerPage(secret: string, answer: CallAnswer, requestId: string): Promise<boolean> {
      const take = async (tx: Tx): Promise<boolean> => {
        const now = clock.now()
        const link = await holdLink(tx, secret, 'callout', now)
        const early = link && (await callOutsRepository(tx).findCall(link.subjectId))
        if (!early || early.call.volunteerId !== link.volunteerId) return false
        const held = (await holdCallOut(tx, organisation, early.call.callOutId))!
        const called = (await callOutsRepository(tx).findCall(link.subjectId))!
        await apply({ tx, actor: linkHolder(link.id, requestId), now }, held, called, answer)
        return true
      }
      try {
        return await db.transaction(take)
      } catch (error) {
        if (PROMISES.includes(refusedBy(error) ?? '')) return true
        throw error
      }
    },
  }
}
