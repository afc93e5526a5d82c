import { type AnyColumn, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Foundations } from '../../platform/context.ts'
import type { Row } from '../../platform/files/columns.ts'
import { writeCsv } from '../../platform/files/csv-write.ts'
import { writeXlsx, XLSX_MAX_ROWS } from '../../platform/files/xlsx-write.ts'
import { instantToWall } from '../../time/zones.ts'
import { apiKeys, units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { columnsOf, type Language, sheetName, VOCABULARY } from './hours.columns.ts'
import { hoursProblems } from './hours.problems.ts'
import { type LedgerRow, sums } from './hours.repository.ts'
import { entryKind, hoursText } from './hours.rules.ts'
import type { ExportQuery } from './hours.schemas.ts'
import { streamRows } from './hours.stream.ts'
import { ledger } from './hours.tables.ts'

type Query = z.output<typeof ExportQuery>

/** Columns of a raw query are known by these names, as several tables have an `id` and a `name`. */
const as = <T = string>(column: AnyColumn, name: string, cast = '') => sql<T>`${column}${sql.raw(cast)}`.as(name)

const person = {
  personNumber: as<string | null>(volunteers.personNumber, 'personNumber'),
  name: as(volunteers.displayName, 'name'),
  unit: as(units.name, 'unit'),
  personClass: as<LedgerRow['personClass']>(ledger.personClass, 'personClass'),
}

interface LineRecord {
  personNumber: string | null
  name: string
  unit: string
  personClass: LedgerRow['personClass']
  post: string
  role: string
  kind: LedgerRow['kind']
  localDay: string
  plannedStart: string
  plannedEnd: string
  startsAt: Date
  endsAt: Date
  zone: string
  minutes: number
  nightMinutes: number
  weekendMinutes: number
  plannedMinutes: number
  reversesId: string | null
  segmentId: string | null
  reason: string | null
  verifiedBy: string | null
  id: string
}

interface TotalRecord {
  personNumber: string | null
  name: string
  unit: string
  personClass: LedgerRow['personClass']
  duties: number
  minutes: number
  night_minutes: number
  weekend_minutes: number
  planned_minutes: number
}

const lineRow = (language: Language) => {
  const words = VOCABULARY[language]
  return ({ startsAt, endsAt, ...line }: LineRecord): Row => ({
    ...line,
    personClass: words.personClass[line.personClass],
    kind: words.kind[line.kind],
    entry: words.entry[entryKind(line)],
    actualStart: instantToWall(startsAt, line.zone),
    actualEnd: instantToWall(endsAt, line.zone),
    hours: hoursText(line.minutes),
  })
}

const totalRow =
  (language: Language) =>
  ({ night_minutes, weekend_minutes, planned_minutes, ...total }: TotalRecord): Row => ({
    ...total,
    personClass: VOCABULARY[language].personClass[total.personClass],
    hours: hoursText(total.minutes),
    nightMinutes: night_minutes,
    weekendMinutes: weekend_minutes,
    plannedMinutes: planned_minutes,
  })

const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Files of the ledger; each is one query, read through a cursor while it is sent. */
export function createExports({ db, sql: raw }: Pick<Foundations, 'db' | 'sql'>) {
  const linesQuery = (where: SQL) =>
    db
      .select({
        ...person,
        post: as(posts.name, 'post'),
        role: as(ledger.role, 'role'),
        kind: as(ledger.kind, 'kind'),
        localDay: as(ledger.localDay, 'localDay', '::text'),
        plannedStart: as(shifts.startLocal, 'plannedStart'),
        plannedEnd: as(shifts.endLocal, 'plannedEnd'),
        startsAt: as(ledger.startsAt, 'startsAt'),
        endsAt: as(ledger.endsAt, 'endsAt'),
        zone: as(ledger.zone, 'zone'),
        minutes: as(ledger.minutes, 'minutes'),
        nightMinutes: as(ledger.nightMinutes, 'nightMinutes'),
        weekendMinutes: as(ledger.weekendMinutes, 'weekendMinutes'),
        plannedMinutes: as(ledger.plannedMinutes, 'plannedMinutes'),
        reversesId: as(ledger.reversesId, 'reversesId'),
        segmentId: as(ledger.segmentId, 'segmentId'),
        reason: as(ledger.reason, 'reason'),
        verifiedBy: sql`coalesce(${apiKeys.name}, ${ledger.verifiedBy})`.as('verifiedBy'),
        id: as(ledger.id, 'id'),
      })
      .from(ledger)
      .innerJoin(units, eq(units.id, ledger.unitId))
      .innerJoin(volunteers, eq(volunteers.id, ledger.volunteerId))
      .innerJoin(posts, eq(posts.id, ledger.postId))
      .innerJoin(assignments, eq(assignments.id, ledger.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .leftJoin(apiKeys, eq(sql`${apiKeys.id}::text`, ledger.verifiedBy))
      .where(where)
      .orderBy(asc(ledger.localDay), asc(ledger.id))

  const totalsQuery = (where: SQL) =>
    db
      .select({ ...person, ...sums })
      .from(ledger)
      .innerJoin(units, eq(units.id, ledger.unitId))
      .innerJoin(volunteers, eq(volunteers.id, ledger.volunteerId))
      .where(where)
      .groupBy(volunteers.id, units.id, ledger.personClass)
      .orderBy(asc(volunteers.sortName), asc(volunteers.id), asc(units.id), asc(ledger.personClass))

  /** A sheet that would break off in the middle is refused before it begins. */
  async function assertFitsSheet(where: SQL) {
    const [counted] = await db
      .select({ rows: sql<number>`count(*)::int` })
      .from(
        db
          .select({ id: ledger.id })
          .from(ledger)
          .innerJoin(units, eq(units.id, ledger.unitId))
          .where(where)
          .limit(XLSX_MAX_ROWS)
          .as('lines'),
      )
    if (counted!.rows >= XLSX_MAX_ROWS) throw hoursProblems.tooManyRows(XLSX_MAX_ROWS - 1)
  }

  return {
    async open(where: SQL, { format, lang, view, from, to }: Query, now: Date, gone: AbortSignal) {
      if (format === 'xlsx' && view === 'lines') await assertFitsSheet(where)
      const { sql: text, params } = (view === 'lines' ? linesQuery(where) : totalsQuery(where)).toSQL()
      const query = { text, params }
      const rows =
        view === 'lines' ? streamRows(raw, query, lineRow(lang), gone) : streamRows(raw, query, totalRow(lang), gone)
      const columns = columnsOf(view, lang)
      const body = format === 'csv' ? writeCsv(columns, rows) : writeXlsx(sheetName(lang), columns, rows)
      const today = now.toISOString().slice(0, 10)
      const name = `service-hours_${from ?? 'start'}_${to ?? today}.${format}`
      return { body, name, type: TYPES[format] }
    },
  }
}
