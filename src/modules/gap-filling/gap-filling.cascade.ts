import { and, eq, isNull, lte } from 'drizzle-orm'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import { quietUntil } from '../notifications/notifications.rules.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { isLapsing } from './escalations.rules.ts'
import type { Award } from './gap-filling.awards.ts'
import { lookThrough, type TierReport } from './gap-filling.candidates.ts'
import type { Escalations } from './gap-filling.escalations.ts'
import { gapExhausted } from './gap-filling.events.ts'
import type { Gaps } from './gap-filling.gaps.ts'
import { advanceCascade, expireWave } from './gap-filling.jobs.ts'
import { type GapRow, gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import {
  type CascadeFacts,
  type CascadeStep,
  nextCascadeStep,
  roomToLook,
  stepBeforeLooking,
} from './gap-filling.rules.ts'
import { offers } from './gap-filling.tables.ts'
import { createMemberBook, type MemberBook } from './gap-filling.tiers.ts'
import { auditGaps, cascadeEntry, offerEntry } from './gap-filling.trail.ts'
import type { EchelonBook, EligibilityOracle, Spent } from './gap-filling.types.ts'
import { offersRepository } from './offers.repository.ts'
import { type CascadeRow, searchesRepository } from './searches.repository.ts'
import { expectedAcceptance, nextWave, searchPolicy } from './waves.rules.ts'

export interface CascadeDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  rosters: EligibilityOracle
  echelons: EchelonBook
  gaps: Gaps
  award: Award
  escalations: Escalations
}

const ACTOR = worker(advanceCascade.name)
/** Searches one task goes on with before it lets others have a turn; keeps it well within its lease. */
const MOST_STEPS = 20

/** One search at one moment, loaded in its transaction. */
interface Search {
  cascade: CascadeRow
  gap: GapRow
  seat: SeatRow
  policy: UnitPolicy
  acceptance: number
}

/** What is seen before anybody is chosen. */
interface Sight {
  step: CascadeStep
  tiers: TierReport[]
}

/** History grows by what is new: the same word about the same tier is said once. */
const withSpent = (history: Spent[], spent: Spent[]): Spent[] => {
  const last = (one: Spent) =>
    history.findLast((before) => before.echelonId === one.echelonId && before.unitId === one.unitId)
  return [...history, ...spent.filter((one) => last(one)?.because !== one.because)]
}

/** Walks the reserve for one gap: load facts, decide (pure), apply; one transaction a step. */
export function createCascade(deps: CascadeDeps) {
  const { db, clock, news, organisation, notifications, rosters, gaps, award, escalations } = deps
  const book = createMemberBook(deps.echelons)

  async function look(tx: Tx, book: MemberBook, { seat, gap }: Search, room: number, now: Date, all: boolean) {
    const tiers: TierReport[] = []
    let missing = room
    for (const tier of await book.open(tx, seat, gap.search, now)) {
      const report = await lookThrough(tx, rosters, { seat, gapId: gap.id, tier, room: missing, now })
      tiers.push(report)
      missing -= report.askable.length
      if (missing <= 0 || (report.askable.length > 0 && !all)) break
    }
    return tiers
  }

  async function see(tx: Tx, book: MemberBook, search: Search, now: Date): Promise<Sight> {
    const { cascade, gap, seat, acceptance } = search
    const policy = searchPolicy(search.policy, gap.search)
    const facts: Omit<CascadeFacts, 'tiers'> = {
      seat,
      wanted: gap.state === 'open' && seat.shiftState === 'planned' && seat.seatFree,
      paused: cascade.pausedAt !== null,
      policy,
      acceptance,
      quietEnd: quietUntil(now, seat.zone, search.policy),
      sharers: await searchesRepository(tx).sharersOf(gap.id, seat),
      live: await offersRepository(tx).liveOffers(cascade.id),
    }
    const early = stepBeforeLooking(facts, now)
    if (early) return { step: early, tiers: [] }
    const wave = nextWave(seat, policy, acceptance, now)
    const tiers = await look(tx, book, search, roomToLook(wave, facts.live.length, facts.sharers), now, wave.broadcast)
    return { step: nextCascadeStep({ ...facts, tiers }, now), tiers }
  }

  /** Nobody gives up on what was read a while ago. */
  async function seeForSure(tx: Tx, search: Search, now: Date): Promise<Sight> {
    const sight = await see(tx, book, search, now)
    if (sight.step.kind !== 'exhausted') return sight
    book.forget()
    return see(tx, book, search, now)
  }

  const noteProgress = (tx: Tx, { cascade, acceptance }: Search, spent: Spent[], wave = cascade.wave) =>
    searchesRepository(tx).noteProgress(cascade.id, { wave, acceptance, history: withSpent(cascade.history, spent) })

  async function ask(occasion: Occasion, search: Search, step: CascadeStep & { kind: 'ask' }): Promise<void> {
    const { tx, now } = occasion
    const { cascade, gap } = search
    const before = await offersRepository(tx).lastRank(gap.id)
    const wave = cascade.wave + 1
    const made = await offersRepository(tx).insertOffers(
      step.people.map((person, index) => ({
        ...person,
        id: newId(),
        cascadeId: cascade.id,
        gapId: gap.id,
        slotId: gap.slotId,
        wave,
        rank: before + index + 1,
        state: 'open' as const,
        askedAt: now,
        expiresAt: step.expiresAt,
      })),
    )
    await noteProgress(tx, search, step.spent, wave)
    await auditGaps(
      occasion,
      made.map((offer) => offerEntry(offer)),
    )
    await notifications.notify(
      occasion,
      made.map((offer) => ({
        volunteerId: offer.volunteerId,
        template: 'offer',
        subjectId: offer.id,
        purpose: `offer:${offer.id}`,
      })),
    )
    const errand = { payload: { cascadeId: cascade.id, wave }, key: `${cascade.id}/${wave}`, dueAt: step.expiresAt }
    await schedule(tx, expireWave, errand, now)
    if (step.more || made.length < step.people.length) await gaps.advanceSoon(occasion, [cascade.id])
  }

  async function giveUp(occasion: Occasion, search: Search, spent: Spent[]): Promise<void> {
    const { tx, now } = occasion
    const { gap, seat } = search
    await noteProgress(tx, search, spent)
    const [ended] = await searchesRepository(tx).endCascades([gap.id], 'exhausted', now)
    await auditGaps(occasion, [cascadeEntry(ended!, 'open', 'nobody is left to ask')])
    await news.record(gapExhausted, { gapId: gap.id }, occasion)
    await escalations.start(occasion, { gap, seat }, 'exhausted')
  }

  /** The best-ranked of those who have accepted; whoever can no longer take it lets the next one have it. */
  async function awardBest(occasion: Occasion, { gap }: Search, offerIds: string[]): Promise<void> {
    for (const id of offerIds) {
      const offer = (await offersRepository(occasion.tx).find(id))!
      if (await award(occasion, offer, gap)) return
    }
  }

  async function wait(occasion: Occasion, search: Search, step: CascadeStep & { kind: 'wait' }): Promise<void> {
    const { tx, now } = occasion
    await noteProgress(tx, search, step.spent)
    if (!step.until) return
    const { id } = search.cascade
    await schedule(tx, advanceCascade, { payload: { cascadeId: id }, key: id, dueAt: step.until }, now)
  }

  async function apply(occasion: Occasion, search: Search, step: CascadeStep): Promise<unknown> {
    const { gap, seat } = search
    if (step.kind === 'award') return awardBest(occasion, search, step.offerIds)
    if (step.kind === 'ask') return ask(occasion, search, step)
    if (step.kind === 'wait') return wait(occasion, search, step)
    if (step.kind === 'exhausted') return giveUp(occasion, search, step.spent)
    return seat.seatFree
      ? gaps.close(occasion, [gap.slotId], 'the seat is no longer to be filled')
      : gaps.fill(occasion, [gap.slotId])
  }

  async function noteSkips({ tx, now }: Occasion, { cascade }: Search, { step, tiers }: Sight): Promise<void> {
    const wave = cascade.wave + (step.kind === 'ask' ? 1 : 0)
    const rows = tiers.flatMap(({ echelonId, unitId, skipped }) =>
      skipped.map((one) => ({ ...one, id: newId(), cascadeId: cascade.id, echelonId, unitId, wave, skippedAt: now })),
    )
    await searchesRepository(tx).insertSkips(rows)
  }

  /** Those responsible hear of a seat for which many do not answer, while the search goes on. */
  async function warn(occasion: Occasion, { gap, seat, policy }: Search): Promise<void> {
    if (policy.escalateAfterLapses === null) return
    const lapses = await searchesRepository(occasion.tx).lapsesFor(gap.slotId)
    if (isLapsing(lapses, policy)) await escalations.start(occasion, { gap, seat }, 'lapses')
  }

  async function load(tx: Tx, cascadeId: string, now: Date): Promise<Search | undefined> {
    const repository = gapFillingRepository(tx)
    const place = await searchesRepository(tx).placeOf(cascadeId)
    if (!place) return undefined
    await repository.lockSlots([place.slotId])
    const gap = (await repository.lockGap(place.gapId))!
    // Read only now: what ended the search has held the gap until here.
    const cascade = (await searchesRepository(tx).findCascade(cascadeId))!
    if (cascade.state !== 'open') return undefined
    const seat = (await repository.findSeat(gap.slotId))!
    const policy = await organisation.policyOf({ path: seat.unitPath }, tx)
    const acceptance = cascade.acceptance ?? (await acceptanceOf(tx, seat, policy, now))
    return { cascade, gap, seat, policy, acceptance }
  }

  const acceptanceOf = async (handle: Handle, { unitId }: SeatRow, policy: UnitPolicy, now: Date) =>
    expectedAcceptance(await searchesRepository(handle).pastAnswers(unitId, now), policy)

  const later = (cascadeId: string) =>
    db.transaction((tx) => gaps.advanceSoon({ tx, actor: ACTOR, now: clock.now() }, [cascadeId]))

  /** Returns the search it went on with. */
  async function stepOfMostCritical(tx: Tx, rootId: string, cascadeId: string, done: string[]) {
    const repository = searchesRepository(tx)
    await repository.lockTree(rootId)
    const now = clock.now()
    const id = (await repository.mostCritical(rootId, cascadeId, done, now)) ?? cascadeId
    if (id !== cascadeId) await cancelTasks(tx, advanceCascade, [id], now)
    const search = await load(tx, id, now)
    if (!search) return id
    const occasion = { tx, actor: ACTOR, now }
    const sight = await seeForSure(tx, search, now)
    await noteSkips(occasion, search, sight)
    if (sight.step.kind === 'ask' || sight.step.kind === 'wait') await warn(occasion, search)
    await apply(occasion, search, sight.step)
    return id
  }

  return {
    acceptanceOf,

    /**
     * The next step of a search. Others that are due and more critical have the first choice among people, so they
     * are done on the way.
     */
    async advance(cascadeId: string): Promise<void> {
      const rootId = await searchesRepository(db).rootOf(cascadeId)
      if (!rootId) return
      const done: string[] = []
      while (!done.includes(cascadeId)) {
        if (done.length === MOST_STEPS) return later(cascadeId)
        done.push(await db.transaction((tx) => stepOfMostCritical(tx, rootId, cascadeId, done)))
      }
    },

    /** Offers of a wave that were not answered run out, and the next are asked. */
    async expireWave(cascadeId: string, wave: number): Promise<void> {
      await db.transaction(async (tx) => {
        const place = await searchesRepository(tx).placeOf(cascadeId)
        if (!place) return
        await gapFillingRepository(tx).lockSlots([place.slotId])
        await gapFillingRepository(tx).lockGap(place.gapId)
        const now = clock.now()
        const due = and(eq(offers.cascadeId, cascadeId), eq(offers.wave, wave), lte(offers.expiresAt, now))
        const expired = await offersRepository(tx).endOffers(and(due, isNull(offers.willingAt)), 'expired', now)
        const occasion = { tx, actor: worker(expireWave.name), now }
        await auditGaps(
          occasion,
          expired.map((offer) => offerEntry(offer, 'open', 'no answer in time')),
        )
        const live = await offersRepository(tx).liveOffers(cascadeId)
        if (expired.length > 0 || live.some((offer) => offer.willing)) await gaps.advanceSoon(occasion, [cascadeId])
      })
    },
  }
}

export type Cascade = ReturnType<typeof createCascade>
