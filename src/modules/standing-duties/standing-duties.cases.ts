import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import { localDay } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Holding, HoldingDeps } from './standing-duties.holding.ts'
import { standingProblems } from './standing-duties.problems.ts'
import { standingRepository } from './standing-duties.repository.ts'
import type { CaseList, Ending, NewCase } from './standing-duties.schemas.ts'
import { cases, LIVE_DUTY, standingDuties } from './standing-duties.tables.ts'
import { caseView, dutyView } from './standing-duties.views.ts'
import { proposeTeam } from './teams.rules.ts'

/** Cases and the teams that begin and end with them. */
export function createCases({ db, clock, organisation, holding }: HoldingDeps & { holding: Holding }) {
  async function getCase(handle: Handle, actor: Actor, id: string) {
    const found = await standingRepository(handle).findCase(id)
    assertCovers(actor, found?.unitPath, () => standingProblems.caseUnknown(id))
    return found!
  }

  async function show(handle: Handle, id: string) {
    const repository = standingRepository(handle)
    const { case: one } = (await repository.findCase(id))!
    const team = await repository.listDuties([eq(standingDuties.caseId, id)])
    const held = new Set(
      team.filter(({ duty }) => (LIVE_DUTY as readonly string[]).includes(duty.state)).map(({ duty }) => duty.role),
    )
    const openRoles = one.state === 'open' ? one.roles.map((role) => role.role).filter((role) => !held.has(role)) : []
    return { ...caseView(one), team: team.map(dutyView), openRoles }
  }

  /** Where the team of a case may come from: what the organizer has named, else all they may see. */
  async function reachOf(tx: Tx, actor: Actor, unitId: string | undefined): Promise<string | undefined> {
    if (unitId === undefined) return actor.unitPath
    const unit = await standingRepository(tx).unitPath(unitId)
    return unit && covers(actor, unit.path) ? unit.path : undefined
  }

  return {
    /** Opens a case and asks a team: for each role whoever fits with the fewest duties, among equals the nearest. */
    async openCase(actor: Actor, { fromUnitId, ...input }: z.output<typeof NewCase>) {
      return db.transaction(async (tx) => {
        const repository = standingRepository(tx)
        const unit = await repository.unitPath(input.unitId)
        const reach = await reachOf(tx, actor, fromUnitId)
        const found = findings()
        if (!unit || !covers(actor, unit.path)) {
          found.add('/body/unitId', 'unit-unknown', `There is no unit ${input.unitId} that you may see.`)
        }
        if (reach === undefined) {
          found.add('/body/fromUnitId', 'unit-unknown', `There is no unit ${fromUnitId} that you may see.`)
        }
        found.throwIfAny()
        const now = clock.now()
        const openedOn = input.openedOn ?? localDay(now, unit!.zone)
        const stamps = { createdAt: now, updatedAt: now }
        const one = await repository.insertCase({ ...input, ...stamps, openedOn, state: 'open' })
        await audit(tx, actor, now, {
          action: 'case.opened',
          subject: { type: 'case', id: one.id },
          unitId: one.unitId,
          to: 'open',
          facts: { reference: one.reference },
        })
        const people = await repository.people({ unitPath: reach! }, openedOn)
        const team = proposeTeam(one.roles, people, unit!.path)
        await holding.give(
          { tx, actor, now },
          { id: one.unitId, path: unit!.path, zone: unit!.zone },
          [...team].map(([role, volunteerId]) => ({
            subject: { caseId: one.id },
            role,
            volunteerId,
            fromOn: openedOn,
            toOn: null,
          })),
        )
        return show(tx, one.id)
      })
    },

    async showCase(actor: Actor, id: string) {
      await getCase(db, actor, id)
      return show(db, id)
    },

    async listCases(actor: Actor, query: z.output<typeof CaseList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await standingRepository(db).listCases(
        [
          withinPath(actor.unitPath),
          under && withinPath(under.path),
          query.state ? eq(cases.state, query.state) : undefined,
        ],
        keyset(query, { createdAt: cases.createdAt }, cases.id),
      )
      return toPage(query, rows, (row) => row.createdAt, caseView)
    },

    /** The case is over: all duties of its team end the same day. */
    async closeCase(actor: Actor, id: string, { reason }: z.output<typeof Ending>) {
      return db.transaction(async (tx) => {
        await getCase(tx, actor, id)
        const repository = standingRepository(tx)
        await repository.lockCase(id)
        const { case: one, zone } = await getCase(tx, actor, id)
        if (one.state !== 'open') throw standingProblems.caseClosed()
        const now = clock.now()
        const closedOn = localDay(now, zone)
        await repository.changeCase(id, { state: 'closed', closedOn, updatedAt: now })
        await audit(tx, actor, now, {
          action: 'case.closed',
          subject: { type: 'case', id },
          unitId: one.unitId,
          from: 'open',
          to: 'closed',
          reason,
        })
        await holding.settle(
          { tx, actor, now },
          { id: one.unitId, zone },
          eq(standingDuties.caseId, id),
          'ended',
          reason,
        )
        return show(tx, id)
      })
    },
  }
}
