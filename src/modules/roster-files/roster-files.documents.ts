import type { Readable } from 'node:stream'
import type { Column, Row } from '../../platform/files/columns.ts'
import { type PdfColumn, type PdfTable, writeTablePdf } from '../../platform/files/pdf-table.ts'
import { writeXlsxSheets } from '../../platform/files/xlsx-write.ts'
import { addLocalDays, instantToWall, type LocalDate } from '../../time/zones.ts'
import type { RosterAt } from '../rosters/rosters.repository.ts'
import type { Seat } from './roster-files.repository.ts'
import { cellNames, type GridLine, gridOf, marksOf, pagesOfDays, seatState } from './roster-files.rules.ts'
import { dayInWords, TEXTS, type Texts } from './roster-files.texts.ts'
import type { Language } from './roster-files.types.ts'

/** A roster as it is printed; without a version it is the draft. */
export interface PrintedRoster {
  roster: RosterAt
  version: { number: number; publishedAt: Date } | undefined
  seats: Seat[]
  now: Date
}

const FONT_SIZE = 8
const wallText = (instant: Date, zone: string) => instantToWall(instant, zone).replace('T', ' ')

/** 'Version 3, published 2026-05-01 08:00', or that it is a draft and of when. */
function standing({ roster, version, now }: PrintedRoster, texts: Texts): string {
  const parts = version
    ? [texts.version(version.number), texts.published(wallText(version.publishedAt, roster.zone))]
    : [texts.unpublished, texts.printed(wallText(now, roster.zone))]
  return parts.join(texts.pause)
}

const dayColumns = (days: LocalDate[], lang: Language): PdfColumn[] =>
  days.map((day) => ({ key: day, header: dayInWords(day, lang), type: 'text', width: 14 }))

const lineRow = (
  line: GridLine,
  days: LocalDate[],
  texts: Texts,
  namesIn: (line: GridLine, day: LocalDate) => string,
): Row => ({
  unit: line.unit,
  post: line.post,
  hours: line.standby ? texts.onStandby(line.hours) : line.hours,
  ...Object.fromEntries(days.map((day) => [day, namesIn(line, day)])),
})

/** A4 landscape: posts by days, a week on a page, with room for signatures and seal. */
export function rosterPdf(printed: PrintedRoster, lang: Language): Readable {
  const { roster, version, seats, now } = printed
  const texts = TEXTS[lang]
  const marks = marksOf(seats)
  const lines = gridOf(seats)
  const namesIn = (line: GridLine, day: LocalDate) => cellNames(line.days.get(day) ?? [], marks, texts.open).join('\n')
  const severalUnits = new Set(lines.map((line) => line.unit)).size > 1
  const tables = pagesOfDays(roster.fromOn, roster.toOn).map(
    (days): PdfTable => ({
      newPage: true,
      facts: [{ label: `${texts.roles}:`, value: [...marks].map(([role, mark]) => `${mark} ${role}`).join('  ') }],
      columns: [
        { key: 'post', header: texts.columns.post, type: 'text', width: 14 },
        { key: 'hours', header: texts.columns.hours, type: 'text', width: 11, align: 'center' },
        ...dayColumns(days, lang),
      ],
      rows: lines
        .filter((line) => days.some((day) => line.days.has(day)))
        .map((line) => lineRow(line, days, texts, namesIn)),
      ...(severalUnits ? { groupBy: 'unit' } : {}),
    }),
  )
  const stands = standing(printed, texts)
  return writeTablePdf({
    title: `${version ? '' : texts.draftMark}${texts.roster(roster.unitName)}`,
    subtitle: `${texts.period(roster.fromOn, addLocalDays(roster.toOn, -1))} · ${stands}`,
    language: texts.language,
    madeAt: version?.publishedAt ?? now,
    orientation: 'landscape',
    words: { page: (page, pages) => `${stands} · ${texts.page(page, pages)}`, missing: texts.missing },
    tables,
    fontSize: FONT_SIZE,
    closing: { signatures: texts.signatures, seal: { label: texts.seal, shape: 'round' } },
  })
}

/** The grid on one sheet, all days in a row; on another one line for each seat. */
export function rosterXlsx({ roster, version, seats }: PrintedRoster, lang: Language): Readable {
  const texts = TEXTS[lang]
  const { columns: words } = texts
  const marks = marksOf(seats)
  const days = pagesOfDays(roster.fromOn, roster.toOn).flat()
  const namesIn = (line: GridLine, day: LocalDate) =>
    cellNames(line.days.get(day) ?? [], marks, texts.open).join(texts.comma)
  const mark = version ? texts.version(version.number) : texts.unpublished
  const text = (key: keyof typeof words, width: number): Column => ({ key, header: words[key], type: 'text', width })
  const rows = seats.map((seat) => ({
    personNumber: seat.personNumber,
    name: seat.name,
    unit: seat.home,
    post: seat.postName,
    role: seat.role,
    kind: texts.kinds[seat.kind],
    start: seat.startLocal,
    end: seat.endLocal,
    state: texts.states[seatState(seat)],
  }))
  return writeXlsxSheets([
    {
      name: `${texts.grid} ${mark}`,
      columns: [text('unit', 18), text('post', 20), text('hours', 16), ...dayColumns(days, lang)],
      rows: gridOf(seats).map((line) => lineRow(line, days, texts, namesIn)),
    },
    {
      name: `${texts.names} ${mark}`,
      columns: [
        text('personNumber', 16),
        text('name', 16),
        text('unit', 18),
        text('post', 20),
        text('role', 12),
        text('kind', 10),
        { key: 'start', header: words.start, type: 'datetime' },
        { key: 'end', header: words.end, type: 'datetime' },
        text('state', 14),
      ],
      rows,
    },
  ])
}
