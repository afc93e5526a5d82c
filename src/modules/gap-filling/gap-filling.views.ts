import type { EchelonOfSeat, TierReport } from './gap-filling.candidates.ts'
import type { CascadeRow, GapRow, SeatRow } from './gap-filling.repository.ts'
import type { Wave } from './gap-filling.rules.ts'
import type { OfferRow } from './offers.repository.ts'

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
})

const offerView = (offer: OfferRow) => ({
  id: offer.id,
  volunteerId: offer.volunteerId,
  echelonId: offer.echelonId,
  wave: offer.wave,
  rank: offer.rank,
  state: offer.state,
  askedAt: offer.askedAt.toISOString(),
  expiresAt: offer.expiresAt.toISOString(),
  decidedAt: offer.decidedAt?.toISOString() ?? null,
})

export const gapDetailView = (gap: GapRow, seat: SeatRow, cascades: CascadeRow[], offers: OfferRow[]) => ({
  ...gapView(gap, seat),
  cascades: cascades.map(({ id, state, wave, createdAt, endedAt, history }) => ({
    id,
    state,
    wave,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    history,
    offers: offers.filter((offer) => offer.cascadeId === id).map(offerView),
  })),
})

export const candidatesView = (wave: Wave, echelons: EchelonOfSeat[], tiers: TierReport[]) => {
  let rank = 0
  return {
    wave: { size: wave.size, broadcast: wave.broadcast, expiresAt: wave.expiresAt.toISOString() },
    echelons: tiers.map((tier) => ({
      echelonId: tier.echelonId,
      name: echelons.find((echelon) => echelon.id === tier.echelonId)?.name ?? '',
      members: tier.members,
      asked: tier.asked,
      passedOver: tier.passedOver,
      candidates: tier.looked.map((one) => ({
        volunteerId: one.volunteerId,
        rank: one.failures.length === 0 ? ++rank : null,
        loadMinutes: Math.round(one.loadMinutes),
        offers: one.offers,
        lastEndedAt: one.lastEndedAt?.toISOString() ?? null,
        failures: one.failures,
      })),
    })),
  }
}
