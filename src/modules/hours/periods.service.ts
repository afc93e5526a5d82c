import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings, stale } from '../../platform/http/problem.ts'
import { localDay } from '../../time/zones.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { hoursProblems } from './hours.problems.ts'
import type { NewPeriod, PeriodList } from './hours.schemas.ts'
import { hoursPeriods } from './hours.tables.ts'
import { closeView, periodSummaryView } from './hours.views.ts'
import { type PeriodAt, periodsRepository } from './periods.repository.ts'

/**
 * Closing of periods. Promises: for one unit a line of the ledger is numbered once and for good, what was numbered never
 * changes, what comes or is verified later is in a later version or the next period, and of two closes at once one wins.
 */
export function createPeriods({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  async function getPeriod(handle: Handle, actor: Actor, id: string): Promise<PeriodAt> {
    const found = await periodsRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => hoursProblems.periodUnknown(id))
    return found!
  }

  async function show(handle: Handle, period: PeriodAt) {
    const repository = periodsRepository(handle)
    const closes = await repository.closesOf(period.id)
    return {
      ...periodSummaryView(period),
      closes: closes.map(closeView),
      ...(await repository.countWaiting(period)),
      onDuty: await repository.countOnDuty(period),
      withoutNumber: await repository.withoutNumber(period.id, period.version),
    }
  }

  /** The caller holds the lock of the unit. */
  async function number(tx: Tx, actor: Actor, period: PeriodAt, version: number, note: string | undefined) {
    const now = clock.now()
    const repository = periodsRepository(tx)
    const { lines: unverifiedLines, minutes: unverifiedMinutes } = await repository.numberLines(period, version)
    const sums = { ...(await repository.sumsOf(period.id, version)), unverifiedLines, unverifiedMinutes }
    if (version === 1 && sums.lines === 0 && unverifiedLines > 0) throw hoursProblems.nothingVerified(unverifiedLines)
    if (version > 1 && sums.lines === 0) throw hoursProblems.nothingToClose(version - 1)
    await repository.insertClose({
      ...sums,
      id: newId(),
      periodId: period.id,
      version,
      closedAt: now,
      closedBy: actor.id,
      note: note ?? null,
    })
    await repository.setVersion(period.id, version, now)
    await audit(tx, actor, now, {
      action: 'hours-period.closed',
      subject: { type: 'hours-period', id: period.id },
      unitId: period.unitId,
      facts: { version, ...sums },
    })
    return show(tx, { ...period, version })
  }

  return {
    withoutNumber: (id: string, version: number) => periodsRepository(db).withoutNumber(id, version),

    getPeriod: (actor: Actor, id: string) => getPeriod(db, actor, id),

    /** Closes a period for the first time. */
    closeFirst: (actor: Actor, { unitId, from, to, note }: z.output<typeof NewPeriod>) =>
      db.transaction(async (tx) => {
        const unit = await organisation.getUnit(actor, unitId, tx)
        const now = clock.now()
        const today = localDay(now, unit.zone)
        const found = findings()
        if (to > today) found.add('/body/to', 'not-over', `The period is not over: today is ${today} at ${unit.name}.`)
        found.throwIfAny()
        const repository = periodsRepository(tx)
        await repository.lockUnit(unitId)
        const twin = await repository.findTwin(unitId, from, to)
        if (twin) throw hoursProblems.periodClosed(twin.id)
        const row = await repository.insert({
          id: newId(),
          unitId,
          fromOn: from,
          toOn: to,
          version: 1,
          createdAt: now,
          updatedAt: now,
        })
        return number(tx, actor, { ...row, unitPath: unit.path }, 1, note)
      }),

    /** Takes in what came since the last close, as the next version. */
    closeAgain: (actor: Actor, id: string, version: number, note: string | undefined) =>
      db.transaction(async (tx) => {
        const seen = await getPeriod(tx, actor, id)
        await periodsRepository(tx).lockUnit(seen.unitId)
        const period = (await periodsRepository(tx).find(id))!
        if (period.version !== version) throw stale(period.version)
        return number(tx, actor, period, version + 1, note)
      }),

    showPeriod: async (actor: Actor, id: string) => show(db, await getPeriod(db, actor, id)),

    async listPeriods(actor: Actor, query: z.output<typeof PeriodList>) {
      const page = keyset(query, { fromOn: hoursPeriods.fromOn }, hoursPeriods.id)
      const rows = await periodsRepository(db).list(actor.unitPath, query.unitId, page)
      return toPage(query, rows, (row) => row.fromOn, periodSummaryView)
    },
  }
}
