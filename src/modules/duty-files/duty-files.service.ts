import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { streamRows } from '../../platform/db/streams.ts'
import type { Row, Rows } from '../../platform/files/columns.ts'
import { findings, ProblemError } from '../../platform/http/problem.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { addLocalDays, wallToInstant } from '../../time/zones.ts'
import { type ReportLine, streamReports } from '../duty-reports/duty-reports.repository.ts'
import { streamHandovers } from '../handovers/handovers.repository.ts'
import { organisationRepository, type UnitRow } from '../organisation/organisation.repository.ts'
import { columnsFor, type Wish, writeFile } from './duty-files.files.ts'
import { type AttendanceRecord, type PersonRecord, streamAttendance, streamPeople } from './duty-files.repository.ts'
import { attendanceRow, handoverRow, personRow, reportRow, type Tellers } from './duty-files.rows.ts'
import type { AttendanceFileQuery, HandoverLogQuery, PeopleListQuery, ReportBoardQuery } from './duty-files.schemas.ts'
import { TEXTS } from './duty-files.texts.ts'
import { TYPES } from './duty-files.types.ts'

export type DutyFiles = ReturnType<typeof createDutyFiles>

export interface DutyFile {
  body: Readable
  name: string
  type: string
}

/** What was handed over, what was reported, who came and who is there, as files. */
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

  const note = (actor: Actor, action: string, unit: UnitRow | undefined, facts: object) =>
    audit(db, actor, clock.now(), {
      action,
      subject: { type: 'api-key', id: actor.id },
      unitId: unit?.id ?? null,
      facts: { ...facts },
    })

  /** Files for programs have the words of the API, all others those of people. */
  const tellersOf = ({ format, lang }: Pick<Wish, 'format' | 'lang'>): Tellers => ({ lang, plain: format === 'jsonl' })

  async function open(
    actor: Actor,
    { unit, wish, query, action }: { unit: UnitRow | undefined; wish: Wish; query: object; action: string },
    { name, subtitle, rows }: { name: string; subtitle: string; rows: Rows },
  ): Promise<DutyFile> {
    const columns = columnsFor(wish)
    await note(actor, action, unit, query)
    const paper = { subtitle, zone: unit?.zone ?? 'UTC', now: clock.now() }
    return {
      body: writeFile(wish, { columns, rows, ...paper }),
      name: `${name}.${wish.format}`,
      type: TYPES[wish.format],
    }
  }

  const subtitleOf = (unit: UnitRow | undefined, { from, to }: { from: string; to: string }, lang: Locale) =>
    `${unit?.name ?? ''} ${TEXTS[lang].period(from, addLocalDays(to, -1))}`

  async function* shown<T>(lines: AsyncIterable<T>, row: (line: T) => Row) {
    for await (const line of lines) yield row(line)
  }

  return {
    async openHandoverLog(actor: Actor, query: z.output<typeof HandoverLogQuery>): Promise<DutyFile> {
      const unit = await unitOf(actor, query.unitId)
      const { from, to, postId } = query
      const zone = unit?.zone ?? 'UTC'
      const filter = {
        actorPath: actor.unitPath,
        unitPath: unit?.path,
        postId,
        from: wallToInstant(`${from}T00:00`, zone, 'start'),
        to: wallToInstant(`${to}T00:00`, zone, 'start'),
      }
      const wish: Wish = { ...query, kind: 'handovers', columns: query.columns }
      const rows = shown(streamHandovers(db, filter), handoverRow(tellersOf(query)))
      const subtitle = subtitleOf(unit, query, query.lang)
      const file = { name: `handovers_${from}_${to}`, subtitle, rows }
      return open(actor, { unit, wish, query, action: 'handovers.exported' }, file)
    },

    async openReportBoard(
      actor: Actor,
      query: z.output<typeof ReportBoardQuery>,
      gone: AbortSignal,
    ): Promise<DutyFile> {
      const unit = await unitOf(actor, query.unitId)
      const { from, to, obligationId } = query
      const filter = { unitPath: unit?.path ?? actor.unitPath, fromOn: from, toOn: to, obligationId }
      const view = reportRow(tellersOf(query))
      const rows = streamRows(sql, streamReports(filter), (line: ReportLine) => view(line), gone)
      const wish: Wish = { ...query, kind: 'reports', columns: query.columns }
      const file = { name: `reports_${from}_${to}`, subtitle: subtitleOf(unit, query, query.lang), rows }
      return open(actor, { unit, wish, query, action: 'reports.exported' }, file)
    },

    /** Plan and fact of every duty somebody was expected for, whether they came or not. */
    async openAttendance(
      actor: Actor,
      query: z.output<typeof AttendanceFileQuery>,
      gone: AbortSignal,
    ): Promise<DutyFile> {
      const unit = await unitOf(actor, query.unitId)
      const { from, to, postId, personClass } = query
      const unitPath = unit?.path ?? actor.unitPath
      const filter = { actorPath: actor.unitPath, unitPath, fromOn: from, toOn: to, postId, personClass }
      const view = attendanceRow(tellersOf(query))
      const rows = streamRows(sql, streamAttendance(db, filter), (line: AttendanceRecord) => view(line), gone)
      const wish: Wish = { ...query, kind: 'attendance', columns: query.columns }
      const file = { name: `attendance_${from}_${to}`, subtitle: subtitleOf(unit, query, query.lang), rows }
      return open(actor, { unit, wish, query, action: 'attendance.exported' }, file)
    },

    /** Whole phone numbers and addresses go to admins only, and it is on record that they did. */
    async openPeopleList(actor: Actor, query: z.output<typeof PeopleListQuery>, gone: AbortSignal): Promise<DutyFile> {
      if (!query.masked && actor.role !== 'admin') {
        throw new ProblemError(403, 'role-too-low', 'Whole phone numbers and addresses need the role admin.')
      }
      const unit = await unitOf(actor, query.unitId)
      const { personClass, masked } = query
      const scope = { actorPath: actor.unitPath, unitPath: unit?.path ?? actor.unitPath, personClass }
      const view = personRow(tellersOf(query), masked)
      const rows = streamRows(sql, streamPeople(db, scope), (person: PersonRecord) => view(person), gone)
      const wish: Wish = { ...query, kind: 'people', columns: query.columns }
      const file = { name: `people_${clock.now().toISOString().slice(0, 10)}`, subtitle: '', rows }
      const action = masked ? 'people.exported' : 'people.exported-unmasked'
      return open(actor, { unit, wish, query, action }, file)
    },
  }
}
