import { setImmediate as breathe } from 'node:timers/promises'
import { CsvError, type Options, type Parser, parse } from 'csv-parse'
import { parse as parseAtOnce } from 'csv-parse/sync'

export const DELIMITERS = [',', ';', '\t'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** `row` counts blank rows too, from 1. */
export type CellRow = { row: number; cells: string[] } | { row: number; broken: true }

const HEADER_LENGTH = 64 * 1024
const PIECE = 64 * 1024

const optionsFor = (delimiter: Delimiter) =>
  ({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
  }) satisfies Options

/** The cells of the first row that is not blank; none when it cannot be read. */
export function firstRow(text: string, delimiter: Delimiter): string[] {
  try {
    const [cells] = parseAtOnce(text.slice(0, HEADER_LENGTH), { ...optionsFor(delimiter), to: 1 }) as string[][]
    return cells ?? []
  } catch {
    return []
  }
}

/** All rows in order, as the text arrives; other work goes on between pieces. A row with broken quotes ends them. */
export async function* cellRows(text: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<CellRow> {
  let ready: CellRow[] = []
  const parser = parse({
    ...optionsFor(delimiter),
    on_record(cells: string[], { records, empty_lines }) {
      ready.push({ row: records + empty_lines, cells })
      return null
    },
  })
  parser.on('error', () => {}).resume()
  try {
    for await (const piece of piecesOf(text)) {
      await breathe()
      const broken = await feed(parser, piece)
      yield* ready
      ready = []
      if (broken) return yield { row: Number(broken.records) + Number(broken.empty_lines) + 1, broken: true }
    }
  } finally {
    parser.destroy()
  }
}

/** Small enough not to hold up others; ends with undefined. */
async function* piecesOf(text: AsyncIterable<string>): AsyncGenerator<Buffer | undefined> {
  for await (const part of text) {
    const bytes = Buffer.from(part)
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
  }
  yield undefined
}

/** Resolves to the parser's complaint, if any; no piece means the end. */
function feed(parser: Parser, piece: Buffer | undefined): Promise<CsvError | undefined> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) =>
      !error || error instanceof CsvError ? resolve(error ?? undefined) : reject(error)
    if (piece) parser.write(piece, done)
    else parser.end(done)
  })
}
