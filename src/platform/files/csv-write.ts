import { Readable } from 'node:stream'
import { type Column, plainText, type Row, type Rows } from './columns.ts'
import { guard } from './formula-guard.ts'

const CHUNK_LENGTH = 64 * 1024

/**
 * CSV as in RFC 4180: commas, CRLF, doubled quotes, UTF-8; with the byte order mark by which spreadsheets know UTF-8.
 * Text, headers included, cannot start a formula (see `guard`); numbers and dates are written bare, minus sign and all.
 * The stream fails with a TypeError at a value that is not of its column's type.
 */
export function writeCsv(columns: readonly Column[], rows: Rows, options: { bom?: boolean } = {}): Readable {
  return Readable.from(chunks(columns, rows, options.bom ?? true), { objectMode: false })
}

/** What comes before the rows: byte order mark and headers. */
export const csvHead = (columns: readonly Column[], bom = true): Buffer => Buffer.from(headText(columns, bom))

const headText = (columns: readonly Column[], bom: boolean) =>
  (bom ? '\ufeff' : '') + line(columns.map((column) => guard(column.header)))

async function* chunks(columns: readonly Column[], rows: Rows, bom: boolean): AsyncGenerator<Buffer> {
  let text = headText(columns, bom)
  for await (const row of rows) {
    text += line(columns.map((column) => field(column, row)))
    if (text.length < CHUNK_LENGTH) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

function field(column: Column, row: Row): string {
  const text = plainText(column, row[column.key])
  return column.type === 'text' ? guard(text) : text
}

const line = (fields: string[]) => `${fields.map(quote).join(',')}\r\n`

/** Semicolon and tab are quoted too: spreadsheets of other countries take them for separators. */
const quote = (text: string) => (/[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
