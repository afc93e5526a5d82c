import type { escalationsRepository } from './escalations.repository.ts'
import type { TierReport } from './gap-filling.candidates.ts'
import type { GapRow, SeatRow } from './gap-filling.repository.ts'
import type { OfferRow, offersRepository } from './offers.repository.ts'
import type { CascadeRow, SkipRow } from './searches.repository.ts'
import type { Wave } from './waves.rules.ts'

type Step = Awaited<ReturnType<ReturnType<typeof escalationsRepository>['listOf']>>[number]
type Telling = Awaited<ReturnType<ReturnType<typeof offersRepository>['tellingOf']>>[number]

export const gapView = (gap: GapRow, seat: SeatRow) => ({
  id: gap.id,
  rosterId: gap.rosterId,
  slotId: gap.slotId,
  vacatedId: gap.vacatedId,
  filledById: gap.filledById,
  cause: gap.cause,
  state: gap.state,
  openedAt: gap.openedAt.toISOString(),
  closedAt: gap.closedAt?.toISOString() ?? null,
  postName: seat.postName,
  role: seat.role,
  mandatory: seat.mandatory,
  day: seat.localDay,
  startsAt: seat.startsAt.toISOString(),
  endsAt: seat.endsAt.toISOString(),
  zone: seat.zone,
  search: gap.search,
})

const offerView = (offer: OfferRow, telling: Telling | undefined) => ({
  id: offer.id,
  volunteerId: offer.volunteerId,
  echelonId: offer.echelonId,
  unitId: offer.unitId,
  wave: offer.wave,
  rank: offer.rank,
  state: offer.state,
  askedAt: offer.askedAt.toISOString(),
  expiresAt: offer.expiresAt.toISOString(),
  decidedAt: offer.decidedAt?.toISOString() ?? null,
  willingAt: offer.willingAt?.toISOString() ?? null,
  releasedAt: offer.releasedAt?.toISOString() ?? null,
  conspicuous: offer.conspicuous,
  channel: telling?.channel ?? null,
  message: telling?.state ?? null,
})

const skipView = ({ volunteerId, echelonId, unitId, wave, rule, skippedAt }: SkipRow) => ({
  volunteerId,
  echelonId,
  unitId,
  wave,
  outcome: `skipped:${rule}`,
  skippedAt: skippedAt.toISOString(),
})

const escalationView = ({ step, unitName }: Step) => ({
  id: step.id,
  climb: step.climb,
  level: step.level,
  unitId: step.unitId,
  unitName,
  reason: step.reason,
  state: step.state,
  toldAt: step.toldAt.toISOString(),
  reactBy: step.reactBy.toISOString(),
  endedAt: step.endedAt?.toISOString() ?? null,
  reaction: step.reaction,
  reactedBy: step.reactedBy,
  note: step.note,
})

export interface GapFacts {
  gap: GapRow
  seat: SeatRow
  cascades: CascadeRow[]
  offers: OfferRow[]
  telling: Telling[]
  skips: SkipRow[]
  escalations: Step[]
}

export const gapDetailView = ({ gap, seat, cascades, offers, telling, skips, escalations }: GapFacts) => {
  const tellingOf = new Map(telling.map((one) => [one.offerId, one]))
  return {
    ...gapView(gap, seat),
    cascades: cascades.map(({ id, state, wave, createdAt, endedAt, pausedAt, acceptance, history }) => ({
      id,
      state,
      wave,
      createdAt: createdAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      pausedAt: pausedAt?.toISOString() ?? null,
      acceptance,
      history,
      offers: offers
        .filter((offer) => offer.cascadeId === id)
        .map((offer) => offerView(offer, tellingOf.get(offer.id))),
      skipped: skips.filter((skip) => skip.cascadeId === id).map(skipView),
    })),
    escalations: escalations.map(escalationView),
  }
}

export interface Preview {
  seat: SeatRow
  wave: Wave
  acceptance: number
  /** Nobody is asked before. */
  held: Date | undefined
  tiers: TierReport[]
  limit: number
}

const MINUTE = 60_000

const candidateView = (one: TierReport['looked'][number], rank: number | null, { startsAt }: SeatRow) => ({
  volunteerId: one.volunteerId,
  rank,
  wouldCome: one.wouldCome,
  loadMinutes: Math.round(one.loadMinutes),
  offers: one.offers,
  lastEndedAt: one.lastEndedAt?.toISOString() ?? null,
  restMinutes: one.lastEndedAt && Math.round((startsAt.getTime() - one.lastEndedAt.getTime()) / MINUTE),
  distance: one.distance,
  failures: one.failures,
})

export const candidatesView = ({ seat, wave, acceptance, held, tiers, limit }: Preview) => {
  let rank = 0
  const eliminated: Record<string, number> = {}
  for (const { passedOver } of tiers) {
    for (const [reason, count] of Object.entries(passedOver)) eliminated[reason] = (eliminated[reason] ?? 0) + count
  }
  return {
    wave: {
      mode: wave.mode,
      size: wave.size,
      broadcast: wave.broadcast,
      expiresAt: wave.expiresAt.toISOString(),
      notBefore: held?.toISOString() ?? null,
    },
    acceptance,
    eliminated,
    echelons: tiers.map((tier) => ({
      echelonId: tier.echelonId,
      unitId: tier.unitId,
      widened: tier.widened,
      name: tier.name,
      members: tier.members,
      asked: tier.asked,
      passedOver: tier.passedOver,
      candidates: tier.looked
        .map((one) => candidateView(one, one.failures.length === 0 ? ++rank : null, seat))
        .filter((one, index) => (one.rank === null ? index < limit : one.rank <= limit)),
    })),
  }
}
