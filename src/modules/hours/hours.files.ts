import { pipeline, type Readable } from 'node:stream'
import { and, eq, ne, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import { newId } from '../../platform/db/ids.ts'
import { type Fingerprint, fingerprinted, spooled } from '../../platform/files/hashed.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { units } from '../organisation/organisation.tables.ts'
import type { createExportColumns } from './export-columns.service.ts'
import { createExports, FILE_TYPES, type Wish } from './hours.exports.ts'
import { hoursProblems } from './hours.problems.ts'
import type { Source } from './hours.query.ts'
import type { ExportQuery, HoursExportList, PeriodExportQuery } from './hours.schemas.ts'
import { hoursExports, ledger, periodLines } from './hours.tables.ts'
import { exportView } from './hours.views.ts'
import { numberedBetween } from './periods.repository.ts'
import type { createPeriods } from './periods.service.ts'

export interface HoursFilesDeps extends Foundations {
  organisation: Organisation
  columns: ReturnType<typeof createExportColumns>
  periods: ReturnType<typeof createPeriods>
  /** The condition a filter stands for, within what the actor may see. */
  conditionOf(actor: Actor, filter: z.output<typeof ExportQuery>): Promise<{ where: SQL; unitPath: string }>
}

/** A file on its way; its fingerprint comes with the last byte, and for what was made before it was sent, with the first. */
export interface SentHours {
  id: string
  body: Readable
  name: string
  type: string
  print: () => Fingerprint | undefined
}

const CLASS_HIDDEN = 'Volunteers stand beside others here: add the column personClass, or ask for one personClass.'

const lastUnit = (path: string): string | null => path.split('/').filter(Boolean).at(-1) ?? null
const isService = eq(ledger.personClass, 'volunteer')
const isDuty = ne(ledger.personClass, 'volunteer')

/** Hours as files. Promises: every file is on record with its fingerprint, and volunteers' hours go with nobody else's but where each line says its class. */
export function createHoursFiles({ db, sql, clock, organisation, columns, periods, conditionOf }: HoursFilesDeps) {
  const exports = createExports({ db, sql })

  /** A file that nobody heard of does not leave. */
  async function record(actor: Actor, row: Omit<typeof hoursExports.$inferInsert, 'id' | 'startedAt' | 'startedBy'>) {
    const id = newId()
    const now = clock.now()
    await db.transaction(async (tx) => {
      await tx.insert(hoursExports).values({ ...row, id, startedAt: now, startedBy: actor.id })
      await audit(tx, actor, now, {
        action: 'hours.exported',
        subject: { type: 'hours-export', id },
        unitId: row.unitId ?? null,
        facts: { kind: row.kind, ...row.query, rows: row.rows },
      })
    })
    return id
  }

  const grounds = async (
    { purpose, recipient }: { purpose?: string | undefined; recipient?: string | undefined },
    wish: Wish,
    source: Source,
    gone: AbortSignal,
  ) => ({ purpose: purpose ?? null, recipient: recipient ?? null, rows: await exports.rows(wish, source, gone) })

  const finish = (id: string, { bytes, sha256 }: Fingerprint) =>
    db.update(hoursExports).set({ finishedAt: clock.now(), bytes, sha256 }).where(eq(hoursExports.id, id))

  return {
    exports,

    /** Hours of volunteers, or duty hours of all others, as they are now. `gone` stops it. */
    async exportHours(
      actor: Actor,
      kind: 'service-hours' | 'duty-hours',
      query: z.output<typeof ExportQuery>,
      gone: AbortSignal,
    ): Promise<SentHours> {
      const found = findings()
      if (query.personClass && (query.personClass === 'volunteer') !== (kind === 'service-hours')) {
        const other = kind === 'service-hours' ? 'duty-hours' : 'service-hours'
        found.add('/query/personClass', 'class-elsewhere', `Hours of this class are in /v1/exports/${other}.`)
      }
      found.throwIfAny()
      const { where, unitPath } = await conditionOf(actor, query)
      const keys = await columns.chosen(unitPath, query.columns, query.view)
      const now = clock.now()
      const { format, lang, view, headers, columns: _, purpose: _purpose, recipient: _recipient, ...filter } = query
      const name = `${kind}_${filter.from ?? 'start'}_${filter.to ?? now.toISOString().slice(0, 10)}.${format}`
      const wish: Wish = {
        kind,
        view,
        format,
        lang,
        keys,
        stableHeaders: headers === 'keys',
        about: { filter: JSON.stringify(filter), madeAt: now.toISOString() },
        madeAt: now,
      }
      const source = { where: and(where, kind === 'service-hours' ? isService : isDuty)! }
      const file = await exports.open(wish, source, gone)
      const id = await record(actor, {
        unitId: lastUnit(unitPath),
        kind,
        format,
        query: { ...query },
        fileName: name,
        ...(await grounds(query, wish, source, gone)),
      })
      let print: Fingerprint | undefined
      const seen = fingerprinted(async (found) => {
        print = found
        await finish(id, found)
      })
      const body = pipeline(file, seen, () => {})
      return { id, body, name, type: FILE_TYPES[format], print: () => print }
    },

    /** A version of a closed period, or exactly what it added; made whole first, so that its fingerprint goes before it. */
    async exportPeriod(actor: Actor, id: string, query: z.output<typeof PeriodExportQuery>, gone: AbortSignal) {
      const period = await periods.getPeriod(actor, id)
      const version = query.version ?? period.version
      if (version > period.version) throw hoursProblems.versionUnknown(version)
      const since = query.part === 'whole' ? 0 : (query.since ?? version - 1)
      const found = findings()
      if (since >= version) {
        found.add('/query/since', 'since-not-before', `Version ${since} is not before version ${version}.`)
      }
      found.throwIfAny()
      const keys = await columns.chosen(period.unitPath, query.columns, 'period')
      if (!query.personClass && keys && !keys.includes('personClass')) {
        found.add('/query/columns', 'class-hidden', CLASS_HIDDEN)
        found.throwIfAny()
      }
      const unit = await organisation.getUnit(actor, period.unitId)
      const { closes } = await periods.showPeriod(actor, id)
      const nameless = await periods.withoutNumber(id, version)
      const close = closes.find((one) => one.version === version)!
      const madeAt = new Date(close.closedAt)
      const span = since > 0 ? `v${since}-v${version}` : `v${version}`
      const others = query.personClass ? `${query.personClass}_` : ''
      const name = `hours_${others}${period.fromOn}_${period.toOn}_${span}.${query.format}`
      const wish: Wish = {
        kind: 'period',
        view: 'lines',
        format: query.format,
        lang: query.lang,
        keys,
        stableHeaders: query.headers === 'keys',
        about: {
          unit: unit.name,
          period: `${period.fromOn} ${period.toOn}`,
          version: String(version),
          ...(since > 0 ? { since: String(since) } : {}),
          ...(close.unverifiedLines > 0 ? { unverified: `${close.unverifiedLines}, ${close.unverifiedMinutes}` } : {}),
          ...(nameless.length > 0 ? { withoutNumber: nameless.map((one) => one.name).join(', ') } : {}),
        },
        madeAt,
      }
      const classes = query.personClass && (query.personClass === 'volunteer' ? isService : isDuty)
      const where = and(eq(periodLines.unitId, period.unitId), numberedBetween(id, since, version), classes)!
      const source = { where, period: true } as const
      const made = await spooled(await exports.open(wish, source, gone), gone)
      const exportId = await record(actor, {
        unitId: period.unitId,
        kind: 'period',
        format: query.format,
        query: { ...query, version, since },
        periodId: id,
        fileName: name,
        ...(await grounds(query, wish, source, gone)),
      })
      await finish(exportId, made)
      return { id: exportId, body: made.body, name, type: FILE_TYPES[query.format], print: () => made }
    },

    async showExport(actor: Actor, id: string) {
      const [seen] = await db
        .select({ row: hoursExports, unitPath: units.path })
        .from(hoursExports)
        .leftJoin(units, eq(units.id, hoursExports.unitId))
        .where(eq(hoursExports.id, id))
      assertCovers(actor, seen && (seen.unitPath ?? '/'), () => hoursProblems.exportUnknown(id))
      return exportView(seen!.row)
    },

    async listExports(actor: Actor, query: z.output<typeof HoursExportList>) {
      const page = keyset(query, { startedAt: hoursExports.startedAt }, hoursExports.id)
      const rows = await db
        .select({ row: hoursExports })
        .from(hoursExports)
        .innerJoin(units, eq(units.id, hoursExports.unitId))
        .where(
          and(
            withinPath(actor.unitPath),
            query.periodId ? eq(hoursExports.periodId, query.periodId) : undefined,
            query.sha256 ? eq(hoursExports.sha256, query.sha256.toLowerCase()) : undefined,
            page.after,
          ),
        )
        .orderBy(...page.orderBy)
        .limit(page.limit)
      const files = rows.map((one) => one.row)
      return toPage(query, files, (row) => row.startedAt, exportView)
    },
  }
}
