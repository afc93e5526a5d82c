import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers, worker } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type Findings, findings, stale } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import { localDay } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { planReports, remindReporters, watchReport } from './duty-reports.jobs.ts'
import { reportProblems } from './duty-reports.problems.ts'
import { dutyReportsRepository, type ObligationRow } from './duty-reports.repository.ts'
import { deadlinesAhead, minutesBefore, nextPlanning } from './duty-reports.rules.ts'
import {
  type NewObligation,
  type ObligationList,
  type ObligationPatch,
  obligationFindings,
} from './duty-reports.schemas.ts'
import { reportObligations } from './duty-reports.tables.ts'
import type { Receiver } from './duty-reports.types.ts'
import { obligationView } from './duty-reports.views.ts'
import { schemaFault } from './report-check.ts'

type Wish = Partial<Pick<ObligationRow, 'postId' | 'reporters' | 'receivers' | 'schema' | 'feedsId'>>
const PLANNER = worker(planReports.name)

export const obligationEntry = (
  action: string,
  { id, unitId }: ObligationRow,
  facts: Record<string, unknown> = {},
) => ({
  action: `report-obligation.${action}`,
  subject: { type: 'report-obligation', id },
  unitId,
  facts,
})

/** Who has to report what to whom until when, and the deadlines that follow from it. */
export function createObligations({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  async function getObligation(handle: Handle, actor: Actor, id: string) {
    const found = await dutyReportsRepository(handle).findObligation(id)
    assertCovers(actor, found?.unitPath, () => reportProblems.obligationUnknown(id))
    return found!
  }

  /** People may come from below the actor, posts as well; receivers may stand above, where reports go. */
  async function checkPeople(tx: Tx, actor: Actor, unitPath: string, wish: Wish, found: Findings) {
    const repository = dutyReportsRepository(tx)
    const readers = (wish.receivers ?? []).flatMap((one, i) => [
      { one, pointer: `/body/receivers/${i}` },
      ...(one.onward ?? []).map((next, j) => ({ one: next, pointer: `/body/receivers/${i}/onward/${j}` })),
    ])
    const writers = (wish.reporters ?? []).map((one, i) => ({ one, pointer: `/body/reporters/${i}` }))
    const people = [...readers, ...writers].flatMap(({ one, pointer }) =>
      'volunteerId' in one ? [{ id: one.volunteerId, pointer: `${pointer}/volunteerId` }] : [],
    )
    const units = readers.flatMap(({ one, pointer }) =>
      'unitId' in one ? [{ id: one.unitId, pointer: `${pointer}/unitId` }] : [],
    )
    const posts = [
      ...writers.flatMap(({ one, pointer }) =>
        'postId' in one ? [{ id: one.postId, pointer: `${pointer}/postId` }] : [],
      ),
      ...(wish.postId ? [{ id: wish.postId, pointer: '/body/postId' }] : []),
    ]
    const ids = (list: { id: string }[]) => list.map((one) => one.id)
    const homes = await repository.homePaths(ids(people))
    const unitPaths = await repository.unitPaths(ids(units))
    const postPaths = await repository.postUnits(ids(posts))
    const isSeen = (path: string | undefined) =>
      path !== undefined && (covers(actor, path) || unitPath.startsWith(path))
    const name = (
      what: string,
      list: { id: string; pointer: string }[],
      pathOf: (id: string) => string | undefined,
    ) => {
      for (const { id, pointer } of list) {
        if (!isSeen(pathOf(id))) found.add(pointer, `${what}-unknown`, `There is no ${what} ${id} that you may see.`)
      }
    }
    name('volunteer', people, (id) => homes.get(id))
    name('unit', units, (id) => unitPaths.get(id))
    name('post', posts, (id) => postPaths.get(id)?.path)
  }

  async function checkFeeds(
    tx: Tx,
    actor: Actor,
    id: string | undefined,
    unitPath: string,
    wish: Wish,
    found: Findings,
  ) {
    if (!wish.feedsId) return
    const repository = dutyReportsRepository(tx)
    const parent = await repository.findObligation(wish.feedsId)
    if (!parent || !(covers(actor, parent.unitPath) || unitPath.startsWith(parent.unitPath))) {
      const detail = `There is no obligation ${wish.feedsId} that you may see.`
      found.add('/body/feedsId', 'report-obligation-unknown', detail)
    } else if (id && (wish.feedsId === id || (await repository.chainAboveObligation(wish.feedsId)).includes(id))) {
      found.add('/body/feedsId', 'report-chain-cyclic', 'The chain of reports would become a circle.')
    }
  }

  async function check(tx: Tx, actor: Actor, id: string | undefined, unitPath: string, wish: Wish, found: Findings) {
    await checkPeople(tx, actor, unitPath, wish, found)
    await checkFeeds(tx, actor, id, unitPath, wish, found)
    const fault = wish.schema && schemaFault(wish.schema)
    if (fault) found.add('/body/schema', 'schema-wrong', fault)
  }

  /** Writes the reports of the days ahead that are not there yet, each with what has to happen around its deadline. */
  async function planAhead({ tx, actor, now }: Occasion, obligation: ObligationRow): Promise<void> {
    const repository = dutyReportsRepository(tx)
    const rows = deadlinesAhead(obligation, now).map(({ dueLocal, dueAt }) => ({
      id: newId(),
      obligationId: obligation.id,
      unitId: obligation.unitId,
      dueLocal,
      localDay: localDay(dueAt, obligation.zone),
      dueAt,
      createdAt: now,
    }))
    const fresh = await repository.insertReports(rows)
    await audit(
      tx,
      actor,
      now,
      ...fresh.map(({ id, unitId, dueLocal }) => ({
        action: 'report.due',
        subject: { type: 'report', id },
        unitId,
        to: 'due',
        facts: { obligationId: obligation.id, dueLocal },
      })),
    )
    await schedule(
      tx,
      watchReport,
      fresh.map(({ id, dueAt }) => ({ payload: { reportId: id }, key: id, dueAt })),
      now,
    )
    const upcoming = await repository.upcoming(obligation.id, now)
    const reminders = upcoming.flatMap(({ id, dueAt }) =>
      obligation.remindBeforeMinutes.map((minutes) => ({
        payload: { reportId: id, minutes },
        key: `${id}/${minutes}`,
        dueAt: minutesBefore(dueAt, minutes),
      })),
    )
    const toCome = reminders.filter((one) => one.dueAt > now)
    await schedule(tx, remindReporters, toCome, now)
    const again = nextPlanning(obligation, now)
    if (again) {
      const errand = { payload: { obligationId: obligation.id }, key: obligation.id, dueAt: again }
      await schedule(tx, planReports, errand, now)
    }
  }

  /** After a change: deadlines that are no longer wanted go, as long as nothing was filed for them. */
  async function replan(occasion: Occasion, obligation: ObligationRow): Promise<void> {
    const { tx, actor, now } = occasion
    const kept = deadlinesAhead(obligation, now).map((one) => one.dueLocal)
    const gone = await dutyReportsRepository(tx).withdrawReports(obligation.id, now, kept)
    await audit(
      tx,
      actor,
      now,
      ...gone.map(({ id, unitId, dueLocal }) => ({
        action: 'report.withdrawn',
        subject: { type: 'report', id },
        unitId,
        from: 'due',
        facts: { obligationId: obligation.id, dueLocal },
      })),
    )
    await planAhead(occasion, obligation)
  }

  return {
    /** Refuses readers who are unknown or whom the actor may not see. */
    async checkReceivers(tx: Tx, actor: Actor, unitPath: string, receivers: Receiver[]): Promise<void> {
      const found = findings()
      await checkPeople(tx, actor, unitPath, { receivers }, found)
      found.throwIfAny()
    },

    async createObligation(actor: Actor, input: z.output<typeof NewObligation>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const unit = await organisation.getUnit(actor, input.unitId, tx)
        const found = findings()
        await check(tx, actor, undefined, unit.path, input, found)
        found.throwIfAny()
        const obligation = await dutyReportsRepository(tx).insertObligation({
          ...input,
          zone: input.zone ?? unit.zone,
          createdAt: now,
          updatedAt: now,
        })
        await audit(tx, actor, now, obligationEntry('created', obligation, { name: obligation.name }))
        await planAhead({ tx, actor, now }, obligation)
        return obligationView(obligation)
      })
    },

    showObligation: async (actor: Actor, id: string) => obligationView((await getObligation(db, actor, id)).obligation),

    async listObligations(actor: Actor, query: z.output<typeof ObligationList>) {
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const rows = await dutyReportsRepository(db).listObligations(
        [withinPath(actor.unitPath), under && withinPath(under.path)],
        keyset(query, { createdAt: reportObligations.createdAt }, reportObligations.id),
      )
      return toPage(
        query,
        rows.map((row) => row.obligation),
        (row) => row.createdAt,
        obligationView,
      )
    },

    async updateObligation(actor: Actor, id: string, version: number, patch: z.output<typeof ObligationPatch>) {
      return db.transaction(async (tx) => {
        const now = clock.now()
        const { obligation: before, unitPath } = await getObligation(tx, actor, id)
        const found = findings()
        found.errors.push(...obligationFindings({ ...before, ...patch }))
        await check(tx, actor, id, unitPath, patch, found)
        found.throwIfAny()
        const after = await dutyReportsRepository(tx).updateObligation(id, version, { ...patch, updatedAt: now })
        if (!after) throw stale(before.version)
        await audit(tx, actor, now, obligationEntry('changed', after, { fields: Object.keys(patch) }))
        await replan({ tx, actor, now }, after)
        return obligationView(after)
      })
    },

    /** Task: writes down what is due in the next days. */
    plan: (obligationId: string): Promise<void> =>
      db.transaction(async (tx) => {
        const found = await dutyReportsRepository(tx).findObligation(obligationId)
        if (found) await planAhead({ tx, actor: PLANNER, now: clock.now() }, found.obligation)
      }),
  }
}
