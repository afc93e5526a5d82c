import { Readable } from 'node:stream'
import { type CellValue, type Column, plainText, type Rows } from './columns.ts'

const CHUNK_LENGTH = 64 * 1024
const SAFE_DIGITS = 15

/**
 * JSON Lines: one object a row, by the keys of the columns. Numbers are numbers, dates `2026-05-01`, datetimes
 * `2026-05-01T08:00`, nothing is null. The stream fails with a TypeError at a value that is not of its column's type.
 */
export function writeJsonLines(columns: readonly Column[], rows: Rows): Readable {
  return Readable.from(chunks(columns, rows), { objectMode: false })
}

async function* chunks(columns: readonly Column[], rows: Rows): AsyncGenerator<Buffer> {
  let text = ''
  for await (const row of rows) {
    text += `${JSON.stringify(Object.fromEntries(columns.map((column) => [column.key, typed(column, row[column.key])])))}\n`
    if (text.length < CHUNK_LENGTH) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

function typed(column: Column, value: CellValue): string | number | null {
  const text = plainText(column, value)
  if (text === '') return null
  if (column.type === 'datetime') return text.replace(' ', 'T')
  const isNumber = column.type === 'integer' || column.type === 'decimal'
  return isNumber && text.replace(/\D/g, '').length <= SAFE_DIGITS ? Number(text) : text
}
