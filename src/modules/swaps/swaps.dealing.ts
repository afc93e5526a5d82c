import { audit } from '../../platform/audit/audit.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { findings } from '../../platform/http/problem.ts'
import type { News, Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import { earlier, type Interval } from '../../time/intervals.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { Override } from '../rosters/rosters.types.ts'
import { type ApplyingDeps, createApplying } from './swaps.applying.ts'
import { type Deal, hindrancesOf, partOf } from './swaps.eligibility.ts'
import { swapChanged } from './swaps.events.ts'
import { expireSwap, remindSwap } from './swaps.jobs.ts'
import { swapProblems } from './swaps.problems.ts'
import { type SwapRow, swapsRepository } from './swaps.repository.ts'
import {
  approvalDeadline,
  dutyFaults,
  type Fault,
  needsApproval,
  nextReminder,
  stepsOf,
  wishFaults,
} from './swaps.rules.ts'
import { mayBecome, type SwapState } from './swaps.states.ts'
import type { Hindrance, SwapKind, TakeoverOracle } from './swaps.types.ts'

export interface DealingDeps extends ApplyingDeps {
  news: News
  organisation: Organisation
  notifications: Notifications
  rosters: TakeoverOracle
}

export interface Request {
  kind: SwapKind
  assignmentId: string
  askerId: string
  askedId?: string | null | undefined
  returnId?: string | null | undefined
  part?: Interval | null | undefined
  note?: string | null | undefined
}

/** What a swap is about, while its duties and itself are held by the transaction. */
export interface HeldSwap {
  swap: SwapRow
  deal: Deal
}

export type Dealing = ReturnType<typeof createDealing>

const refuse = (faults: Fault[]): void => {
  const found = findings()
  for (const { field, code, detail } of faults) found.add(`/body/${field}`, code, detail)
  found.throwIfAny()
}

/** The life of a swap, whoever moves it: an organizer, a person behind a link or the passing of time. */
export function createDealing(deps: DealingDeps) {
  const { news, organisation, notifications, rosters } = deps
  const apply = createApplying(deps)

  const policyOf = async (handle: Handle, assignmentId: string) =>
    organisation.policyOf((await swapsRepository(handle).unitOf(assignmentId))!, handle)

  async function change(
    occasion: Occasion,
    before: SwapRow,
    to: SwapState,
    changes: Partial<SwapRow> = {},
    reason?: string,
  ): Promise<SwapRow> {
    if (!mayBecome(before.state, to)) throw swapProblems.notPossibleNow(before.state, to)
    const { tx, actor, now } = occasion
    const swap = await swapsRepository(tx).update(before.id, { ...changes, state: to })
    const unit = await swapsRepository(tx).unitOf(swap.assignmentId)
    const { askerId, takerId } = swap
    await audit(tx, actor, now, {
      action: `swap.${to}`,
      subject: { type: 'swap', id: swap.id },
      unitId: unit!.id,
      from: before.state,
      to,
      reason,
      facts: { askerId, takerId },
    })
    await news.record(swapChanged, { swapId: swap.id, to }, occasion)
    return swap
  }

  const tell = (occasion: Occasion, template: string, swap: SwapRow, people: (string | null | undefined)[]) =>
    notifications.notify(
      occasion,
      [...new Set(people)].flatMap((volunteerId) =>
        volunteerId ? [{ volunteerId, template, subjectId: swap.id, purpose: `${template}:${swap.id}` }] : [],
      ),
    )

  async function startTimers({ tx, now }: Occasion, swap: SwapRow): Promise<void> {
    const errand = { payload: { swapId: swap.id }, key: swap.id }
    await schedule(tx, expireSwap, { ...errand, dueAt: swap.waitsUntil }, now)
    const due = swap.state === 'open' && nextReminder(swap.waitsUntil, now, await policyOf(tx, swap.assignmentId))
    if (due) await schedule(tx, remindSwap, { ...errand, dueAt: due }, now)
    else await cancelTasks(tx, remindSwap, [swap.id], now)
  }

  /** Comes to an end without being applied; the duties stay with whoever holds them. */
  async function end(
    occasion: Occasion,
    before: SwapRow,
    to: 'rejected' | 'expired' | 'withdrawn',
    reason?: string,
  ): Promise<SwapRow> {
    const { tx, now } = occasion
    const swap = await change(occasion, before, to, { endedAt: now, reason: reason ?? null }, reason)
    await cancelTasks(tx, expireSwap, [swap.id], now)
    await cancelTasks(tx, remindSwap, [swap.id], now)
    const other = swap.takerId ?? swap.askedId
    await tell(occasion, 'swap-over', swap, to === 'withdrawn' ? [other] : [swap.askerId, other])
    return swap
  }

  /** Loads a swap and holds it with its duties, `returnId` among them when the taker names it now. */
  async function hold({ tx }: Occasion, id: string, returnId?: string | null): Promise<HeldSwap | undefined> {
    const repository = swapsRepository(tx)
    const seen = await repository.find(id)
    if (!seen) return undefined
    const returnedId = seen.returnId ?? returnId
    await repository.lockDuties([seen.assignmentId, ...(returnedId ? [returnedId] : [])])
    const swap = (await repository.lock(id))!
    const wanted = swap.kind === 'trade' ? (swap.returnId ?? returnedId) : null
    const duties = await repository.findDuties([swap.assignmentId, ...(wanted ? [wanted] : [])])
    const dutyOf = (dutyId: string | null | undefined) => duties.find((one) => one.id === dutyId)
    const deal = { kind: swap.kind, duty: dutyOf(swap.assignmentId)!, returned: dutyOf(wanted), part: partOf(swap) }
    return { swap, deal }
  }

  /** The duties as they stand now against the deal; a trade needs to know what is given in return. */
  function dealFaults({ swap, deal }: HeldSwap, takerId: string, now: Date): Fault[] {
    const faults = dutyFaults('assignmentId', deal.duty, swap.askerId, now)
    if (swap.kind !== 'trade') return faults
    if (deal.returned) return [...faults, ...dutyFaults('returnId', deal.returned, takerId, now)]
    const detail = 'Say which of your duties you give in return.'
    return [...faults, { field: 'returnId', code: 'return-needed', detail }]
  }

  async function carryOut(
    occasion: Occasion,
    before: SwapRow,
    deal: Deal,
    override: Override | null,
  ): Promise<SwapRow> {
    const { tx, now } = occasion
    const swap = await change(occasion, before, 'applied', { endedAt: now, override })
    await cancelTasks(tx, expireSwap, [swap.id], now)
    await cancelTasks(tx, remindSwap, [swap.id], now)
    const touched = [deal.duty.id, ...(deal.returned ? [deal.returned.id] : [])]
    const others = await swapsRepository(tx).lockPendingOn(touched)
    for (const other of others) await end(occasion, other, 'rejected', 'the duty has changed hands by another swap')
    await apply(occasion, deal, swap.takerId!, override)
    await tell(occasion, 'swap-applied', swap, [swap.askerId, swap.takerId])
    return swap
  }

  return {
    end,
    hold,
    startTimers,

    /** Puts the question, to one person or on the board. Throws with all that is wrong with it. */
    async ask(occasion: Occasion, request: Request): Promise<SwapRow> {
      const { tx, actor, now } = occasion
      const { kind, assignmentId, askerId, askedId = null, returnId = null, part, note = null } = request
      const repository = swapsRepository(tx)
      await repository.lockDuties([assignmentId, ...(returnId ? [returnId] : [])])
      const duties = await repository.findDuties([assignmentId, ...(returnId ? [returnId] : [])])
      const dutyOf = (id: string | null) => duties.find((one) => one.id === id)
      const [duty, returned] = [dutyOf(assignmentId)!, dutyOf(returnId)]
      refuse(wishFaults({ kind, askerId, askedId, part }, duty, returned, now))
      if (askedId && (kind !== 'trade' || returned)) {
        const hindrances = await hindrancesOf(tx, rosters, { kind, duty, returned, part: part ?? undefined }, askedId)
        if (hindrances.length > 0) throw swapProblems.hindered(hindrances, askerId)
      }
      const swap = await repository.insert({
        id: newId(),
        kind,
        state: 'open',
        assignmentId,
        askerId,
        askedId,
        returnId,
        coverStartsAt: part?.startsAt ?? null,
        coverEndsAt: part?.endsAt ?? null,
        note,
        waitsUntil: returned ? earlier(duty.startsAt, returned.startsAt) : duty.startsAt,
        createdAt: now,
      })
      await audit(tx, actor, now, {
        action: 'swap.opened',
        subject: { type: 'swap', id: swap.id },
        unitId: duty.rosterUnitId,
        to: 'open',
        facts: { kind, assignmentId, askerId, askedId },
      })
      await news.record(swapChanged, { swapId: swap.id, to: 'open' }, occasion)
      await startTimers(occasion, swap)
      await tell(occasion, 'swap-asked', swap, [askedId])
      return swap
    },

    /**
     * Somebody takes it: carried out at once, or held for approval. Rules that stand in the way are noted and come back;
     * whatever else forbids it is thrown.
     */
    async accept(occasion: Occasion, held: HeldSwap, takerId: string): Promise<Hindrance[]> {
      const { tx, now } = occasion
      const { swap, deal } = held
      const repository = swapsRepository(tx)
      if (!stepsOf(swap, takerId, now).includes('accept')) throw swapProblems.notPossibleNow(swap.state, 'accepted')
      refuse(dealFaults(held, takerId, now))
      const hindrances = await hindrancesOf(tx, rosters, deal, takerId)
      const answer = hindrances.length > 0 ? ('hindered' as const) : ('accepted' as const)
      await repository.insertAnswer({
        id: newId(),
        swapId: swap.id,
        volunteerId: takerId,
        answer,
        hindrances,
        answeredAt: now,
      })
      if (answer === 'hindered') return hindrances
      const firstStart = deal.returned ? earlier(deal.duty.startsAt, deal.returned.startsAt) : deal.duty.startsAt
      const policy = await policyOf(tx, swap.assignmentId)
      const waits = needsApproval(firstStart, now, policy)
      const accepted = await change(occasion, swap, 'accepted', {
        takerId,
        returnId: deal.returned?.id ?? null,
        needsApproval: waits,
        acceptedAt: now,
        waitsUntil: approvalDeadline(firstStart, now, policy),
      })
      if (!waits) {
        await carryOut(occasion, accepted, deal, null)
        return []
      }
      await startTimers(occasion, accepted)
      await tell(occasion, 'swap-accepted', accepted, [swap.askerId, takerId])
      const purpose = `swap-to-approve:${swap.id}`
      const message = { template: 'swap-to-approve', subjectId: swap.id, purpose, unitId: deal.duty.rosterUnitId }
      await notifications.notify(occasion, [message])
      return []
    },

    /** The asked person, or whoever has taken it, says no. */
    async decline(occasion: Occasion, { swap }: HeldSwap, volunteerId: string): Promise<void> {
      const { tx, now } = occasion
      if (!stepsOf(swap, volunteerId, now).includes('decline')) {
        throw swapProblems.notPossibleNow(swap.state, 'declined')
      }
      const answer = { id: newId(), swapId: swap.id, volunteerId, answer: 'declined' as const, answeredAt: now }
      await swapsRepository(tx).insertAnswer(answer)
      const reason = swap.state === 'open' ? 'the person asked cannot' : 'the person who had taken it cannot after all'
      await end(occasion, swap, 'rejected', reason)
    },

    /** Carries out what was accepted; all is checked again, and every rule that fails now is named. */
    async approve(
      occasion: Occasion,
      held: HeldSwap,
      wish: { reason?: string | undefined; override?: Omit<Override, 'by'> | undefined },
    ): Promise<SwapRow> {
      const { tx, actor, now } = occasion
      const { swap, deal } = held
      if (swap.state !== 'accepted') throw swapProblems.notPossibleNow(swap.state, 'approved')
      if (now >= swap.waitsUntil) throw swapProblems.notPossibleNow('expired', 'approved')
      const [moved] = dealFaults(held, swap.takerId!, now)
      if (moved) throw swapProblems.movedAway(moved.detail)
      const hindrances = await hindrancesOf(tx, rosters, deal, swap.takerId!)
      const isStanding = ({ failure }: Hindrance) =>
        !(failure.overridable && wish.override?.rules.includes(failure.rule))
      const standing = hindrances.filter(isStanding)
      if (standing.length > 0) throw swapProblems.hindered(standing, swap.askerId)
      const override = hindrances.length > 0 ? { ...wish.override!, by: `${actor.kind}:${actor.id}` } : null
      const approved = await change(occasion, swap, 'approved', {}, wish.reason)
      return carryOut(occasion, approved, deal, override)
    },
  }
}
