import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import { quietUntil } from '../notifications/notifications.rules.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { lookThrough, type TierReport } from './gap-filling.candidates.ts'
import type { Cascade } from './gap-filling.cascade.ts'
import { gapFillingProblems } from './gap-filling.problems.ts'
import { gapFillingRepository, type SeatRow } from './gap-filling.repository.ts'
import type { CandidateQuery } from './gap-filling.schemas.ts'
import { createMemberBook } from './gap-filling.tiers.ts'
import type { EchelonBook, EligibilityOracle, SearchWish } from './gap-filling.types.ts'
import { candidatesView } from './gap-filling.views.ts'
import { heldUntil, nextWave, searchPolicy } from './waves.rules.ts'

type Query = z.output<typeof CandidateQuery>

/** No gap has it: nobody was asked for a seat that was never empty. */
const NO_GAP = '00000000-0000-0000-0000-000000000000'

export interface PreviewDeps extends Foundations {
  organisation: Organisation
  rosters: EligibilityOracle
  echelons: EchelonBook
  cascade: Pick<Cascade, 'acceptanceOf'>
}

/** Who would be asked now, in which order and why; asks nobody. */
export function createPreview({ db, clock, organisation, rosters, echelons, cascade }: PreviewDeps) {
  async function preview(seat: SeatRow, gapId: string, wish: SearchWish, { limit, all }: Query) {
    const now = clock.now()
    const unitPolicy = await organisation.policyOf({ path: seat.unitPath })
    const policy = searchPolicy(unitPolicy, wish)
    const acceptance = await cascade.acceptanceOf(db, seat, unitPolicy, now)
    const tiers: TierReport[] = []
    let missing = limit
    for (const tier of await createMemberBook(echelons).open(db, seat, wish, now)) {
      const room = all ? Number.POSITIVE_INFINITY : missing
      const report = await lookThrough(db, rosters, { seat, gapId, tier, room, now })
      tiers.push(report)
      missing = Math.max(0, missing - report.askable.length)
    }
    const held = heldUntil(seat, policy, quietUntil(now, seat.zone, unitPolicy), now)
    return candidatesView({ seat, wave: nextWave(seat, policy, acceptance, now), acceptance, held, tiers, limit })
  }

  return {
    async previewGap(actor: Actor, id: string, query: Query) {
      const repository = gapFillingRepository(db)
      const found = await repository.findGap(id)
      assertCovers(actor, found?.unitPath, () => gapFillingProblems.gapUnknown(id))
      const { gap } = found!
      return preview((await repository.findSeat(gap.slotId))!, id, gap.search, query)
    },

    /** The same for a seat that is not empty: as if its holder were gone. */
    async previewSlot(actor: Actor, slotId: string, query: Query) {
      const seat = await gapFillingRepository(db).findSeat(slotId)
      assertCovers(actor, seat?.unitPath, () => gapFillingProblems.slotUnknown(slotId))
      return preview(seat!, NO_GAP, {}, query)
    },
  }
}
