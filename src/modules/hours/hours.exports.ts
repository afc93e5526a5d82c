import { Readable } from 'node:stream'
import type { Foundations } from '../../platform/context.ts'
import { countRows, type StreamedQuery, streamLines, streamRows } from '../../platform/db/streams.ts'
import type { Column, Row, Rows } from '../../platform/files/columns.ts'
import { withoutParameters } from '../../platform/files/csv-sql.ts'
import { csvHead, writeCsv } from '../../platform/files/csv-write.ts'
import { writeJsonLines } from '../../platform/files/jsonl-write.ts'
import { writeXlsxSheets, XLSX_MAX_ROWS } from '../../platform/files/xlsx-write.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { columnsOf, type View, VOCABULARY } from './hours.columns.ts'
import { hoursProblems } from './hours.problems.ts'
import { hoursQueries, type LineRecord, type Source, type TotalRecord } from './hours.query.ts'
import { hoursText } from './hours.rules.ts'
import type { EXPORT_FORMATS, EXPORT_KINDS } from './hours.tables.ts'
import { notesOf } from './hours.texts.ts'

export const FILE_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/jsonl; charset=utf-8',
} as const

export interface Wish {
  kind: (typeof EXPORT_KINDS)[number]
  view: View
  format: (typeof EXPORT_FORMATS)[number]
  lang: Locale
  /** Columns in this order; all when left out. */
  keys: readonly string[] | undefined
  stableHeaders: boolean
  /** What a sheet says of itself: which filter, which version. */
  about: Record<string, string>
  madeAt: Date
}

const asText = (adjusting: boolean | null | undefined, word: string) => (adjusting ? word : '')

/** As people read a line. */
const lineInWords = (lang: Locale) => {
  const words = VOCABULARY[lang]
  return ({ personClass, kind, entry, adjusting, status, fillSource, ...line }: LineRecord): Row => ({
    ...(line as Row),
    status: status && words.status[status],
    fillSource: words.fillSource[fillSource],
    personClass: words.personClass[personClass],
    kind: words.kind[kind],
    entry: words.entry[entry],
    adjusting: asText(adjusting, words.adjusting),
  })
}

/** As programs read it. */
const plainLine = ({ adjusting, ...line }: LineRecord): Row => ({
  ...(line as Row),
  adjusting: asText(adjusting, 'yes'),
})

const totalRow =
  (lang: Locale | undefined) =>
  (total: TotalRecord): Row => ({
    personNumber: total.personNumber,
    name: total.name,
    unit: total.unit,
    personClass: lang ? VOCABULARY[lang].personClass[total.personClass] : total.personClass,
    duties: total.duties,
    plannedMinutes: total.planned_minutes,
    minutes: total.minutes,
    hours: hoursText(total.minutes),
    nominalMinutes: total.nominal_minutes,
    creditedMinutes: total.credited_minutes,
    creditedHours: hoursText(total.credited_minutes),
    nightMinutes: total.night_minutes,
    weekendMinutes: total.weekend_minutes,
    holidayMinutes: total.holiday_minutes,
    standbyMinutes: total.standby_minutes,
  })

/** Files of the ledger; each is one query, read while it is sent. */
export function createExports({ db, sql: raw }: Pick<Foundations, 'db' | 'sql'>) {
  const queries = hoursQueries(db)

  const viewOf = (wish: Wish, source: Source) => (wish.view === 'lines' && source.period ? 'period' : wish.view)
  const columnsFor = (wish: Wish, source: Source) =>
    columnsOf({ view: viewOf(wish, source), lang: wish.lang, keys: wish.keys, stable: wish.stableHeaders })

  const parameterised = (query: { toSQL(): { sql: string; params: unknown[] } }): StreamedQuery => {
    const { sql: text, params } = query.toSQL()
    return { text, params }
  }

  function rowsOf(wish: Wish, columns: readonly Column[], source: Source, gone: AbortSignal): Rows {
    const words = wish.format === 'jsonl' ? undefined : wish.lang
    if (wish.view === 'totals') {
      return streamRows(raw, parameterised(queries.totals(source.where)), totalRow(words), gone)
    }
    const keys = columns.map((column) => column.key)
    const view = words ? lineInWords(words) : plainLine
    return streamRows(raw, parameterised(queries.lines(keys, source)), view, gone)
  }

  async function* csvByDatabase(columns: readonly Column[], lang: Locale, source: Source, gone: AbortSignal) {
    yield csvHead(columns)
    yield* streamLines(raw, withoutParameters(queries.csvLines(columns, lang, source)), gone)
  }

  /** A sheet that would break off in the middle is refused before it begins. */
  async function assertFitsSheet(source: Source) {
    if ((await queries.countLines(source, XLSX_MAX_ROWS)) >= XLSX_MAX_ROWS)
      throw hoursProblems.tooManyRows(XLSX_MAX_ROWS - 1)
  }

  return {
    /** How many rows the file would have if it was made now. */
    rows: (wish: Pick<Wish, 'view'>, source: Source, gone: AbortSignal): Promise<number> => {
      const query = wish.view === 'totals' ? queries.totals(source.where) : queries.lines(['id'], source)
      return countRows(raw, parameterised(query), gone)
    },

    async open(wish: Wish, source: Source, gone: AbortSignal): Promise<Readable> {
      const columns = columnsFor(wish, source)
      if (wish.format === 'csv' && wish.view === 'lines') {
        return Readable.from(csvByDatabase(columns, wish.lang, source, gone), { objectMode: false })
      }
      if (wish.format === 'xlsx' && wish.view === 'lines') await assertFitsSheet(source)
      const rows = rowsOf(wish, columns, source, gone)
      if (wish.format === 'csv') return writeCsv(columns, rows)
      if (wish.format === 'jsonl') return writeJsonLines(columns, rows)
      const name = VOCABULARY[wish.lang].sheet[wish.kind]
      return writeXlsxSheets([{ name, columns, rows }, notesOf(wish.lang, wish.about)], wish.madeAt)
    },

    /** The same file as `open` makes of lines in CSV, written row by row in this process. */
    csvByHand: (wish: Wish, source: Source, gone: AbortSignal): Readable => {
      const columns = columnsFor(wish, source)
      return writeCsv(columns, rowsOf(wish, columns, source, gone))
    },

    /** The statement behind the lines of a file, for whoever wants to measure against it. */
    statementOf: (wish: Wish, source: Source): string => {
      const keys = columnsFor(wish, source).map((column) => column.key)
      return withoutParameters(queries.lines(keys, source))
    },
  }
}
