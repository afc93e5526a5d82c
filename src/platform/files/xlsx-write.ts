import { Readable } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import { type CellValue, type Column, type ColumnType, plainText, type Row, type Rows } from './columns.ts'
import { escapeXml, HEADER_STYLE, letterOf, partsOf, SHEET_END, STYLES, sheetHead } from './xlsx-parts.ts'
import { zipped } from './zip-write.ts'

export const XLSX_MAX_ROWS = 1_048_576
const MAX_CELL_LENGTH = 32_767
const EXACT_DIGITS = 15
const CHUNK_LENGTH = 64 * 1024
const WIDTHS: Record<ColumnType, number> = { text: 20, integer: 10, decimal: 10, date: 12, datetime: 18 }
const LONG_AGO = Date.UTC(1980, 0, 1)

export type XlsxSheet = { name: string; columns: readonly Column[]; rows: Rows }

/** A workbook of one sheet; see `writeXlsxSheets`. */
export const writeXlsx = (name: string, columns: readonly Column[], rows: Rows): Readable =>
  writeXlsxSheets([{ name, columns, rows }])

/**
 * Sheets with a frozen bold header each, written while they are read. Text is typed as text, so nothing in it is a
 * formula and long digits stay whole; it is not altered otherwise, except that control characters go and text beyond
 * 32 767 characters is cut, the most a cell may hold. The stream fails with a TypeError at a value that is not of its
 * column's type, and with a RangeError when the rows do not fit a sheet. The same rows and date give the same bytes.
 */
export function writeXlsxSheets(sheets: readonly XlsxSheet[], madeAt = new Date(LONG_AGO)): Readable {
  const parts = partsOf(
    sheets.map((sheet) => sheetNameOf(sheet.name)),
    madeAt,
  )
  const entries = [
    ...parts.map(([name, content]) => ({ name, chunks: [Buffer.from(content)] })),
    ...sheets.map((sheet, index) => ({ name: `xl/worksheets/sheet${index + 1}.xml`, chunks: sheetXml(sheet) })),
  ]
  return Readable.from(zipped(entries, madeAt), { objectMode: false, highWaterMark: CHUNK_LENGTH })
}

async function* sheetXml({ columns, rows }: XlsxSheet): AsyncGenerator<Buffer> {
  const placed = columns.map((column, index) => ({
    column,
    letter: letterOf(index),
    style: STYLES[column.type],
    width: column.width ?? WIDTHS[column.type],
  }))
  const headers = placed.map(({ column, letter }) => cellXml(`${letter}1`, HEADER_STYLE, xmlSafe(column.header)))
  let text = `${sheetHead(placed)}<row r="1">${headers.join('')}</row>`
  let number = 1
  for await (const row of rows) {
    if (number === XLSX_MAX_ROWS) throw new RangeError(`A sheet holds ${XLSX_MAX_ROWS} rows. Maybe export as CSV.`)
    number += 1
    text += rowXml(placed, row, number)
    if (text.length < CHUNK_LENGTH) continue
    yield Buffer.from(text)
    text = ''
    await breathe()
  }
  yield Buffer.from(text + SHEET_END)
}

function rowXml(placed: readonly { column: Column; letter: string; style: number }[], row: Row, number: number) {
  let cells = ''
  for (const { column, letter, style } of placed) {
    const value = cellOf(column, row[column.key])
    if (value !== null) cells += cellXml(letter + number, style, value)
  }
  return `<row r="${number}">${cells}</row>`
}

const cellXml = (place: string, style: number, value: string | number) =>
  typeof value === 'number'
    ? `<c r="${place}" s="${style}"><v>${value}</v></c>`
    : `<c r="${place}" s="${style}" t="str"><v>${escapeXml(value)}</v></c>`

function cellOf(column: Column, value: CellValue): string | number | null {
  const text = plainText(column, value)
  if (text === '') return null
  if (column.type === 'text') return xmlSafe(text)
  return (column.type === 'integer' || column.type === 'decimal' ? exactNumber(text) : serialDate(text)) ?? text
}

/** Undefined beyond 15 digits, where a spreadsheet would round. */
function exactNumber(text: string): number | undefined {
  if (text.length <= EXACT_DIGITS) return Number(text)
  const digits = text.replace(/\D/g, '').replace(/^0+/, '')
  return digits.length <= EXACT_DIGITS ? Number(text) : undefined
}

/** Days since 1899-12-30, as spreadsheets count (ECMA-376 part 1, 18.17.4.1); undefined before they agree. */
function serialDate(text: string): number | undefined {
  const part = (from: number) => Number(text.slice(from, from + 2))
  const millis = Date.UTC(Number(text.slice(0, 4)), part(5) - 1, part(8), part(11), part(14), part(17))
  const days = millis / 86_400_000 + 25_569
  return days < 61 ? undefined : days
}

const UNUSUAL = /[^\x20-\x5e\x60-\x7e\u00a0-\ud7ff\uf900-\ufffd]/

/** A literal `_x0041_` would be read as an escaped "A" (ECMA-376 part 1, 22.9.2.19); half an emoji is no character. */
const xmlSafe = (text: string) =>
  text.length <= MAX_CELL_LENGTH && !UNUSUAL.test(text)
    ? text
    : text
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
