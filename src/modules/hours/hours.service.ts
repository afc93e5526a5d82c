import type { SQL } from 'drizzle-orm'
import type { z } from 'zod'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Holidays } from '../holidays/holidays.service.ts'
import { organisationRepository } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { createExportColumns } from './export-columns.service.ts'
import { createBooking } from './hours.booking.ts'
import { createLedgerCorrections } from './hours.corrections.ts'
import { createHoursFiles } from './hours.files.ts'
import { groupColumns, hoursRepository, linesWhere } from './hours.repository.ts'
import type { Filter, LedgerList, SummaryList } from './hours.schemas.ts'
import { ledger } from './hours.tables.ts'
import { lineView, sumView } from './hours.views.ts'
import { createPeriods } from './periods.service.ts'

export type Hours = ReturnType<typeof createHours>

export interface HoursDeps extends Foundations {
  organisation: Organisation
  holidays: Holidays
}

/**
 * The ledger of served time. Promises: a segment is booked once, nothing is ever changed or removed, a correction is
 * a line that takes back and a line that stands and has a second person behind it, a closed period keeps its numbers,
 * and every export shows exactly what the ledger sums up to.
 */
export function createHours(deps: HoursDeps) {
  const { db } = deps
  const booking = createBooking(deps)
  const corrections = createLedgerCorrections({ ...deps, booking })
  const periods = createPeriods(deps)
  const columns = createExportColumns(deps)

  /** The condition a filter stands for; names every unit, post or person in it that the actor cannot see. */
  async function conditionOf(actor: Actor, filter: Filter): Promise<{ where: SQL; unitPath: string }> {
    const found = findings()
    const repository = hoursRepository(db)
    const unknown = (field: string, what: string, id: string) =>
      found.add(`/query/${field}`, `${what}-unknown`, `There is no ${what} ${id} that you may see.`)
    const unit = filter.unitId ? await organisationRepository(db).findUnit(filter.unitId) : undefined
    if (filter.unitId && !(unit && covers(actor, unit.path))) unknown('unitId', 'unit', filter.unitId)
    for (const kind of ['post', 'volunteer'] as const) {
      const id = filter[`${kind}Id`]
      if (id && !(await repository.isKnown(kind, id, actor.unitPath))) unknown(`${kind}Id`, kind, id)
    }
    found.throwIfAny()
    return { where: linesWhere(actor.unitPath, filter, unit?.path), unitPath: unit?.path ?? actor.unitPath }
  }

  return {
    ...booking,
    ...corrections,
    ...periods,
    ...columns,
    ...createHoursFiles({ ...deps, periods, columns, conditionOf }),

    async listLines(actor: Actor, query: z.output<typeof LedgerList>) {
      const { where } = await conditionOf(actor, query)
      const rows = await hoursRepository(db).listLines(where, keyset(query, { localDay: ledger.localDay }, ledger.id))
      const withId = rows.map((row) => ({ ...row, id: row.line.id }))
      return toPage(query, withId, (row) => row.line.localDay, lineView)
    },

    async summary(actor: Actor, query: z.output<typeof SummaryList>) {
      const { where } = await conditionOf(actor, query)
      const { id, name } = groupColumns(query.by)
      const rows = await hoursRepository(db).listSums(query.by, where, keyset(query, { name }, id))
      return toPage(query, rows, (row) => row.sortKey, sumView)
    },

    /** Sums of each local day of duty that has lines, in order. */
    summaryByDay: async (actor: Actor, filter: Filter) =>
      hoursRepository(db).listDays((await conditionOf(actor, filter)).where),
  }
}
