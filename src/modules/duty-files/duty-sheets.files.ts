import type { ColumnType, Row } from '../../platform/files/columns.ts'
import type { PdfColumn, PdfFact } from '../../platform/files/pdf-table.ts'
import type { XlsxSheet } from '../../platform/files/xlsx-write.ts'
import type { Findings } from '../../platform/http/problem.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { addLocalDays, type LocalDate, localDaysBetween } from '../../time/zones.ts'
import { columnsAmong, type Form } from './duty-files.files.ts'
import type { Tellers } from './duty-files.rows.ts'
import { TEXTS as WORDS } from './duty-files.texts.ts'
import { TEXTS } from './duty-sheets.texts.ts'
import { type CoverageRecord, MARKS, type Mark, type MonthRecord } from './duty-sheets.types.ts'

export interface ColumnWish extends Form {
  columns: string | undefined
  headers: 'words' | 'keys'
}

/** On paper there is room for what matters most. */
const COVERAGE_ON_PAPER = [
  'day',
  'post',
  'start',
  'end',
  'minimum',
  'desired',
  'held',
  'confirmed',
  'present',
  'open',
  'uncoveredMinutes',
  'emptyMinutes',
]
const MONTH_ON_PAPER = ['name', 'duties', 'minutes', 'nights', 'weekends', 'holidays', 'late', 'noShows']
const COVERAGE_TYPES: Record<string, ColumnType> = {
  day: 'date',
  start: 'datetime',
  end: 'datetime',
  ...Object.fromEntries(['unit', 'post', 'kind', 'zone', 'roles', 'tiers', 'shiftId'].map((key) => [key, 'text'])),
}
const MONTH_TEXTS = ['personNumber', 'name', 'unit', 'personClass', 'personId']
/** Before the totals. */
const PERSON = ['personNumber', 'name', 'unit', 'personClass']
/** Stands for all days of the month in a list of columns. */
const ALL_DAYS = 'days'
const WIDTHS = { day: 4, figure: 6.5, name: 10 }

/** 'd01' to 'd31', as many as the month has. */
export const dayKeys = (fromOn: LocalDate, toOn: LocalDate): string[] =>
  Array.from({ length: localDaysBetween(fromOn, toOn) }, (_, index) => `d${addLocalDays(fromOn, index).slice(8)}`)

function chosen(all: PdfColumn[], onPaper: string[], { format, columns }: ColumnWish, found: Findings): PdfColumn[] {
  if (columns !== undefined) return columnsAmong(all, columns, found)
  return format === 'pdf' ? all.filter(({ key }) => onPaper.includes(key)) : all
}

export function coverageColumns(wish: ColumnWish, found: Findings): PdfColumn[] {
  const all = Object.entries(TEXTS[wish.lang].coverage.columns).map(([key, header]): PdfColumn => {
    return { key, header: wish.headers === 'keys' ? key : header, type: COVERAGE_TYPES[key] ?? 'integer' }
  })
  return chosen(all, COVERAGE_ON_PAPER, wish, found)
}

export function monthColumns(wish: ColumnWish, days: readonly string[], found: Findings): PdfColumn[] {
  const stable = wish.headers === 'keys'
  const named = Object.entries(TEXTS[wish.lang].month.columns).map(([key, header]): PdfColumn => {
    const base = { key, header: stable ? key : header }
    if (!MONTH_TEXTS.includes(key)) return { ...base, type: 'integer', width: WIDTHS.figure }
    return { ...base, type: 'text', ...(key === 'name' ? { width: WIDTHS.name } : {}) }
  })
  const ofDays = days.map((key): PdfColumn => {
    const header = stable ? key : String(Number(key.slice(1)))
    return { key, header, type: 'text', width: WIDTHS.day, align: 'center' }
  })
  const isPerson = ({ key }: PdfColumn) => PERSON.includes(key)
  const all = [...named.filter(isPerson), ...ofDays, ...named.filter((column) => !isPerson(column))]
  const columns = wish.columns
    ?.split(',')
    .flatMap((key) => (key.trim() === ALL_DAYS ? days : [key]))
    .join(',')
  return chosen(all, [...MONTH_ON_PAPER, ...days], { ...wish, columns }, found)
}

export const coverageRow =
  ({ lang, plain }: Tellers) =>
  ({ kind, ...line }: CoverageRecord): Row => ({ ...line, kind: plain ? kind : WORDS[lang].attendance.kinds[kind] })

/** `between` stands between the marks of one day. */
export const monthRow =
  ({ lang, plain }: Tellers, between = '/') =>
  ({ marks, personClass, ...person }: MonthRecord): Row => {
    const signs = TEXTS[lang].month.marks
    const cell = (ofDay: Mark[]) => (plain ? ofDay.join('; ') : ofDay.map((mark) => signs[mark][0]).join(between))
    const cells = Object.entries(marks ?? {}).map(([day, ofDay]) => [`d${day.padStart(2, '0')}`, cell(ofDay)])
    return {
      ...person,
      personClass: plain ? personClass : WORDS[lang].people.classes[personClass],
      ...Object.fromEntries(cells),
    }
  }

/** What each mark means, for above the table. */
export const legendOf = (lang: Locale): PdfFact => {
  const { legend, month } = TEXTS[lang]
  return { label: legend, value: MARKS.map((mark) => month.marks[mark].join(' ')).join('  ') }
}

/** The second sheet of a workbook: of what it is, when it was made and by which rules. */
export function notesOf(
  lang: Locale,
  sheet: 'coverage' | 'month',
  about: Record<'unit' | 'period' | 'made' | 'filter', string>,
): XlsxSheet {
  const { notes, month, ...texts } = TEXTS[lang]
  const rules = sheet === 'month' ? month.rules : texts.coverage.rules
  const marks = sheet === 'month' ? MARKS.map((mark) => month.marks[mark]) : []
  return {
    name: notes.sheet,
    columns: [
      { key: 'item', header: notes.item, type: 'text', width: 16 },
      { key: 'text', header: notes.text, type: 'text', width: 80 },
    ],
    rows: [
      ...(['unit', 'period', 'made', 'filter'] as const).map((key) => ({ item: notes[key], text: about[key] })),
      ...marks.map(([item, text]) => ({ item, text })),
      ...rules.map((text) => ({ item: '', text })),
    ],
  }
}
