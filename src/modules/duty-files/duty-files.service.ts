import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { streamRows } from '../../platform/db/streams.ts'
import type { Column, ColumnType, Rows } from '../../platform/files/columns.ts'
import { writeCsv } from '../../platform/files/csv-write.ts'
import { writeTablePdf } from '../../platform/files/pdf-table.ts'
import { writeXlsx } from '../../platform/files/xlsx-write.ts'
import { findings, ProblemError } from '../../platform/http/problem.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { addLocalDays, instantToWall, wallToInstant } from '../../time/zones.ts'
import { type ReportLine, streamReports } from '../duty-reports/duty-reports.repository.ts'
import { streamHandovers } from '../handovers/handovers.repository.ts'
import { organisationRepository, type UnitRow } from '../organisation/organisation.repository.ts'
import { type PersonRecord, streamPeople } from './duty-files.repository.ts'
import { handoverRow, personRow, reportRow } from './duty-files.rows.ts'
import type { HandoverLogQuery, PeopleListQuery, ReportBoardQuery } from './duty-files.schemas.ts'
import { TEXTS } from './duty-files.texts.ts'

export type DutyFiles = ReturnType<typeof createDutyFiles>

export interface DutyFile {
  body: Readable
  name: string
  type: string
}

export const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const

type Kind = 'handovers' | 'reports' | 'people'
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
  people: [],
}
const PRINT_SIZE = 7.5

interface Made {
  kind: Kind
  format: keyof typeof TYPES
  lang: Locale
  subtitle: string
  zone: string
  rows: Rows
}

/** What was handed over, what was reported and who is there, as files. */
export function createDutyFiles({ db, sql, clock }: Foundations) {
  /** The unit a file is about, the actor's own when none is named; undefined for keys of no unit. */
  async function unitOf(actor: Actor, unitId: string | undefined): Promise<UnitRow | undefined> {
    const id = unitId ?? actor.unitPath.split('/').filter(Boolean).at(-1)
    const unit = id ? await organisationRepository(db).findUnit(id) : undefined
    const found = findings()
    if (unitId && !(unit && covers(actor, unit.path))) {
      found.add('/query/unitId', 'unit-unknown', `There is no unit ${unitId} that you may see.`)
    }
    found.throwIfAny()
    return unit
  }

  const columnsOf = (kind: Kind, lang: Locale): Column[] =>
    Object.entries(TEXTS[lang][kind].columns).map(([key, header]) => ({ key, header, type: SPECIAL[key] ?? 'text' }))

  function write({ kind, format, lang, subtitle, zone, rows }: Made): Readable {
    const texts = TEXTS[lang]
    const columns = columnsOf(kind, lang)
    const { title } = texts[kind]
    if (format === 'csv') return writeCsv(columns, rows)
    if (format === 'xlsx') return writeXlsx(title, columns, rows)
    const now = clock.now()
    const printed = texts.printed(instantToWall(now, zone).replace('T', ' '))
    return writeTablePdf({
      title,
      subtitle,
      language: texts.language,
      madeAt: now,
      orientation: 'landscape',
      words: { page: (page, pages) => `${printed} · ${texts.page(page, pages)}`, missing: texts.missing },
      tables: [{ columns: columns.filter((column) => ON_PAPER[kind].includes(column.key)), rows }],
      fontSize: PRINT_SIZE,
      closing: { signatures: texts.signatures, seal: { label: texts.seal, shape: 'round' } },
    })
  }

  const note = (actor: Actor, action: string, unitId: string | null, facts: object) =>
    audit(db, actor, clock.now(), { action, subject: { type: 'api-key', id: actor.id }, unitId, facts: { ...facts } })

  async function* shown<T>(lines: AsyncIterable<T>, row: (line: T) => ReturnType<ReturnType<typeof handoverRow>>) {
    for await (const line of lines) yield row(line)
  }

  return {
    async openHandoverLog(actor: Actor, query: z.output<typeof HandoverLogQuery>): Promise<DutyFile> {
      const unit = await unitOf(actor, query.unitId)
      const { from, to, format, lang, postId } = query
      const zone = unit?.zone ?? 'UTC'
      const filter = {
        actorPath: actor.unitPath,
        unitPath: unit?.path,
        postId,
        from: wallToInstant(`${from}T00:00`, zone, 'start'),
        to: wallToInstant(`${to}T00:00`, zone, 'start'),
      }
      await note(actor, 'handovers.exported', unit?.id ?? null, query)
      const subtitle = `${unit?.name ?? ''} ${TEXTS[lang].period(from, addLocalDays(to, -1))}`
      const rows = shown(streamHandovers(db, filter), handoverRow(lang))
      const body = write({ kind: 'handovers', format, lang, subtitle, zone, rows })
      return { body, name: `handovers_${from}_${to}.${format}`, type: TYPES[format] }
    },

    async openReportBoard(
      actor: Actor,
      query: z.output<typeof ReportBoardQuery>,
      gone: AbortSignal,
    ): Promise<DutyFile> {
      const unit = await unitOf(actor, query.unitId)
      const { from, to, format, lang, obligationId } = query
      await note(actor, 'reports.exported', unit?.id ?? null, query)
      const subtitle = `${unit?.name ?? ''} ${TEXTS[lang].period(from, addLocalDays(to, -1))}`
      const filter = { unitPath: unit?.path ?? actor.unitPath, fromOn: from, toOn: to, obligationId }
      const rows = streamRows(sql, streamReports(filter), (line: ReportLine) => reportRow(lang)(line), gone)
      const body = write({ kind: 'reports', format, lang, subtitle, zone: unit?.zone ?? 'UTC', rows })
      return { body, name: `reports_${from}_${to}.${format}`, type: TYPES[format] }
    },

    /** Whole phone numbers and addresses go to admins only, and it is on record that they did. */
    async openPeopleList(actor: Actor, query: z.output<typeof PeopleListQuery>, gone: AbortSignal): Promise<DutyFile> {
      if (!query.masked && actor.role !== 'admin') {
        throw new ProblemError(403, 'role-too-low', 'Whole phone numbers and addresses need the role admin.')
      }
      const unit = await unitOf(actor, query.unitId)
      const { format, lang, personClass, masked } = query
      await note(actor, masked ? 'people.exported' : 'people.exported-unmasked', unit?.id ?? null, query)
      const scope = { actorPath: actor.unitPath, unitPath: unit?.path ?? actor.unitPath, personClass }
      const view = (person: PersonRecord) => personRow(lang, masked)(person)
      const rows = streamRows(sql, streamPeople(db, scope), view, gone)
      const body = write({ kind: 'people', format, lang, subtitle: '', zone: 'UTC', rows })
      const day = clock.now().toISOString().slice(0, 10)
      return { body, name: `people_${day}.${format}`, type: TYPES[format] }
    },
  }
}
