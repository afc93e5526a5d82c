import type { ChildFacts, FilingRow, ObligationRow, ReportFacts, ReportRow } from './duty-reports.repository.ts'
import { sumsOf } from './duty-reports.rules.ts'
import { isFiled } from './duty-reports.states.ts'
import type { Addressee } from './duty-reports.types.ts'
import type { BoardCell, ReceiptRow } from './receipts.repository.ts'

export const obligationView = ({ createdAt, updatedAt, ...row }: ObligationRow) => ({
  ...row,
  name: row.name as Record<string, string>,
  schema: row.schema as unknown as Record<string, unknown>,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** One word for how a report stands: nil is a word of its own, as nothing filed is another thing. */
export const standingOf = ({ state, isNil }: Pick<ReportRow, 'state' | 'isNil'>) =>
  state === 'filed' && isNil ? ('nil' as const) : state

export const summaryView = ({ report, obligation, unitName, postName }: ReportFacts) => ({
  id: report.id,
  obligationId: report.obligationId,
  name: obligation.name as Record<string, string>,
  unitId: report.unitId,
  unitName,
  postName,
  localDay: report.localDay,
  dueLocal: report.dueLocal,
  zone: obligation.zone,
  dueAt: report.dueAt.toISOString(),
  state: report.state,
  nil: report.isNil,
  firstFiledAt: report.firstFiledAt?.toISOString() ?? null,
  lastFiledAt: report.lastFiledAt?.toISOString() ?? null,
  filings: report.filings,
  missingAt: report.missingAt?.toISOString() ?? null,
  version: report.version,
})

const masked = (address: string) => `${address.slice(0, 2)}***${address.slice(-2)}`

/** A reader as others may see them. */
export const addresseeView = (receiver: Addressee): Record<string, unknown> =>
  'address' in receiver ? { ...receiver, address: masked(receiver.address) } : { ...receiver }

export const receiptView = (receipt: ReceiptRow, newest: number) => ({
  id: receipt.id,
  receiver: addresseeView(receipt.receiver),
  forwardedById: receipt.forwardedById,
  sentNumber: receipt.sentNumber,
  readAt: receipt.readAt?.toISOString() ?? null,
  readNumber: receipt.readNumber,
  readNewest: (receipt.readNumber ?? 0) >= newest,
})

export const childView = ({ report, name, unitName, postName, content }: ChildFacts) => ({
  reportId: report.id,
  name: name as Record<string, string>,
  unitName,
  postName,
  dueAt: report.dueAt.toISOString(),
  standing: standingOf(report),
  content: isFiled(report.state) ? content : null,
})

export const reportView = (
  facts: ReportFacts,
  filings: { filing: FilingRow; by: string | null }[],
  receipts: ReceiptRow[],
  children: ChildFacts[],
) => ({
  ...summaryView(facts),
  filed: filings.map(({ filing, by }) => ({
    number: filing.number,
    nil: filing.isNil,
    content: filing.content,
    note: filing.note,
    filedAt: filing.filedAt.toISOString(),
    filedBy: filing.filedBy,
    volunteerId: filing.volunteerId,
    volunteerName: by,
  })),
  receipts: receipts.map((receipt) => receiptView(receipt, facts.report.filings)),
  children: children.map(childView),
  sums: sumsOf(facts.obligation.schema, children),
})

export const cellView = ({ id, unitName, localDay, reportIds, ...counts }: BoardCell) => ({
  unitId: id,
  unitName,
  day: localDay,
  counts,
  reportIds,
})
