import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { summariseGaps } from './gap-filling.jobs.ts'
import { gapFillingRepository } from './gap-filling.repository.ts'
import { summariesRepository } from './summaries.repository.ts'
import { nextSummaryAt, summaryOf } from './summaries.rules.ts'

export type GapSummaries = ReturnType<typeof createGapSummaries>

/**
 * Says twice a day which seats are open, to those who answer for them: the first unit upwards that has responsible
 * people. Expected from the moment a gap opens, and over as soon as none is left.
 */
export function createGapSummaries({
  db,
  clock,
  organisation,
  notifications,
}: Foundations & { organisation: Organisation; notifications: Notifications }) {
  async function timesOf(tx: Tx, unitId: string) {
    const unit = (await organisationRepository(tx).findUnit(unitId))!
    const { gapSummaryTimes: times } = await organisation.policyOf(unit, tx)
    return { unit, times }
  }

  async function expectFor(tx: Tx, unitIds: string[], now: Date): Promise<void> {
    for (const unitId of unitIds) {
      const { unit, times } = await timesOf(tx, unitId)
      const dueAt = nextSummaryAt(now, unit.zone, times)
      if (dueAt) await schedule(tx, summariseGaps, { payload: { unitId }, key: unitId, dueAt }, now)
    }
  }

  return {
    /** Gaps have opened at posts of these units. */
    async expect({ tx, now }: Occasion, unitPaths: string[]): Promise<void> {
      const told = new Set<string>()
      for (const path of new Set(unitPaths)) told.add((await gapFillingRepository(tx).chainAbove(path))[0]!)
      await expectFor(tx, [...told].sort(), now)
    },

    async summarise(unitId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const now = clock.now()
        if ((await summariesRepository(tx).openUnder(unitId)).length === 0) return
        const { unit, times } = await timesOf(tx, unitId)
        const slot = summaryOf(now, unit.zone, times)
        const purpose = `gap-summary:${unitId}:${slot}`
        const message = { unitId, template: 'gap-summary', subjectId: unitId, purpose }
        const occasion = { tx, actor: worker(summariseGaps.name), now }
        if (slot) await notifications.notify(occasion, [message])
        await expectFor(tx, [unitId], now)
      })
    },
  }
}
