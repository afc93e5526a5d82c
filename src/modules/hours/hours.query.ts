import { type AnyColumn, and, asc, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../../platform/db/client.ts'
import type { Column } from '../../platform/files/columns.ts'
import { csvLine, csvText } from '../../platform/files/csv-sql.ts'
import type { Locale } from '../../platform/texts/catalogue.ts'
import { attendances } from '../attendance/attendance.tables.ts'
import { apiKeys, units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { type ASSIGNMENT_SOURCES, assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { type LineColumn, type PUNCTUALITIES, VOCABULARY } from './hours.columns.ts'
import type { LedgerRow } from './hours.repository.ts'
import { punctuality, sums } from './hours.repository.ts'
import type { EntryKind } from './hours.rules.ts'
import { ledger, periodLines } from './hours.tables.ts'
import { ownRecord, recorderName, recorders, verifiedAt, verifier, verifierName } from './vouching.repository.ts'

/** Lines of the ledger, or those of a closed period with number, version and names as they were at the close. */
export type Source = { where: SQL; period?: false } | { where: SQL; period: true }

export interface LineRecord extends Record<string, string | number | boolean | null> {
  personClass: LedgerRow['personClass']
  kind: LedgerRow['kind']
  entry: EntryKind
  status: (typeof PUNCTUALITIES)[number] | null
  fillSource: (typeof ASSIGNMENT_SOURCES)[number]
  minutes: number
  creditedMinutes: number
  adjusting: boolean
}

export interface TotalRecord {
  personNumber: string | null
  name: string
  unit: string
  personClass: LedgerRow['personClass']
  duties: number
  minutes: number
  nominal_minutes: number
  credited_minutes: number
  standby_minutes: number
  night_minutes: number
  weekend_minutes: number
  holiday_minutes: number
  planned_minutes: number
}

/** The wall clock, cut to minutes. */
const wall = (instant: SQLWrapper) => sql`left((${instant} at time zone ${ledger.zone})::text, 16)`
const planned = (local: AnyColumn) => sql`translate(${local}, 'T', ' ')`

const hours = (minutes: SQLWrapper) => sql`round(${minutes} / 60.0, 2)`
const entry = sql`case when ${ledger.reversesId} is not null then 'reversal'
  when ${ledger.segmentId} is not null and ${ledger.correctsId} is null then 'booking' else 'correction' end`

/** What each column shows, as the database knows it; words still as the code has them. */
const VALUES: Record<LineColumn, SQLWrapper> = {
  lineNo: periodLines.lineNo,
  version: periodLines.version,
  adjusting: periodLines.adjusting,
  personNumber: volunteers.personNumber,
  name: volunteers.displayName,
  unit: units.name,
  personClass: ledger.personClass,
  post: posts.name,
  role: ledger.role,
  kind: ledger.kind,
  localDay: ledger.localDay,
  plannedStart: planned(shifts.startLocal),
  plannedEnd: planned(shifts.endLocal),
  actualStart: wall(ledger.startsAt),
  actualEnd: wall(ledger.endsAt),
  zone: ledger.zone,
  plannedMinutes: ledger.plannedMinutes,
  minutes: ledger.minutes,
  hours: hours(ledger.minutes),
  nominalMinutes: ledger.nominalMinutes,
  creditedMinutes: ledger.creditedMinutes,
  creditedHours: hours(ledger.creditedMinutes),
  nightMinutes: ledger.nightMinutes,
  weekendMinutes: ledger.weekendMinutes,
  holidayMinutes: ledger.holidayMinutes,
  breakMinutes: ledger.breakMinutes,
  topUpMinutes: ledger.topUpMinutes,
  entry,
  reason: ledger.reason,
  verifiedBy: verifierName,
  verifiedAt: wall(verifiedAt),
  recordedBy: recorderName,
  status: punctuality(attendances),
  fillSource: assignments.source,
  id: ledger.id,
  correctionOf: sql`coalesce(${ledger.correctsId}, ${ledger.reversesId})`,
  dutyId: ledger.assignmentId,
}
/** Names as they were frozen. */
const FROZEN: Partial<Record<LineColumn, SQLWrapper>> = {
  personNumber: periodLines.personNumber,
  name: periodLines.personName,
  unit: periodLines.unitName,
  post: periodLines.postName,
  verifiedBy: periodLines.verifiedBy,
  verifiedAt: wall(periodLines.verifiedAt),
  recordedBy: periodLines.recordedBy,
  status: periodLines.status,
}
/** As JavaScript gets them: exact numbers as text, days not as Dates. */
const AS_TEXT: ReadonlySet<string> = new Set(['localDay', 'hours', 'creditedHours'])

/** Names as fields of a CSV file, each written once for all the lines that show it. */
const WRITTEN: Partial<Record<LineColumn, SQLWrapper>> = {
  personNumber: sql`people.number`,
  name: sql`people.name`,
  unit: sql`homes.name`,
  post: sql`places.name`,
  verifiedBy: sql`case when keys.id is null then ${csvText(verifier)} else keys.name end`,
  recordedBy: sql`case when recorders.id is not null then recorders.name when ${ownRecord} then people.name
    else ${csvText(ledger.enteredBy)} end`,
}
/** Words of ours and identifiers: nothing in them has to be protected from a spreadsheet. */
const PLAIN: ReadonlySet<string> = new Set([
  'personClass',
  'kind',
  'entry',
  'adjusting',
  'status',
  'fillSource',
  'zone',
  'id',
  'correctionOf',
  'dutyId',
])

const shown = (key: LineColumn, { period }: Source): SQLWrapper => (period && FROZEN[key]) || VALUES[key]

const inWords = (value: SQLWrapper, words: Record<string, string>): SQL =>
  sql`case ${value} ${sql.join(
    Object.entries(words).map(([word, said]) => sql`when ${word} then ${said}`),
    sql` `,
  )} end`

function saidIn(lang: Locale, key: LineColumn, value: SQLWrapper): SQLWrapper {
  const words = VOCABULARY[lang]
  if (key === 'kind' || key === 'personClass') return inWords(value, words[key])
  if (key === 'entry' || key === 'status' || key === 'fillSource') return inWords(value, words[key])
  if (key === 'adjusting') return sql`case when ${value} then ${words.adjusting} end`
  return value
}

/** Tables of names as fields of a CSV file; grouped, so that the database writes a name once and not for every line. */
function writtenNames(where: SQL) {
  const seen = sql`select ${ledger.volunteerId} from ${ledger} join ${units} on ${units.id} = ${ledger.unitId} where ${where}`
  const named = (table: PgTable, key: AnyColumn, name: AnyColumn, as: string, id: SQLWrapper = key) =>
    sql`(select ${id} as id, ${csvText(name)} as name from ${table} group by ${key}) ${sql.raw(as)}`
  return {
    people: sql`(select ${volunteers.id} as id, ${csvText(volunteers.personNumber)} as number,
      ${csvText(volunteers.displayName)} as name from ${volunteers} where ${volunteers.id} in (${seen}) group by ${volunteers.id}) people`,
    homes: named(units, units.id, units.name, 'homes'),
    places: named(posts, posts.id, posts.name, 'places'),
    keys: named(apiKeys, apiKeys.id, apiKeys.name, 'keys', sql`${apiKeys.id}::text`),
    recorders: named(apiKeys, apiKeys.id, apiKeys.name, 'recorders', sql`${apiKeys.id}::text`),
  }
}

export type HoursQueries = ReturnType<typeof hoursQueries>

/** The one query behind each file. */
export function hoursQueries(db: Db) {
  const fromLedger = (columns: Record<string, SQL.Aliased>) =>
    db
      .select(columns)
      .from(ledger)
      .innerJoin(units, eq(units.id, ledger.unitId))
      .innerJoin(assignments, eq(assignments.id, ledger.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .$dynamic()

  const fromPeriod = (columns: Record<string, SQL.Aliased>, where: SQL) =>
    fromLedger(columns)
      .innerJoin(periodLines, eq(periodLines.ledgerId, ledger.id))
      .where(where)
      .orderBy(asc(periodLines.lineNo))

  return {
    /** One record a line; columns as asked for, and what is worked out from. */
    lines(keys: readonly string[], source: Source) {
      const columns = (keys as LineColumn[]).map((key) => {
        const value = shown(key, source)
        return [key, (AS_TEXT.has(key) ? sql`(${value})::text` : sql`${value}`).as(key)] as const
      })
      const chosen = Object.fromEntries(columns)
      if (source.period) return fromPeriod(chosen, source.where)
      return fromLedger(chosen)
        .innerJoin(volunteers, eq(volunteers.id, ledger.volunteerId))
        .innerJoin(posts, eq(posts.id, ledger.postId))
        .leftJoin(attendances, eq(attendances.assignmentId, ledger.assignmentId))
        .leftJoin(apiKeys, eq(sql`${apiKeys.id}::text`, verifier))
        .leftJoin(recorders, eq(sql`${recorders.id}::text`, ledger.enteredBy))
        .where(source.where)
        .orderBy(asc(ledger.localDay), asc(ledger.id))
    },

    /** The same lines, each as a line of CSV. */
    csvLines(columns: readonly Column[], lang: Locale, source: Source) {
      const fields = columns.map(({ key, type }) => {
        const column = key as LineColumn
        const written = source.period ? undefined : WRITTEN[column]
        return {
          free: type === 'text' && !written && !PLAIN.has(key),
          value: written ?? saidIn(lang, column, shown(column, source)),
        }
      })
      const line = { line: csvLine(fields).as('line') }
      if (source.period) return fromPeriod(line, source.where)
      const names = writtenNames(source.where)
      return fromLedger(line)
        .innerJoin(names.people, sql`people.id = ${ledger.volunteerId}`)
        .innerJoin(names.homes, sql`homes.id = ${ledger.unitId}`)
        .innerJoin(names.places, sql`places.id = ${ledger.postId}`)
        .leftJoin(attendances, eq(attendances.assignmentId, ledger.assignmentId))
        .leftJoin(names.keys, sql`keys.id = ${verifier}`)
        .leftJoin(names.recorders, sql`recorders.id = ${ledger.enteredBy}`)
        .where(source.where)
        .orderBy(asc(ledger.localDay), asc(ledger.id))
    },

    totals: (where: SQL) =>
      db
        .select({
          personNumber: sql<string | null>`${volunteers.personNumber}`.as('personNumber'),
          name: sql<string>`${volunteers.displayName}`.as('name'),
          unit: sql<string>`${units.name}`.as('unit'),
          personClass: sql<LedgerRow['personClass']>`${ledger.personClass}`.as('personClass'),
          ...sums,
        })
        .from(ledger)
        .innerJoin(units, eq(units.id, ledger.unitId))
        .innerJoin(volunteers, eq(volunteers.id, ledger.volunteerId))
        .where(where)
        .groupBy(volunteers.id, units.id, ledger.personClass)
        .orderBy(asc(volunteers.sortName), asc(volunteers.id), asc(units.id), asc(ledger.personClass)),

    /** How many lines there are, counted no further than `most`. */
    async countLines({ where, period }: Source, most: number): Promise<number> {
      const lines = db.select({ id: ledger.id }).from(ledger).innerJoin(units, eq(units.id, ledger.unitId)).$dynamic()
      const chosen = period ? lines.innerJoin(periodLines, eq(periodLines.ledgerId, ledger.id)) : lines
      const [counted] = await db
        .select({ rows: sql<number>`count(*)::int` })
        .from(chosen.where(and(where)).limit(most).as('lines'))
      return counted!.rows
    },
  }
}
