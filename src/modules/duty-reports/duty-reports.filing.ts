import { isDeepStrictEqual } from 'node:util'
import { audit } from '../../platform/audit/audit.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { Notifications } from '../notifications/notifications.service.ts'
import type { NewMessage } from '../notifications/notifications.types.ts'
import { reportFiled } from './duty-reports.events.ts'
import { dutyReportsRepository, type ReportFacts, type ReportRow } from './duty-reports.repository.ts'
import { receiverKey, statesToFile } from './duty-reports.rules.ts'
import type { Addressee, Content } from './duty-reports.types.ts'
import { reportEntry } from './duty-reports.watch.ts'
import { type ReceiptRow, receiptsRepository } from './receipts.repository.ts'

export interface Filing {
  /** null: nil, said explicitly. */
  content: Content | null
  note: string | null
  volunteerId: string | null
}

/** A receipt as the recipient of a message: outsiders are told in the name of the unit that reports. */
export function messageTo(receipt: ReceiptRow, unitId: string): NewMessage {
  const { receiver, id: subjectId, sentNumber } = receipt
  const common = { template: 'report-filed', subjectId, purpose: `report-filed:${subjectId}:${sentNumber}` }
  if ('volunteerId' in receiver) return { ...common, volunteerId: receiver.volunteerId }
  if ('unitId' in receiver) return { ...common, unitId: receiver.unitId }
  const { name, channel, address, locale } = receiver
  return { ...common, unitId, contact: { name, channel, address, locale } }
}

/** Filing, amending and passing on. */
export function createFiling({ news, notifications }: Foundations & { notifications: Pick<Notifications, 'notify'> }) {
  async function send(
    occasion: Occasion,
    report: Pick<ReportRow, 'id' | 'unitId' | 'filings'>,
    receivers: { receiver: Addressee; forwardedById: string | null }[],
  ): Promise<ReceiptRow[]> {
    const { tx, now } = occasion
    const byKey = new Map(receivers.map((one) => [receiverKey(one.receiver), one]))
    const rows = [...byKey].map(([key, one]) => ({
      id: newId(),
      reportId: report.id,
      receiver: one.receiver,
      receiverKey: key,
      forwardedById: one.forwardedById,
      sentNumber: report.filings,
      createdAt: now,
    }))
    const sent = await receiptsRepository(tx).send(rows)
    await notifications.notify(
      occasion,
      sent.map((receipt) => messageTo(receipt, report.unitId)),
    )
    return sent
  }

  /** Whether the newest filing says just this. */
  async function isSaid(handle: Handle, reportId: string, { content, note }: Filing): Promise<boolean> {
    const newest = (await dutyReportsRepository(handle).filingsOf([reportId])).at(-1)?.filing
    return newest !== undefined && isDeepStrictEqual([newest.content, newest.note], [content, note])
  }

  const withoutOnward = ({ onward: _onward, ...receiver }: Addressee & { onward?: unknown }): Addressee => receiver

  return {
    send,
    isSaid,

    /**
     * Files a report that is held by the transaction, or amends it: the first filing decides whether it came in time,
     * every later one is a new version. The same said again changes nothing.
     */
    async file(occasion: Occasion, { report, obligation }: ReportFacts, filing: Filing): Promise<ReportRow> {
      const { tx, actor, now } = occasion
      const repository = dutyReportsRepository(tx)
      if (await isSaid(tx, report.id, filing)) return report
      const number = report.filings + 1
      await repository.insertFiling({
        reportId: report.id,
        number,
        isNil: filing.content === null,
        content: filing.content,
        note: filing.note,
        filedAt: now,
        volunteerId: filing.volunteerId,
        filedBy: `${actor.kind}:${actor.id}`,
      })
      const states = statesToFile(report.state, report.dueAt, now)
      const after = await repository.updateReport(report.id, {
        state: states.at(-1) ?? report.state,
        isNil: filing.content === null,
        firstFiledAt: report.firstFiledAt ?? now,
        lastFiledAt: now,
        filings: number,
      })
      const facts = { number, nil: after.isNil, volunteerId: filing.volunteerId }
      const steps = states.map((to, i) => reportEntry(report, states[i - 1] ?? report.state, to, facts))
      const amended = { ...reportEntry(report, report.state, report.state, facts), action: 'report.amended' }
      await audit(tx, actor, now, ...(steps.length > 0 ? steps : [amended]))
      const known = await receiptsRepository(tx).receiptsOf(report.id)
      await send(occasion, after, [
        ...obligation.receivers.map((one) => ({ receiver: withoutOnward(one), forwardedById: null })),
        ...known.map(({ receiver, forwardedById }) => ({ receiver, forwardedById })),
      ])
      const { obligationId, unitId } = report
      await news.record(reportFiled, { reportId: report.id, obligationId, unitId, number }, occasion)
      return after
    },

    /** Passes a report on from one of its readers, to those the obligation names for that. */
    async passOn(occasion: Occasion, { report, obligation }: ReportFacts, receipt: ReceiptRow): Promise<number> {
      const mine = obligation.receivers.find((one) => receiverKey(one) === receipt.receiverKey)
      const next = (mine?.onward ?? []).map((receiver) => ({ receiver, forwardedById: receipt.id }))
      const known = new Set((await receiptsRepository(occasion.tx).receiptsOf(report.id)).map((one) => one.receiverKey))
      const fresh = next.filter((one) => !known.has(receiverKey(one.receiver)))
      await send(occasion, report, fresh)
      await auditPassing(occasion, report, receipt.id, fresh.length)
      return fresh.length
    },

    auditPassing,
  }
}

/** One row for one act of passing on, however many it reached. */
export async function auditPassing(
  { tx, actor, now }: Occasion,
  { id, unitId }: Pick<ReportRow, 'id' | 'unitId'>,
  receiptId: string | null,
  count: number,
): Promise<void> {
  if (count === 0) return
  const facts = { receiptId, receivers: count }
  await audit(tx, actor, now, { action: 'report.passed-on', subject: { type: 'report', id }, unitId, facts })
}

export type FilingDesk = ReturnType<typeof createFiling>
