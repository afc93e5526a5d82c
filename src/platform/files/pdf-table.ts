import type { Readable } from 'node:stream'
import { type Column, type ColumnType, plainText, type Row, type Rows } from './columns.ts'
import { type Closing, drawClosing } from './pdf-closing.ts'
import type { GridColumn } from './pdf-grid.ts'
import { wrap } from './pdf-lines.ts'
import { type Align, LINE_HEIGHT, MM, Sheet, type SheetOptions } from './pdf-sheet.ts'
import { TableRows } from './pdf-table-rows.ts'

/** `width` in characters, as a share: all columns together fill the page. Numbers stand right, all else left. */
export type PdfColumn = Column & { align?: Align }

export type PdfFact = { label: string; value: string }

export type PdfTable = {
  heading?: string
  /** Shown above the table, several in a line. */
  facts?: readonly PdfFact[]
  columns: readonly PdfColumn[]
  rows: Rows
  /** Key of a value, not necessarily a column: where it changes, a band across the table shows it. */
  groupBy?: string
  /** Begins a new page, which all but the first table may want. */
  newPage?: boolean
  /** Millimetres, for rows that somebody writes in by hand. */
  rowHeight?: number
}

export type TableDocument = SheetOptions & {
  subtitle?: string
  tables: readonly PdfTable[]
  closing?: Closing
  /** Of the letters in tables, in points; 9 unless told. */
  fontSize?: number
}

const WIDTHS: Record<ColumnType, number> = { text: 20, integer: 8, decimal: 8, date: 11, datetime: 16 }
const ROWS_PER_BREATH = 50
const SIZE = 9

/**
 * A printable document on A4: title on every page, tables whose header (and band) stands again on every page, room for
 * signatures and a seal at the end. A row moves to the next page whole, and is split only when higher than a page.
 * The stream fails with a TypeError at a value that is not of its column's type.
 */
export function writeTablePdf(document: TableDocument): Readable {
  const sheet = new Sheet(document)
  drawDocument(sheet, document).catch((error: Error) => sheet.output.destroy(error))
  return sheet.output
}

async function drawDocument(sheet: Sheet, document: TableDocument): Promise<void> {
  sheet.head = () => drawTitle(sheet, document)
  sheet.startPage()
  for (const [index, table] of document.tables.entries()) {
    if (table.newPage && index > 0) sheet.startPage()
    if (!(await drawTable(sheet, table, document.fontSize))) return
  }
  if (document.closing) drawClosing(sheet, document.closing)
  sheet.finish()
}

function drawTitle(sheet: Sheet, { title, subtitle }: TableDocument): void {
  sheet.paragraph(title, 16, 'center', { bold: true })
  if (subtitle) sheet.paragraph(subtitle, 10, 'center', { grey: 0.25 })
  sheet.y += 2 * MM
}

/** From `sheet.y` on. False when the reader is gone. */
export async function drawTable(sheet: Sheet, table: PdfTable, size = SIZE): Promise<boolean> {
  const rows = new TableRows(sheet, columnsOf(table.columns, sheet.width), headersOf(table), size, table.rowHeight)
  drawIntroduction(sheet, table, rows.headerHeight, size)
  let drawn = 0
  for await (const row of table.rows) {
    rows.draw(cellsOf(table.columns, row), table.groupBy === undefined ? undefined : String(row[table.groupBy] ?? ''))
    drawn += 1
    if (drawn % ROWS_PER_BREATH === 0 && !(await sheet.readerKeepsUp())) return false
  }
  rows.end()
  sheet.y += 4 * MM
  return true
}

/** Heading and facts, on the same page as the header and a first row. */
function drawIntroduction(sheet: Sheet, { heading, facts = [] }: PdfTable, headerHeight: number, size: number): void {
  const lines = facts.length > 0 ? wrap(facts.map(factText).join('    '), sheet.width / size) : []
  const height = (heading ? 18 : 0) + lines.length * LINE_HEIGHT * size + 2 * headerHeight
  if (!sheet.fits(height)) sheet.startPage()
  if (heading) sheet.paragraph(heading, 12, 'left', { bold: true })
  sheet.y += sheet.writeLines(lines, sheet.left, sheet.y, sheet.width, size, 'left')
  if (heading || facts.length > 0) sheet.y += MM
}

const factText = ({ label, value }: PdfFact) => `${label} ${value}`
const headersOf = (table: PdfTable) => table.columns.map((column) => column.header)
const cellsOf = (columns: readonly PdfColumn[], row: Row) => columns.map((column) => plainText(column, row[column.key]))

function columnsOf(columns: readonly PdfColumn[], width: number): GridColumn[] {
  const shares = columns.map((column) => column.width ?? WIDTHS[column.type])
  const all = shares.reduce((sum, share) => sum + share, 0)
  return columns.map(({ type, align }, index) => {
    const usual = type === 'integer' || type === 'decimal' ? 'right' : 'left'
    return { width: (width * shares[index]!) / all, align: align ?? usual }
  })
}
