import { type CellRow, cellRows, DELIMITERS, type Delimiter, firstRow } from './csv-cells.ts'
import { decodeText, type Encoding } from './decode-text.ts'
import { unguard } from './formula-guard.ts'
import { assertComplete, countKnown, type HeaderMap, mapHeader, type WantedColumn } from './header-map.ts'
import { UnreadableFileError } from './problems.ts'

export type { Delimiter } from './csv-cells.ts'
export type { WantedColumn } from './header-map.ts'

export type CsvLimits = { bytes: number; rows: number; cellLength: number }
export const CSV_LIMITS: CsvLimits = { bytes: 10 * 1024 * 1024, rows: 20_000, cellLength: 10_000 }

/** `row` counts as a spreadsheet shows it, header and blank rows included. Absent cells and columns are ''. */
export type CsvRecord = { row: number; values: Record<string, string> }
export type CsvRowProblem = { row: number; problem: RowProblemCode; message: string }
export type RowProblemCode = 'too-many-cells' | 'cell-too-long' | 'broken-quotes'

export type CsvFile = {
  /** Of what was read so far; see `decodeText`. */
  readonly encoding: Encoding
  delimiter: Delimiter
  /** Headers nobody asked for. */
  unknownHeaders: string[]
  /** After broken quotes nothing can be told from the rest, so they come last. */
  records: AsyncIterable<CsvRecord | CsvRowProblem>
}

type Layout = { delimiter: Delimiter; header: HeaderMap }

/**
 * Reads an upload: encoding, separator (the one that makes the most wanted headers) and header at once, the rows as
 * they are asked for. What `guard` put before dangerous text is taken away. Throws UnreadableFileError when the file as
 * a whole is no good; too many rows show while they are read.
 */
export async function readCsv(
  upload: AsyncIterable<Uint8Array>,
  wanted: readonly WantedColumn[],
  limits: CsvLimits = CSV_LIMITS,
): Promise<CsvFile> {
  const decoded = await decodeText(upload, limits.bytes)
  const named = /^sep=[,;\t]\r?\n/.exec(decoded.head)?.[0] ?? ''
  const head = decoded.head.slice(named.length)
  const { delimiter, header } = findLayout(head, wanted)
  assertComplete(header, wanted)
  const rowsBefore = named === '' ? 0 : 1
  const records = readRecords(cellRows(joined(head, decoded.rest), delimiter), { rowsBefore, header, wanted, limits })
  return {
    delimiter,
    unknownHeaders: header.unknown,
    records,
    get encoding() {
      return decoded.encoding
    },
  }
}

async function* joined(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head
  yield* rest
}

function findLayout(text: string, wanted: readonly WantedColumn[]): Layout {
  const readings = DELIMITERS.map((delimiter) => ({ delimiter, cells: firstRow(text, delimiter) }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ delimiter, cells }) => ({ delimiter, header: mapHeader(cells, wanted) }))
    .sort((a, b) => countKnown(b.header) - countKnown(a.header) || b.header.keys.length - a.header.keys.length)
  const [best] = readings
  if (!best) throw new UnreadableFileError('no-header', 'The file has no header row.')
  return best
}

type Reading = { rowsBefore: number; header: HeaderMap; wanted: readonly WantedColumn[]; limits: CsvLimits }

async function* readRecords(rows: AsyncIterable<CellRow>, reading: Reading): AsyncGenerator<CsvRecord | CsvRowProblem> {
  let isHeader = true
  let count = 0
  for await (const found of rows) {
    const row = found.row + reading.rowsBefore
    if ('broken' in found) {
      const message = 'A quotation mark in this row is not closed, or something follows the closing one.'
      yield { row, problem: 'broken-quotes', message }
    } else if (!isHeader && found.cells.some((cell) => cell.trim() !== '')) {
      count += 1
      if (count > reading.limits.rows) throw tooManyRows(reading.limits.rows)
      yield readRow(row, found.cells, reading)
    }
    isHeader = false
  }
}

function readRow(row: number, cells: string[], { header: { keys }, wanted, limits }: Reading) {
  if (cells.slice(keys.length).some((cell) => cell.trim() !== '')) {
    const message = `This row has ${cells.length} cells and the header ${keys.length}.`
    return { row, problem: 'too-many-cells' as const, message }
  }
  const long = cells.findIndex((cell) => cell.length > limits.cellLength)
  if (long >= 0) {
    const message = `Cell ${long + 1} of this row has more than ${limits.cellLength} characters.`
    return { row, problem: 'cell-too-long' as const, message }
  }
  const values = wanted.map(({ key }) => [key, unguard(cells[keys.indexOf(key)] ?? '')])
  return { row, values: Object.fromEntries(values) }
}

const tooManyRows = (limit: number) =>
  new UnreadableFileError('too-many-rows', `The file has more than ${limit} rows. Maybe split it.`)
