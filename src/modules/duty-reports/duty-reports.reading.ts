import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import type { handoverCompleted } from '../handovers/handovers.events.ts'
import { dutyReportsRepository } from './duty-reports.repository.ts'
import { receiverKey } from './duty-reports.rules.ts'
import { receiptsRepository } from './receipts.repository.ts'

/** Reaction: who takes over a post has read what was reported in the shift before, as the signature says. */
export async function onHandoverCompleted(
  { handoverId, volunteerId, reports }: z.output<typeof handoverCompleted.payload>,
  { tx, actor, now }: Occasion,
): Promise<void> {
  const receiver = { volunteerId }
  const read = await receiptsRepository(tx).read(
    reports.map(({ id, number }) => ({
      id: newId(),
      reportId: id,
      receiver,
      receiverKey: receiverKey(receiver),
      sentNumber: number,
      createdAt: now,
      readAt: now,
      readNumber: number,
    })),
  )
  const units = await dutyReportsRepository(tx).unitsOf(read.map((receipt) => receipt.reportId))
  const changes = read.map(({ id: receiptId, reportId, readNumber }) => ({
    action: 'report.read',
    subject: { type: 'report', id: reportId },
    unitId: units.get(reportId)!,
    facts: { receiptId, number: readNumber, handoverId },
  }))
  await audit(tx, actor, now, ...changes)
}
