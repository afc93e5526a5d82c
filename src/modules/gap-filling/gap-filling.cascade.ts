import { and, eq, lte } from 'drizzle-orm'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { cancelTasks, schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import type { UnitPolicy } from '../organisation/organisation.types.ts'
import { createMemberBook, lookThrough, type MemberBook, type TierReport } from './gap-filling.candidates.ts'
import { gapExhausted } from './gap-filling.events.ts'
import { auditGaps, cascadeEntry, type Gaps, offerEntry } from './gap-filling.gaps.ts'
import { advanceCascade, expireWave } from './gap-filling.jobs.ts'
import { type CascadeRow, type GapRow, gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import { type CascadeFacts, type CascadeStep, nextCascadeStep, nextWave, type Spent } from './gap-filling.rules.ts'
import { offers } from './gap-filling.tables.ts'
import type { EchelonBook, EligibilityOracle } from './gap-filling.types.ts'
import { offersRepository } from './offers.repository.ts'

export interface CascadeDeps extends Foundations {
  organisation: Organisation
  notifications: Notifications
  rosters: EligibilityOracle
  echelons: EchelonBook
  gaps: Gaps
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
}

/** History grows by what is new: the same word about the same echelon is said once. */
const withSpent = (history: Spent[], spent: Spent[]): Spent[] => {
  const last = (echelonId: string) => history.findLast((one) => one.echelonId === echelonId)
  return [...history, ...spent.filter((one) => last(one.echelonId)?.because !== one.because)]
}

/** Walks the reserve for one gap: load facts, decide (pure), apply; one transaction a step. */
export function createCascade(deps: CascadeDeps) {
  const { db, clock, news, organisation, notifications, rosters, gaps } = deps
  const book = createMemberBook(deps.echelons)

  const look = async (
    handle: Handle,
    book: MemberBook,
    { seat, gap }: Pick<Search, 'seat' | 'gap'>,
    room: number,
    now: Date,
    all: boolean,
  ) => {
    const tiers: TierReport[] = []
    let missing = room
    for (const echelon of await book.open(handle, seat, now)) {
      const report = await lookThrough(handle, rosters, { seat, gapId: gap.id, echelon, room: missing, now })
      tiers.push(report)
      missing -= report.askable.length
      if (missing <= 0 || (report.askable.length > 0 && !all)) break
    }
    return tiers
  }

  async function decide(tx: Tx, book: MemberBook, search: Search, now: Date) {
    const { cascade, gap, seat, policy } = search
    const live = await offersRepository(tx).liveOffers(cascade.id)
    const wanted = gap.state === 'open' && seat.shiftState === 'planned' && seat.seatFree
    const wave = nextWave(seat, policy, now)
    const room = wave.size - live.length
    const worthLooking = wanted && room > 0 && now < seat.endsAt
    const tiers = worthLooking ? await look(tx, book, search, room, now, wave.broadcast) : []
    const facts: CascadeFacts = { seat, wanted, policy, live, tiers }
    return nextCascadeStep(facts, now)
  }

  /** Nobody gives up on what was read a while ago. */
  async function decideForSure(tx: Tx, search: Search, now: Date): Promise<CascadeStep> {
    const step = await decide(tx, book, search, now)
    if (step.kind !== 'exhausted') return step
    book.forget()
    return decide(tx, book, search, now)
  }

  async function ask(occasion: Occasion, search: Search, step: CascadeStep & { kind: 'ask' }): Promise<void> {
    const { tx, now } = occasion
    const { cascade, gap } = search
    const repository = gapFillingRepository(tx)
    const before = (await offersRepository(tx).offersOf(gap.id)).length
    const wave = cascade.wave + 1
    const made = await offersRepository(tx).insertOffers(
      step.people.map(({ volunteerId, echelonId }, index) => ({
        id: newId(),
        cascadeId: cascade.id,
        gapId: gap.id,
        slotId: gap.slotId,
        volunteerId,
        echelonId,
        wave,
        rank: before + index + 1,
        state: 'open' as const,
        askedAt: now,
        expiresAt: step.expiresAt,
      })),
    )
    await repository.noteProgress(cascade.id, wave, withSpent(cascade.history, step.spent))
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
    if (made.length < step.people.length) await gaps.advanceSoon(occasion, [cascade.id])
  }

  /** The responsible people of the unit are told at once, those of the next level up after the time of an offer, and so on. */
  async function giveUp(occasion: Occasion, { cascade, gap, seat, policy }: Search, spent: Spent[]): Promise<void> {
    const { tx, now } = occasion
    const repository = gapFillingRepository(tx)
    await repository.noteProgress(cascade.id, cascade.wave, withSpent(cascade.history, spent))
    const [ended] = await repository.endCascades([gap.id], 'exhausted', now)
    await auditGaps(occasion, [cascadeEntry(ended!, 'open', 'nobody is left to ask')])
    await news.record(gapExhausted, { gapId: gap.id }, occasion)
    const chain = await repository.chainAbove(seat.unitPath)
    await notifications.notify(
      occasion,
      chain.map((unitId, level) => ({
        unitId,
        template: 'gap-exhausted',
        subjectId: gap.id,
        purpose: `gap-exhausted:${cascade.id}`,
        sendAfter: new Date(now.getTime() + level * policy.offerMinutes * 60_000),
      })),
    )
  }

  async function apply(occasion: Occasion, search: Search, step: CascadeStep): Promise<unknown> {
    const { tx, now } = occasion
    const { cascade, gap, seat } = search
    if (step.kind === 'close') {
      return seat.seatFree
        ? gaps.close(occasion, [gap.slotId], 'the seat is no longer to be filled')
        : gaps.fill(occasion, [gap.slotId])
    }
    if (step.kind === 'ask') return ask(occasion, search, step)
    if (step.kind === 'exhausted') return giveUp(occasion, search, step.spent)
    const history = withSpent(cascade.history, step.spent)
    await gapFillingRepository(tx).noteProgress(cascade.id, cascade.wave, history)
    if (!step.until) return
    const again = { payload: { cascadeId: cascade.id }, key: cascade.id, dueAt: step.until }
    return schedule(tx, advanceCascade, again, now)
  }

  async function load(tx: Tx, cascadeId: string): Promise<Search | undefined> {
    const repository = gapFillingRepository(tx)
    const before = await repository.findCascade(cascadeId)
    const gap = before && (await repository.lockGap(before.gapId))
    // Read again: what ended the search has held the gap until now.
    const cascade = gap && (await repository.findCascade(cascadeId))
    if (cascade?.state !== 'open') return undefined
    const seat = (await repository.findSeat(gap!.slotId))!
    const policy = await organisation.policyOf({ path: seat.unitPath }, tx)
    return { cascade, gap: gap!, seat, policy }
  }

  const later = (cascadeId: string) =>
    db.transaction((tx) => gaps.advanceSoon({ tx, actor: ACTOR, now: clock.now() }, [cascadeId]))

  return {
    look,

    /**
     * The next step of a search. Others that are due and more critical have the first choice among people, so they
     * are done on the way.
     */
    async advance(cascadeId: string): Promise<void> {
      const rootId = await gapFillingRepository(db).rootOf(cascadeId)
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
        const now = clock.now()
        const mine = and(eq(offers.cascadeId, cascadeId), eq(offers.wave, wave), lte(offers.expiresAt, now))
        const expired = await offersRepository(tx).endOffers(mine, 'expired', now)
        if (expired.length === 0) return
        const occasion = { tx, actor: worker(expireWave.name), now }
        await auditGaps(
          occasion,
          expired.map((offer) => offerEntry(offer, 'open', 'no answer in time')),
        )
        await gaps.advanceSoon(occasion, [cascadeId])
      })
    },
  }

  /** Returns the search it went on with. */
  async function stepOfMostCritical(tx: Tx, rootId: string, cascadeId: string, done: string[]) {
    const repository = gapFillingRepository(tx)
    await repository.lockTree(rootId)
    const now = clock.now()
    const id = (await repository.mostCritical(rootId, cascadeId, done, now)) ?? cascadeId
    if (id !== cascadeId) await cancelTasks(tx, advanceCascade, [id], now)
    const search = await load(tx, id)
    if (search) await apply({ tx, actor: ACTOR, now }, search, await decideForSure(tx, search, now))
    return id
  }
}

export type Cascade = ReturnType<typeof createCascade>
