import { and, eq, gte, lt } from 'drizzle-orm'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { stale } from '../../platform/http/problem.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { createFiling } from './duty-reports.filing.ts'
import { createReportLinks, schemaKey } from './duty-reports.links.ts'
import { createObligations } from './duty-reports.obligations.ts'
import { reportProblems } from './duty-reports.problems.ts'
import { onHandoverCompleted } from './duty-reports.reading.ts'
import { dutyReportsRepository, type ReportFacts } from './duty-reports.repository.ts'
import type { BoardQuery, FileReport, ForwardReport, ReportList } from './duty-reports.schemas.ts'
import { dutyReports } from './duty-reports.tables.ts'
import { cellView, reportView, summaryView } from './duty-reports.views.ts'
import { createWatch } from './duty-reports.watch.ts'
import { boardRepository, receiptsRepository } from './receipts.repository.ts'
import { asContent, checkContent } from './report-check.ts'

export type DutyReports = ReturnType<typeof createDutyReports>

export interface DutyReportsDeps extends Foundations {
  organisation: Organisation
  notifications: Pick<Notifications, 'notify'>
}

/**
 * What has to be reported until when. Promises: each deadline is one report for ever, nil is said and never assumed,
 * the first filing decides whether it came in time and every later one is kept beside it, and nobody files in silence:
 * whoever does not is reminded, then the responsible people are told.
 */
export function createDutyReports(deps: DutyReportsDeps) {
  const { db, clock, organisation } = deps
  const obligations = createObligations(deps)
  const desk = createFiling(deps)
  const watch = createWatch(deps)
  const links = createReportLinks({ ...deps, desk, watch })

  async function getReport(handle: Handle, actor: Actor, id: string): Promise<ReportFacts> {
    const found = await dutyReportsRepository(handle).findReport(id)
    assertCovers(actor, found?.unitPath, () => reportProblems.reportUnknown(id))
    return found!
  }

  async function lockReport(tx: Tx, actor: Actor, id: string): Promise<ReportFacts> {
    await getReport(tx, actor, id)
    const report = (await dutyReportsRepository(tx).lockReport(id))!
    return { ...(await getReport(tx, actor, id)), report }
  }

  async function show(handle: Handle, facts: ReportFacts) {
    const repository = dutyReportsRepository(handle)
    const { id } = facts.report
    const receipts = await receiptsRepository(handle).receiptsOf(id)
    return reportView(facts, await repository.filingsOf([id]), receipts, await repository.childrenOf(facts.report))
  }

  async function conditionsOf(
    actor: Actor,
    query: {
      unitId?: string | undefined
      obligationId?: string | undefined
      from?: string | undefined
      to?: string | undefined
    },
  ) {
    const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
    return [
      withinPath(actor.unitPath),
      under && withinPath(under.path),
      query.obligationId ? eq(dutyReports.obligationId, query.obligationId) : undefined,
      and(
        query.from ? gte(dutyReports.localDay, query.from) : undefined,
        query.to ? lt(dutyReports.localDay, query.to) : undefined,
      ),
    ]
  }

  return {
    ...obligations,
    ...links,
    onHandoverCompleted,
    remind: watch.remind,
    watch: watch.watch,
    alarm: watch.alarm,

    showReport: async (actor: Actor, id: string) => show(db, await getReport(db, actor, id)),

    async listReports(actor: Actor, query: z.output<typeof ReportList>) {
      const conditions = [
        ...(await conditionsOf(actor, query)),
        query.state ? eq(dutyReports.state, query.state) : undefined,
      ]
      const page = keyset(query, { dueAt: dutyReports.dueAt }, dutyReports.id)
      const rows = await dutyReportsRepository(db).listReports(conditions, page)
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.report.id })),
        (row) => row.report.dueAt,
        summaryView,
      )
    },

    /** Filed, nil, late and missing by unit and day, with the sums of the whole. */
    async board(actor: Actor, query: z.output<typeof BoardQuery>) {
      const conditions = await conditionsOf(actor, query)
      const page = keyset(query, { day: dutyReports.localDay }, dutyReports.unitId)
      const rows = await boardRepository(db).cells(conditions, page)
      const counts = await boardRepository(db).total(conditions)
      return { ...toPage(query, rows, (row) => row.localDay, cellView), counts }
    },

    /** Files a report, or amends it when it was filed before. */
    async fileReport(actor: Actor, id: string, version: number, input: z.output<typeof FileReport>) {
      return db.transaction(async (tx) => {
        const facts = await lockReport(tx, actor, id)
        if (facts.report.version !== version) throw stale(facts.report.version)
        const { schema } = facts.obligation
        const faults = input.content ? checkContent(schema, schemaKey(facts), input.content) : []
        if (faults.length > 0) throw reportProblems.contentWrong(faults)
        const content = input.content ? asContent(input.content) : null
        const occasion = { tx, actor, now: clock.now() }
        await desk.file(occasion, facts, { content, note: input.note ?? null, volunteerId: null })
        return show(tx, await getReport(tx, actor, id))
      })
    },

    /** Sends a filed report to more readers. */
    async forwardReport(actor: Actor, id: string, { receivers }: z.output<typeof ForwardReport>) {
      return db.transaction(async (tx) => {
        const facts = await lockReport(tx, actor, id)
        if (facts.report.filings === 0) throw reportProblems.notFiled()
        await obligations.checkReceivers(tx, actor, facts.unitPath, receivers)
        const occasion = { tx, actor, now: clock.now() }
        const sent = await desk.send(
          occasion,
          facts.report,
          receivers.map((receiver) => ({ receiver, forwardedById: null })),
        )
        await desk.auditPassing(occasion, facts.report, null, sent.length)
        return show(tx, facts)
      })
    },

    /** Reminds those who have not filed this report or its parts. */
    async chaseReport(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const facts = await lockReport(tx, actor, id)
        await watch.chase({ tx, actor, now: clock.now() }, facts)
        return show(tx, facts)
      })
    },
  }
}
