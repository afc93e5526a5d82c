import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Row } from '../../platform/files/columns.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { addLocalDays, wallToInstant } from '../../time/zones.ts'
import { type ReportLine, streamReports } from '../duty-reports/duty-reports.repository.ts'
import { streamHandovers } from '../handovers/handovers.repository.ts'
import type { HandoverLine } from '../handovers/handovers.types.ts'
import { handoverLine } from '../handovers/handovers.views.ts'
import type { UnitRow } from '../organisation/organisation.repository.ts'
import { columnsFor, type Wish } from './duty-files.files.ts'
import { createOpening, type DutyFile, type Source } from './duty-files.opening.ts'
import { type AttendanceRecord, type PersonRecord, streamAttendance, streamPeople } from './duty-files.repository.ts'
import { attendanceRow, handoverRow, personRow, reportRow, type Tellers } from './duty-files.rows.ts'
import type { AttendanceFileQuery, HandoverLogQuery, PeopleListQuery, ReportBoardQuery } from './duty-files.schemas.ts'
import { TEXTS } from './duty-files.texts.ts'

export type DutyFiles = ReturnType<typeof createDutyFiles>

/** What was handed over, what was reported, who came and who is there, as files. */
export function createDutyFiles(foundations: Foundations) {
  const { db, clock } = foundations
  const opening = createOpening(foundations)
  const { unitOf } = opening

  /** Files for programs have the words of the API, all others those of people. */
  const tellersOf = ({ format, lang }: Pick<Wish, 'format' | 'lang'>): Tellers => ({ lang, plain: format === 'jsonl' })

  const open = <R extends object>(
    actor: Actor,
    { wish, ...order }: { unit: UnitRow | undefined; wish: Wish; query: object; action: string },
    source: Omit<Source<R>, 'title' | 'columns'>,
    gone: AbortSignal,
  ): Promise<DutyFile> => {
    const { title } = TEXTS[wish.lang][wish.kind]
    return opening.open(actor, { ...order, form: wish }, { ...source, title, columns: columnsFor(wish) }, gone)
  }

  const subtitleOf = (unit: UnitRow | undefined, { from, to }: { from: string; to: string }, lang: Locale) =>
    `${unit?.name ?? ''} ${TEXTS[lang].period(from, addLocalDays(to, -1))}`

  return {
    async openHandoverLog(
      actor: Actor,
      query: z.output<typeof HandoverLogQuery>,
      gone: AbortSignal,
    ): Promise<DutyFile> {
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
      const inRow = handoverRow(tellersOf(query))
      const file = {
        name: `handovers_${from}_${to}`,
        subtitle: subtitleOf(unit, query, query.lang),
        source: streamHandovers(db, filter),
        view: (line: HandoverLine) => inRow(handoverLine(line)),
      }
      return open(actor, { unit, wish, query, action: 'handovers.exported' }, file, gone)
    },

    async openReportBoard(
      actor: Actor,
      query: z.output<typeof ReportBoardQuery>,
      gone: AbortSignal,
    ): Promise<DutyFile> {
      const unit = await unitOf(actor, query.unitId)
      const { from, to, obligationId } = query
      const filter = { unitPath: unit?.path ?? actor.unitPath, fromOn: from, toOn: to, obligationId }
      const view: (line: ReportLine) => Row = reportRow(tellersOf(query))
      const source = streamReports(filter)
      const wish: Wish = { ...query, kind: 'reports', columns: query.columns }
      const file = { name: `reports_${from}_${to}`, subtitle: subtitleOf(unit, query, query.lang), source, view }
      return open(actor, { unit, wish, query, action: 'reports.exported' }, file, gone)
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
      const view: (line: AttendanceRecord) => Row = attendanceRow(tellersOf(query))
      const source = streamAttendance(db, filter)
      const wish: Wish = { ...query, kind: 'attendance', columns: query.columns }
      const file = { name: `attendance_${from}_${to}`, subtitle: subtitleOf(unit, query, query.lang), source, view }
      return open(actor, { unit, wish, query, action: 'attendance.exported' }, file, gone)
    },

    /** Whole phone numbers and addresses go to admins only, and it is on record that they did. */
    async openPeopleList(actor: Actor, query: z.output<typeof PeopleListQuery>, gone: AbortSignal): Promise<DutyFile> {
      if (!query.masked && actor.role !== 'admin') {
        throw new ProblemError(403, 'role-too-low', 'Whole phone numbers and addresses need the role admin.')
      }
      const unit = await unitOf(actor, query.unitId)
      const { personClass, masked } = query
      const scope = { actorPath: actor.unitPath, unitPath: unit?.path ?? actor.unitPath, personClass }
      const view: (person: PersonRecord) => Row = personRow(tellersOf(query), masked)
      const source = streamPeople(db, scope)
      const wish: Wish = { ...query, kind: 'people', columns: query.columns }
      const file = { name: `people_${clock.now().toISOString().slice(0, 10)}`, subtitle: '', source, view }
      const action = masked ? 'people.exported' : 'people.exported-unmasked'
      return open(actor, { unit, wish, query, action }, file, gone)
    },
  }
}
