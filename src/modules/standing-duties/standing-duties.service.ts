import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { createCases } from './standing-duties.cases.ts'
import { createHolding, type HoldingDeps } from './standing-duties.holding.ts'
import { createPersonalPage } from './standing-duties.personal.ts'
import { createPlans } from './standing-duties.plans.ts'
import { standingProblems } from './standing-duties.problems.ts'
import { type DutyAt, homeOf, standingRepository } from './standing-duties.repository.ts'
import type { DutyList, Ending, Replacement } from './standing-duties.schemas.ts'
import { LIVE_DUTY, standingDuties } from './standing-duties.tables.ts'
import { dutyView } from './standing-duties.views.ts'
import { createVisits } from './standing-duties.visits.ts'

export type StandingDuties = ReturnType<typeof createStandingDuties>

/**
 * The same people keep the same sites, or look after the same case, for a period. Promises: one keeper a site and one
 * holder a role, nobody keeps one by force, a visit is reported or missing and never forgotten, and a team ends with
 * its case. Visits are no shifts: one person may owe several at the same hour, and their minutes are no service hours.
 */
export function createStandingDuties(deps: HoldingDeps) {
  const { db, clock } = deps
  const holding = createHolding(deps)
  const plans = createPlans({ ...deps, holding })
  const visits = createVisits({ ...deps, plans })

  async function getDuty(handle: Handle, actor: Actor, id: string): Promise<DutyAt> {
    const [found] = await standingRepository(handle).listDuties([eq(standingDuties.id, id)])
    assertCovers(actor, found?.unitPath, () => standingProblems.dutyUnknown(id))
    return found!
  }

  function assertLive({ duty: { state } }: DutyAt): void {
    if (!(LIVE_DUTY as readonly string[]).includes(state)) throw standingProblems.notLive(state)
  }

  return {
    createPlan: plans.createPlan,
    showPlan: plans.showPlan,
    listPlans: plans.listPlans,
    divideSites: plans.divideSites,
    giveSite: plans.giveSite,
    endPlan: plans.endPlan,
    openDay: visits.openDay,
    chase: visits.chase,
    miss: visits.miss,
    listVisits: visits.listVisits,
    showDay: visits.showDay,
    reportVisit: visits.reportVisit,
    ...createCases({ ...deps, holding }),
    ...createPersonalPage({ ...deps, holding, visits }),

    async listDuties(actor: Actor, query: z.output<typeof DutyList>) {
      const rows = await standingRepository(db).listDuties(
        [
          withinPath(actor.unitPath),
          query.planId ? eq(standingDuties.planId, query.planId) : undefined,
          query.caseId ? eq(standingDuties.caseId, query.caseId) : undefined,
          query.volunteerId ? eq(standingDuties.volunteerId, query.volunteerId) : undefined,
          query.state ? eq(standingDuties.state, query.state) : undefined,
        ],
        keyset(query, { createdAt: standingDuties.createdAt }, standingDuties.id),
      )
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.duty.id })),
        (row) => row.duty.createdAt,
        dutyView,
      )
    },

    async endDuty(actor: Actor, id: string, { reason }: z.output<typeof Ending>) {
      return db.transaction(async (tx) => {
        const at = await getDuty(tx, actor, id)
        assertLive(at)
        const home = homeOf(at)
        await holding.settle({ tx, actor, now: clock.now() }, home, eq(standingDuties.id, id), 'ended', reason)
        return dutyView(await getDuty(tx, actor, id))
      })
    },

    /** Somebody else takes one site or role over; the rest of the team is not touched. */
    async replace(actor: Actor, id: string, { volunteerId, reason }: z.output<typeof Replacement>) {
      return db.transaction(async (tx) => {
        const at = await getDuty(tx, actor, id)
        assertLive(at)
        if (volunteerId) {
          const found = findings()
          const [home] = await standingRepository(tx).homesOf([volunteerId])
          if (!home || !covers(actor, home.unitPath)) {
            found.add(
              '/body/volunteerId',
              'volunteer-unknown',
              `There is no volunteer ${volunteerId} that you may see.`,
            )
          }
          found.throwIfAny()
        }
        const occasion = { tx, actor, now: clock.now() }
        const home = homeOf(at)
        await holding.settle(occasion, home, eq(standingDuties.id, id), 'ended', reason)
        const next = await holding.passOn(occasion, home, at.duty, volunteerId)
        const after = next ? dutyView(await getDuty(tx, actor, next.id)) : null
        return { ended: dutyView(await getDuty(tx, actor, id)), next: after }
      })
    },
  }
}
