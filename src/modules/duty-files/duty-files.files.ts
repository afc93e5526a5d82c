import type { Readable } from 'node:stream'
import type { Column, ColumnType, Rows } from '../../platform/files/columns.ts'
import { writeCsv } from '../../platform/files/csv-write.ts'
import { writeJsonLines } from '../../platform/files/jsonl-write.ts'
import { type PdfColumn, type PdfFact, writeTablePdf } from '../../platform/files/pdf-table.ts'
import { writeXlsxSheets, type XlsxSheet } from '../../platform/files/xlsx-write.ts'
import { type Findings, findings } from '../../platform/http/problem.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { instantToWall } from '../../time/zones.ts'
import { TEXTS } from './duty-files.texts.ts'
import type { Format } from './duty-files.types.ts'

export type Kind = 'handovers' | 'reports' | 'attendance' | 'people'
/** All other columns are text. */
const SPECIAL: Record<string, ColumnType> = {
  planned: 'datetime',
  actual: 'datetime',
  relief: 'datetime',
  day: 'date',
  due: 'datetime',
  firstFiled: 'datetime',
  lastFiled: 'datetime',
  filings: 'integer',
  reportCount: 'integer',
  plannedStart: 'datetime',
  plannedEnd: 'datetime',
  checkedIn: 'datetime',
  checkedOut: 'datetime',
  minutes: 'integer',
  standbyMinutes: 'integer',
  lateMinutes: 'integer',
  earlyExitMinutes: 'integer',
  joinedOn: 'date',
  leftOn: 'date',
}
/** On paper there is room for what matters most. */
const ON_PAPER: Record<Kind, string[]> = {
  handovers: [
    'post',
    'planned',
    'actual',
    'state',
    'outgoing',
    'incoming',
    'situation',
    'events',
    'matters',
    'outgoingSigned',
    'incomingSigned',
  ],
  reports: ['day', 'unit', 'obligation', 'due', 'state', 'kind', 'lastFiled', 'filedBy', 'read', 'content'],
  attendance: ['day', 'post', 'role', 'name', 'personNumber', 'kind', 'checkedIn', 'checkedOut', 'minutes', 'state'],
  people: [],
}
const PRINT_SIZE = 7.5

/** How a file is to look. */
export interface Form {
  format: Format
  lang: Locale
}

/** What somebody wants of a file. */
export interface Wish extends Form {
  kind: Kind
  columns: string | undefined
  headers: 'words' | 'keys'
}

/** Columns of a file, in the order asked for; names whatever nobody knows. */
export function columnsFor({ kind, format, lang, columns, headers }: Wish): Column[] {
  const all = Object.entries(TEXTS[lang][kind].columns).map(
    ([key, header]): Column => ({ key, header: headers === 'keys' ? key : header, type: SPECIAL[key] ?? 'text' }),
  )
  const found = findings()
  const usual = format === 'pdf' ? all.filter(({ key }) => ON_PAPER[kind].includes(key)) : all
  const chosen = columns === undefined ? usual : columnsAmong(all, columns, found)
  found.throwIfAny()
  return chosen
}

/** Those of a list of keys, in its order; what nobody knows is among the findings. */
export function columnsAmong<C extends Column>(all: readonly C[], columns: string, found: Findings): C[] {
  const keys = columns.split(',').map((key) => key.trim())
  for (const key of keys) {
    if (!all.some((column) => column.key === key)) {
      found.add('/query/columns', 'column-unknown', `There is no column called "${key}".`)
    }
  }
  if (new Set(keys).size < keys.length) {
    found.add('/query/columns', 'column-twice', 'A column stands in this list twice.')
  }
  return keys.flatMap((key) => all.find((column) => column.key === key) ?? [])
}

/** What a file says. `subtitle`, `facts`, `zone` and `now` are for those who read it on paper. */
export interface Contents {
  title: string
  subtitle: string
  columns: PdfColumn[]
  rows: Rows
  zone: string
  now: Date
  facts?: PdfFact[]
  /** A second sheet of a workbook. */
  notes?: XlsxSheet
}

export function writeFile({ format, lang }: Form, { title, columns, rows, notes, ...paper }: Contents): Readable {
  const texts = TEXTS[lang]
  if (format === 'csv') return writeCsv(columns, rows)
  if (format === 'xlsx') return writeXlsxSheets([{ name: title, columns, rows }, ...(notes ? [notes] : [])])
  if (format === 'jsonl') return writeJsonLines(columns, rows)
  const printed = texts.printed(instantToWall(paper.now, paper.zone).replace('T', ' '))
  return writeTablePdf({
    title,
    subtitle: paper.subtitle,
    language: texts.language,
    madeAt: paper.now,
    orientation: 'landscape',
    words: { page: (page, pages) => `${printed} · ${texts.page(page, pages)}`, missing: texts.missing },
    tables: [{ columns, rows, ...(paper.facts ? { facts: paper.facts } : {}) }],
    fontSize: PRINT_SIZE,
    closing: { signatures: texts.signatures, seal: { label: texts.seal, shape: 'round' } },
  })
}
