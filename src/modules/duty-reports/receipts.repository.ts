import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { dutyReports, reportReceipts } from './duty-reports.tables.ts'

export type ReceiptRow = typeof reportReceipts.$inferSelect

export const receiptsRepository = (db: Handle) => ({
  /** One receipt for each receiver; who is there already is sent the newest filing. */
  async send(rows: (typeof reportReceipts.$inferInsert)[]): Promise<ReceiptRow[]> {
    if (rows.length === 0) return []
    return db
      .insert(reportReceipts)
      .values(rows)
      .onConflictDoUpdate({
        target: [reportReceipts.reportId, reportReceipts.receiverKey],
        set: { sentNumber: sql`excluded.sent_number` },
      })
      .returning()
  },

  /** Receipts of what was read without being sent; the first time of reading stays. */
  async read(rows: (typeof reportReceipts.$inferInsert)[]): Promise<ReceiptRow[]> {
    if (rows.length === 0) return []
    return db
      .insert(reportReceipts)
      .values(rows)
      .onConflictDoUpdate({
        target: [reportReceipts.reportId, reportReceipts.receiverKey],
        set: {
          readAt: sql`coalesce(${reportReceipts.readAt}, excluded.read_at)`,
          readNumber: sql`greatest(${reportReceipts.readNumber}, excluded.read_number)`,
        },
      })
      .returning()
  },

  async find(id: string): Promise<ReceiptRow | undefined> {
    const [row] = await db.select().from(reportReceipts).where(eq(reportReceipts.id, id))
    return row
  },

  receiptsOf: (reportId: string): Promise<ReceiptRow[]> =>
    db
      .select()
      .from(reportReceipts)
      .where(eq(reportReceipts.reportId, reportId))
      .orderBy(asc(reportReceipts.createdAt), asc(reportReceipts.id)),

  /** The tick; the first time of reading stays. undefined: read before. */
  async tick(id: string, number: number, now: Date): Promise<ReceiptRow | undefined> {
    const [row] = await db
      .update(reportReceipts)
      .set({ readAt: sql`coalesce(${reportReceipts.readAt}, ${now.toISOString()}::timestamptz)`, readNumber: number })
      .where(
        and(
          eq(reportReceipts.id, id),
          sql`(${isNull(reportReceipts.readNumber)} or ${reportReceipts.readNumber} < ${number})`,
        ),
      )
      .returning()
    return row
  },
})

export interface BoardCell extends Record<string, unknown> {
  /** The unit; with the day, the key of the cell. */
  id: string
  unitName: string
  localDay: string
  due: number
  filed: number
  nil: number
  late: number
  filedLate: number
  missing: number
  reportIds: string[]
}

const count = (condition: SQL) => sql<number>`count(*) filter (where ${condition})::int`
const is = (state: string) => sql`${dutyReports.state} = ${sql.raw(`'${state}'`)}`

const counts = {
  due: count(is('due')),
  filed: count(sql`${is('filed')} and not ${dutyReports.isNil}`),
  nil: count(sql`${is('filed')} and ${dutyReports.isNil}`),
  late: count(is('late')),
  filedLate: count(is('filed_late')),
  missing: count(is('missing')),
}

/** Filed, nil, late and missing by unit and day. */
export const boardRepository = (db: Handle) => ({
  cells: (conditions: (SQL | undefined)[], page: Keyset): Promise<BoardCell[]> =>
    db
      .select({
        id: dutyReports.unitId,
        unitName: units.name,
        localDay: dutyReports.localDay,
        ...counts,
        reportIds: sql<string[]>`array_agg(${dutyReports.id}::text order by ${dutyReports.dueAt}, ${dutyReports.id})`,
      })
      .from(dutyReports)
      .innerJoin(units, eq(units.id, dutyReports.unitId))
      .where(and(...conditions, page.after))
      .groupBy(dutyReports.unitId, units.name, dutyReports.localDay)
      .orderBy(...page.orderBy)
      .limit(page.limit),

  async total(conditions: (SQL | undefined)[]) {
    const [row] = await db
      .select(counts)
      .from(dutyReports)
      .innerJoin(units, eq(units.id, dutyReports.unitId))
      .where(and(...conditions))
    return row!
  },
})
