import { and, eq, isNull, type SQL } from 'drizzle-orm'
import { audit } from '../../platform/audit/audit.ts'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks } from '../../platform/queue/tasks.ts'
import { addLocalDays } from '../../time/zones.ts'
import type { Crews } from '../crews/crews.service.ts'
import type { Echelons } from '../echelons/echelons.service.ts'
import { lookThrough } from '../gap-filling/gap-filling.candidates.ts'
import { gapFillingRepository } from '../gap-filling/gap-filling.repository.ts'
import type { GapFilling } from '../gap-filling/gap-filling.service.ts'
import type { EligibilityOracle } from '../gap-filling/gap-filling.types.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { callOutClosed, callOutShort } from './call-outs.events.ts'
import { advanceSoon, callEntry, type Held, holdCallOut } from './call-outs.holding.ts'
import { advanceCallOut } from './call-outs.jobs.ts'
import { type CallRow, callOutsRepository } from './call-outs.repository.ts'
import { answerBy, type CallStep, nextStep, waveOf } from './call-outs.rules.ts'
import { calls } from './call-outs.tables.ts'
import type { CallTier } from './call-outs.types.ts'

export interface CallingDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  echelons: Pick<Echelons, 'memberships'>
  crews: Pick<Crews, 'membersOn'>
  rosters: EligibilityOracle
  gapFilling: Pick<GapFilling, 'closeGaps'>
}

const ACTOR = worker(advanceCallOut.name)

/** Calls people, tier by tier, until enough come: load, decide (pure), apply; one transaction a turn. */
export function createCalling(deps: CallingDeps) {
  const { db, clock, news, organisation, notifications, echelons, crews, rosters, gapFilling } = deps

  async function membersOf(tx: Tx, { kind, id }: CallTier, on: string): Promise<string[]> {
    const repository = callOutsRepository(tx)
    if (kind === 'unit') return repository.peopleWithin(id)
    if (kind === 'crew') {
      const crew = await repository.findCrew(id)
      return [...new Set([...(crew?.leadId ? [crew.leadId] : []), ...(await crews.membersOn(tx, id, on))])]
    }
    const found = await repository.findEchelon(id)
    if (!found) return []
    const members = await echelons.memberships(tx, [found.setId], on, addLocalDays(on, 1))
    return [...new Set(members.filter((one) => one.echelonId === id).map((one) => one.volunteerId))]
  }

  /** Who of a tier can be called, best turn first, by the same look and the same rules as for any gap. */
  async function look(tx: Tx, { at, rows }: Held, tier: CallTier, room: number, now: Date) {
    const repository = callOutsRepository(tx)
    const known = new Set(rows.map((call) => call.volunteerId))
    const memberIds = (await membersOf(tx, tier, at.shift.localDay)).filter((id) => !known.has(id))
    const seats = await repository.slotsOf(at.shift.id)
    const free = seats.find((slot) => !slot.held) ?? seats[0]!
    const seat = (await gapFillingRepository(tx).findSeat(free.id))!
    const key = {
      echelonId: tier.kind === 'echelon' ? tier.id : null,
      unitId: tier.kind === 'unit' ? tier.id : null,
      widened: true,
    }
    const question = { seat, gapId: at.callOut.id, tier: { ...key, name: tier.name, memberIds }, room, now }
    return lookThrough(tx, rosters, question)
  }

  async function tell(occasion: Occasion, rows: CallRow[], template: string): Promise<void> {
    await notifications.notify(
      occasion,
      rows.map((call) => ({
        volunteerId: call.volunteerId,
        template,
        subjectId: call.id,
        purpose: `${template}:${call.id}`,
      })),
    )
  }

  /** Asks so many more of a tier; says how many were asked, and when somebody busy is free again. */
  async function call(occasion: Occasion, held: Held, step: CallStep & { kind: 'call' }) {
    const { tx, actor, now } = occasion
    const { callOut, shift } = held.at
    const tier = callOut.tiers[step.tier]!
    const isCrew = tier.kind === 'crew'
    const report = await look(tx, held, tier, step.room, now)
    const base = {
      callOutId: callOut.id,
      crewId: isCrew ? tier.id : null,
      tier: step.tier,
      wave: callOut.wave + 1,
      askedAt: now,
      answerBy: answerBy(shift, callOut.answerMinutes, held.policy, now),
    }
    const asked = report.askable
      .slice(0, step.room)
      .map((volunteerId) => ({ ...base, id: newId(), volunteerId, state: 'asked' as const }))
    const out = isCrew
      ? report.skipped.map((one) => ({
          ...base,
          id: newId(),
          volunteerId: one.volunteerId,
          state: 'passed_over' as const,
          because: one.rule,
        }))
      : []
    const made = await callOutsRepository(tx).insertCalls([...asked, ...out])
    await audit(tx, actor, now, ...made.map((row) => callEntry(row, callOut.unitId)))
    await tell(
      occasion,
      made.filter((row) => row.state === 'asked'),
      'call-out',
    )
    if (made.length > 0)
      held.at.callOut = await callOutsRepository(tx).change(callOut.id, { wave: base.wave, updatedAt: now })
    held.rows.push(...made)
    return { asked: made.filter((row) => row.state === 'asked').length, busyUntil: report.busyUntil, isCrew }
  }

  /** Those who have not answered need not any more; they hear so. */
  async function release(occasion: Occasion, held: Held, only: SQL | undefined, template: string, reason: string) {
    const { tx, actor, now } = occasion
    const open = and(eq(calls.callOutId, held.at.callOut.id), eq(calls.state, 'asked'), only)
    const closed = await callOutsRepository(tx).changeCalls(open, { state: 'closed' })
    await audit(tx, actor, now, ...closed.map((row) => callEntry(row, held.at.callOut.unitId, 'asked', reason)))
    await tell(occasion, closed, template)
  }

  /** Enough come: whoever was called one by one is thanked; a crew still has its time, as it comes whole. */
  async function beContent(occasion: Occasion, held: Held): Promise<void> {
    const { callOut } = held.at
    await release(occasion, held, isNull(calls.crewId), 'call-out-filled', 'enough people come')
    if (held.need.coming >= callOut.wanted) return
    const free = (await callOutsRepository(occasion.tx).slotsOf(callOut.shiftId)).filter((slot) => !slot.held)
    await gapFilling.closeGaps(
      occasion,
      free.map((slot) => slot.id),
      'the crew brings as many as it has to',
    )
  }

  /** The responsible people of the unit are told at once, those of the next level up a while later, and so on. */
  async function beShort(occasion: Occasion, { at, policy, need }: Held): Promise<void> {
    const { tx, actor, now } = occasion
    const { id, unitId } = at.callOut
    await callOutsRepository(tx).change(id, { shortAt: now, updatedAt: now })
    await audit(tx, actor, now, {
      action: 'call-out.short',
      subject: { type: 'call-out', id },
      unitId,
      facts: { missing: need.wanted - need.coming },
    })
    await news.record(callOutShort, { unitId, callOutId: id }, occasion)
    const chain = await gapFillingRepository(tx).chainAbove(at.unitPath)
    await notifications.notify(
      occasion,
      chain.map((chainUnitId, level) => ({
        unitId: chainUnitId,
        template: 'call-out-short',
        subjectId: id,
        purpose: `call-out-short:${id}:${now.getTime()}`,
        sendAfter: new Date(now.getTime() + level * policy.offerMinutes * 60_000),
      })),
    )
  }

  async function fallSilent(occasion: Occasion, held: Held): Promise<void> {
    const { tx, actor, now } = occasion
    const repository = callOutsRepository(tx)
    const late = await repository.changeCalls(repository.overdue(held.at.callOut.id, now), { state: 'silent' })
    await audit(
      tx,
      actor,
      now,
      ...late.map((row) => callEntry(row, held.at.callOut.unitId, 'asked', 'no answer in time')),
    )
    for (const row of late) held.rows.find((one) => one.id === row.id)!.state = 'silent'
  }

  /** People are missing again: whoever said yes too late is asked first, then those who were sent home without an answer. */
  async function callAgain(occasion: Occasion, held: Held): Promise<void> {
    const { tx, actor, now } = occasion
    const { wanted, coming } = held.need
    const room = waveOf(held.need, held.policy, now).size - held.rows.filter((row) => row.state === 'asked').length
    const waiting = ['spare', 'closed'].flatMap((state) => held.rows.filter((row) => row.state === state))
    if (coming >= wanted || room <= 0 || waiting.length === 0) return
    const answerAt = answerBy(held.at.shift, held.at.callOut.answerMinutes, held.policy, now)
    const again = await callOutsRepository(tx).askAgain(
      waiting.slice(0, room).map((row) => row.id),
      answerAt,
    )
    const stateOf = new Map(waiting.map((row) => [row.id, row.state]))
    await audit(
      tx,
      actor,
      now,
      ...again.map((row) => callEntry(row, held.at.callOut.unitId, stateOf.get(row.id), 'people are missing again')),
    )
    await notifications.notify(
      occasion,
      again.map((row) => ({
        volunteerId: row.volunteerId,
        template: 'call-out',
        subjectId: row.id,
        purpose: `call-out:${row.id}:${now.getTime()}`,
      })),
    )
    for (const row of again) Object.assign(held.rows.find((one) => one.id === row.id)!, row)
  }

  /** Steps until there is something to wait for. Returns when to look again. */
  async function goOn(occasion: Occasion, held: Held): Promise<Date | undefined> {
    const { tx, now } = occasion
    await callAgain(occasion, held)
    let done = held.at.callOut.tiersDone
    let busyUntil: Date | undefined
    const nextAnswer = () =>
      held.rows
        .filter((row) => row.state === 'asked')
        .map((row) => row.answerBy)
        .reduce<Date | undefined>((first, one) => (first && first < one ? first : one), undefined)
    for (;;) {
      const { tiers, shortAt } = held.at.callOut
      const step = nextStep(held.need, tiers, done, waveOf(held.need, held.policy, now))
      if (step.kind === 'content') {
        await beContent(occasion, held)
        return undefined
      }
      if (step.kind === 'wait') return nextAnswer()
      if (step.kind === 'short') {
        if (busyUntil) return busyUntil
        if (!shortAt) await beShort(occasion, held)
        return undefined
      }
      const called = await call(occasion, held, step)
      busyUntil = [busyUntil, called.busyUntil].filter((one) => one !== undefined).sort((a, b) => +a - +b)[0]
      if (called.asked >= step.room) continue
      // Somebody who is asked elsewhere may be free soon: the tier is not done with, but others may be called meanwhile.
      done += 1
      if (!called.busyUntil || called.isCrew)
        await callOutsRepository(tx).change(held.at.callOut.id, { tiersDone: done })
    }
  }

  return {
    release,

    /** The next turn of a call-out: answers that are overdue, people to call, or its end. May come at any time, and twice. */
    async advance(callOutId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        const held = await holdCallOut(tx, organisation, callOutId)
        if (held?.at.callOut.state !== 'open') return
        const occasion = { tx, actor: ACTOR, now }
        if (now >= held.at.shift.endsAt) return closeCallOut(occasion, held, 'ended', 'the time is over')
        await fallSilent(occasion, held)
        const again = (await goOn(occasion, held)) ?? held.at.shift.endsAt
        await advanceSoon(tx, callOutId, now, again < held.at.shift.endsAt ? again : held.at.shift.endsAt)
      })
    },

    closeCallOut,
  }

  /** Nobody is looked for any more. Who comes keeps the duty, unless all of it is called off. */
  async function closeCallOut(
    occasion: Occasion,
    held: Held,
    state: 'ended' | 'cancelled',
    reason: string,
  ): Promise<void> {
    const { tx, actor, now } = occasion
    const { callOut } = held.at
    const repository = callOutsRepository(tx)
    await repository.change(callOut.id, { state, endedAt: now, updatedAt: now })
    await audit(tx, actor, now, {
      action: `call-out.${state}`,
      subject: { type: 'call-out', id: callOut.id },
      unitId: callOut.unitId,
      from: callOut.state,
      to: state,
      reason,
    })
    await release(occasion, held, undefined, 'call-out-over', reason)
    const seats = await repository.slotsOf(callOut.shiftId)
    await gapFilling.closeGaps(
      occasion,
      seats.filter((slot) => !slot.held).map((slot) => slot.id),
      reason,
    )
    await cancelTasks(tx, advanceCallOut, [callOut.id], now)
    await news.record(callOutClosed, { unitId: callOut.unitId, callOutId: callOut.id }, occasion)
  }
}

export type Calling = ReturnType<typeof createCalling>
