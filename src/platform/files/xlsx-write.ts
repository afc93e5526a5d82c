import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import ExcelJS from 'exceljs'
import { type CellValue, type Column, type ColumnType, plainText, type Rows } from './columns.ts'

export const XLSX_MAX_ROWS = 1_048_576
const MAX_CELL_LENGTH = 32_767
const EXACT_DIGITS = 15
const ROWS_PER_BREATH = 200
const FORMATS: Record<ColumnType, string> = {
  text: '@',
  integer: '0',
  decimal: 'General',
  date: 'yyyy-mm-dd',
  datetime: 'yyyy-mm-dd hh:mm',
}
const WIDTHS: Record<ColumnType, number> = { text: 20, integer: 10, decimal: 10, date: 12, datetime: 18 }

export type XlsxSheet = { name: string; columns: readonly Column[]; rows: Rows }

/** A workbook of one sheet; see `writeXlsxSheets`. */
export const writeXlsx = (name: string, columns: readonly Column[], rows: Rows): Readable =>
  writeXlsxSheets([{ name, columns, rows }])

/**
 * Sheets with a frozen bold header each. Text is typed as text, so nothing in it is a formula and long digits stay whole;
 * it is not altered otherwise, except that control characters go and text beyond 32 767 characters is cut, the most a
 * cell may hold. The stream fails with a TypeError at a value that is not of its column's type, and with a RangeError
 * when the rows do not fit a sheet.
 */
export function writeXlsxSheets(sheets: readonly XlsxSheet[]): Readable {
  const output = new PassThrough()
  writeWorkbook(output, sheets).catch((error: Error) => output.destroy(error))
  return output
}

async function writeWorkbook(output: PassThrough, sheets: readonly XlsxSheet[]) {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: output, useStyles: true })
  workbook.creator = 'Watchbill'
  for (const [index, one] of sheets.entries()) {
    const sheet = workbook.addWorksheet(sheetNameOf(one.name), { views: [{ state: 'frozen', ySplit: 1 }] })
    if (!(await writeSheet(output, sheet, one))) return
    // The workbook waits for the sheets it commits itself, and the last is written last.
    if (index < sheets.length - 1) sheet.commit()
  }
  await workbook.commit()
}

/** False when the reader is gone. */
async function writeSheet(output: PassThrough, sheet: ExcelJS.Worksheet, { columns, rows }: XlsxSheet) {
  sheet.columns = columns.map(({ type, width }) => ({ width: width ?? WIDTHS[type], style: { numFmt: FORMATS[type] } }))
  addHeader(sheet, columns)

  let written = 1
  for await (const row of rows) {
    if (written === XLSX_MAX_ROWS) throw new RangeError(`A sheet holds ${XLSX_MAX_ROWS} rows. Maybe export as CSV.`)
    sheet.addRow(columns.map((column) => cellOf(column, row[column.key]))).commit()
    written += 1
    if (written % ROWS_PER_BREATH === 0 && !(await readerKeepsUp(output))) return false
  }
  return true
}

/** The workbook writer never waits for its reader, so we do. False when the reader is gone. */
async function readerKeepsUp(output: PassThrough): Promise<boolean> {
  await breathe()
  if (output.writableNeedDrain && !output.destroyed) await Promise.race([once(output, 'drain'), once(output, 'close')])
  return !output.destroyed
}

function addHeader(sheet: ExcelJS.Worksheet, columns: readonly Column[]): void {
  const header = sheet.addRow(columns.map((column) => xmlSafe(column.header)))
  header.font = { bold: true }
  header.eachCell((cell) => {
    cell.numFmt = '@'
    cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE7E6E6' } }
    cell.border = { bottom: { style: 'thin' } }
  })
  header.commit()
}

function cellOf(column: Column, value: CellValue): string | number | null {
  const text = plainText(column, value)
  if (text === '') return null
  if (column.type === 'text') return xmlSafe(text)
  return (column.type === 'integer' || column.type === 'decimal' ? exactNumber(text) : serialDate(text)) ?? text
}

/** Undefined beyond 15 digits, where a spreadsheet would round. */
function exactNumber(text: string): number | undefined {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '')
  return digits.length <= EXACT_DIGITS ? Number(text) : undefined
}

/** Days since 1899-12-30, as spreadsheets count (ECMA-376 part 1, 18.17.4.1); undefined before they agree. */
function serialDate(text: string): number | undefined {
  const [year, month, day, hours = 0, minutes = 0, seconds = 0] = text.split(/[-: ]/).map(Number) as [
    number,
    number,
    number,
    ...number[],
  ]
  const days = Date.UTC(year, month - 1, day, hours, minutes, seconds) / 86_400_000 + 25_569
  return days < 61 ? undefined : days
}

/** A literal `_x0041_` would be read as an escaped "A" (ECMA-376 part 1, 22.9.2.19); half an emoji is no character. */
const xmlSafe = (text: string) =>
  text
    .slice(0, MAX_CELL_LENGTH)
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot carry
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, '')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')

/** At most 31 characters, none of `[]:*?/\`, no apostrophe at either end. */
const sheetNameOf = (name: string) =>
  xmlSafe(name)
    .replace(/[[\]:*?/\\]/g, ' ')
    .slice(0, 31)
    .replace(/^[' ]+|[' ]+$/g, '') || 'Sheet1'
