import { audit } from '../../platform/audit/audit.ts'
import { worker } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { schedule } from '../../platform/queue/tasks.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { NewMessage } from '../notifications/notifications.types.ts'
import { reportMissing } from './duty-reports.events.ts'
import { raiseAlarm, remindReporters, watchReport } from './duty-reports.jobs.ts'
import { dutyReportsRepository, type ReportFacts, type ReportRow } from './duty-reports.repository.ts'
import { minutesAfter, minutesBefore, stateByClock } from './duty-reports.rules.ts'
import { isFiled, type ReportState } from './duty-reports.states.ts'

const CHASE_PAUSE_MS = 5 * 60_000

export const reportEntry = (
  { id, unitId, obligationId }: Pick<ReportRow, 'id' | 'unitId' | 'obligationId'>,
  from: ReportState,
  to: ReportState,
  facts: Record<string, unknown> = {},
) => ({ action: `report.${to}`, subject: { type: 'report', id }, unitId, from, to, facts: { obligationId, ...facts } })

/** Who has to file a report now. A deadline asks whoever is on duty at it, a moment after it whoever is on duty then. */
const momentOf = ({ dueAt }: Pick<ReportRow, 'dueAt'>, now: Date) => (now < dueAt ? dueAt : now)

/** Reminders before the deadline, the alarm after it, and the word that a report is missing. */
export function createWatch({
  db,
  clock,
  news,
  notifications,
}: Foundations & { notifications: Pick<Notifications, 'notify'> }) {
  const reportersOf = (tx: Tx, { report, obligation }: ReportFacts, now: Date) =>
    dutyReportsRepository(tx).reportersAt(obligation.reporters, momentOf(report, now))

  /** A message to everybody who has to file; when nobody is on duty, the unit is told so instead. */
  async function tellReporters(occasion: Occasion, facts: ReportFacts, template: string, which: string): Promise<void> {
    const { id: subjectId } = facts.report
    const people = await reportersOf(occasion.tx, facts, occasion.now)
    const messages: NewMessage[] = people.map((volunteerId) => ({
      volunteerId,
      template,
      subjectId,
      purpose: `${template}:${subjectId}:${which}`,
    }))
    const [unitId] = people.length > 0 ? [] : await dutyReportsRepository(occasion.tx).chainAboveUnit(facts.unitPath)
    if (unitId) messages.push({ unitId, template: 'report-nobody', subjectId, purpose: `report-nobody:${subjectId}` })
    await notifications.notify(occasion, messages)
  }

  /** Whoever makes the next report of the chain hears that a part of it is late. */
  async function tellParent(occasion: Occasion, { report, obligation }: ReportFacts): Promise<void> {
    if (!obligation.feedsId) return
    const repository = dutyReportsRepository(occasion.tx)
    const parent = await repository.parentOf(obligation.feedsId, report.dueAt)
    const facts = parent && (await repository.findReport(parent.id))
    if (!facts || isFiled(facts.report.state)) return
    const people = await reportersOf(occasion.tx, facts, occasion.now)
    await notifications.notify(
      occasion,
      people.map((volunteerId) => ({
        volunteerId,
        template: 'report-part-late',
        subjectId: facts.report.id,
        purpose: `report-part-late:${report.id}`,
        params: { partId: report.id },
      })),
    )
  }

  const alarmAt = ({ report, obligation }: ReportFacts, step: number) =>
    minutesAfter(report.dueAt, step * obligation.alarmEveryMinutes)

  const scheduleAlarm = (tx: Tx, facts: ReportFacts, step: number, now: Date) => {
    const reportId = facts.report.id
    const errand = { payload: { reportId, step }, key: `${reportId}/${step}`, dueAt: alarmAt(facts, step) }
    return schedule(tx, raiseAlarm, errand, now)
  }

  async function becomeLate(occasion: Occasion, facts: ReportFacts): Promise<void> {
    const { tx, now } = occasion
    const { report, obligation } = facts
    await tellReporters(occasion, facts, 'report-late', '0')
    await tellParent(occasion, facts)
    await scheduleAlarm(tx, facts, 1, now)
    const dueAt = minutesAfter(report.dueAt, obligation.missingAfterMinutes)
    await schedule(tx, watchReport, { payload: { reportId: report.id }, key: report.id, dueAt }, now)
  }

  async function becomeMissing(occasion: Occasion, { report, unitPath }: ReportFacts): Promise<void> {
    const { id: reportId, obligationId, unitId } = report
    const [first] = await dutyReportsRepository(occasion.tx).chainAboveUnit(unitPath)
    await notifications.notify(occasion, [
      { unitId: first!, template: 'report-missing', subjectId: reportId, purpose: `report-missing:${reportId}` },
    ])
    await news.record(reportMissing, { reportId, obligationId, unitId }, occasion)
  }

  /** The report, held until the end of the transaction, with what belongs to it. */
  async function lock(tx: Tx, id: string): Promise<ReportFacts | undefined> {
    const report = await dutyReportsRepository(tx).lockReport(id)
    const facts = report && (await dutyReportsRepository(tx).findReport(id))
    return facts && { ...facts, report }
  }

  return {
    tellReporters,

    /** Task: so many minutes before the deadline. */
    remind: (reportId: string, minutes: number): Promise<void> =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const facts = await dutyReportsRepository(tx).findReport(reportId)
        if (!facts || isFiled(facts.report.state) || now >= facts.report.dueAt) return
        const wanted = facts.obligation.remindBeforeMinutes.includes(minutes)
        if (!wanted || now < minutesBefore(facts.report.dueAt, minutes)) return
        const occasion = { tx, actor: worker(remindReporters.name), now }
        await tellReporters(occasion, facts, 'report-reminder', String(minutes))
      }),

    /** Task: what the clock alone does to a report that nobody has filed. */
    watch: (reportId: string): Promise<void> =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const occasion = { tx, actor: worker(watchReport.name), now }
        // Steps that a long stop of the workers has held up follow each other at once.
        for (let facts = await lock(tx, reportId); facts; facts = await lock(tx, reportId)) {
          const { report, obligation } = facts
          const state = stateByClock(report, obligation.missingAfterMinutes, now)
          if (state === report.state) return
          const missingAt = state === 'missing' ? { missingAt: now } : {}
          await dutyReportsRepository(tx).updateReport(reportId, { state, ...missingAt })
          await audit(tx, occasion.actor, now, reportEntry(report, report.state, state))
          await (state === 'late' ? becomeLate(occasion, facts) : becomeMissing(occasion, facts))
        }
      }),

    /** Task: each step asks the reporters again and tells the next level of responsible people. */
    alarm: (reportId: string, step: number): Promise<void> =>
      db.transaction(async (tx) => {
        const now = clock.now()
        const facts = await dutyReportsRepository(tx).findReport(reportId)
        if (!facts || isFiled(facts.report.state) || now < alarmAt(facts, step)) return
        const occasion = { tx, actor: worker(raiseAlarm.name), now }
        const chain = await dutyReportsRepository(tx).chainAboveUnit(facts.unitPath)
        const unitId = chain[step - 1]
        if (!unitId) return
        await tellReporters(occasion, facts, 'report-late', String(step))
        await notifications.notify(occasion, [
          { unitId, template: 'report-alarm', subjectId: reportId, purpose: `report-alarm:${reportId}` },
        ])
        await scheduleAlarm(tx, facts, step + 1, now)
      }),

    /** By hand: asks those who have to file, and those of the parts that are not there yet, once in five minutes. */
    async chase(occasion: Occasion, facts: ReportFacts): Promise<number> {
      const repository = dutyReportsRepository(occasion.tx)
      const parts = (await repository.childrenOf(facts.report)).map((child) => child.report)
      const open = [facts.report, ...parts].filter((report) => !isFiled(report.state))
      const pause = Math.floor(occasion.now.getTime() / CHASE_PAUSE_MS)
      for (const { id } of open) {
        const one = await repository.findReport(id)
        if (one) await tellReporters(occasion, one, 'report-chase', String(pause))
      }
      return open.length
    },
  }
}

export type Watch = ReturnType<typeof createWatch>
