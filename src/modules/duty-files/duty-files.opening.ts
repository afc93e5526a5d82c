import type { Readable } from 'node:stream'
import { audit } from '../../platform/audit/audit.ts'
import { type Actor, covers } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { countRows, type StreamedQuery, streamRows } from '../../platform/db/streams.ts'
import type { Row } from '../../platform/files/columns.ts'
import type { PdfColumn, PdfFact } from '../../platform/files/pdf-table.ts'
import type { XlsxSheet } from '../../platform/files/xlsx-write.ts'
import { type Findings, findings } from '../../platform/http/problem.ts'
import { organisationRepository, type UnitRow } from '../organisation/organisation.repository.ts'
import { type Form, writeFile } from './duty-files.files.ts'
import { TYPES } from './duty-files.types.ts'

export interface DutyFile {
  body: Readable
  name: string
  type: string
}

/** What is asked for: the file, the unit it is about, and what goes on record of it. */
export interface Order {
  unit: UnitRow | undefined
  form: Form
  query: object
  action: string
}

/** One query, and how each of its rows is shown. */
export interface Source<R> {
  /** Of the file, without its ending. */
  name: string
  title: string
  subtitle: string
  columns: PdfColumn[]
  source: StreamedQuery
  view: (row: R) => Row
  /** What marks mean, above the table on paper. */
  facts?: PdfFact[]
  /** A second sheet of a workbook, which says what the first one is. */
  notes?: XlsxSheet
}

/** How every file of this room is opened: its unit, its place on record, its stream. */
export function createOpening({ db, sql, clock }: Pick<Foundations, 'db' | 'sql' | 'clock'>) {
  const note = (actor: Actor, action: string, unit: UnitRow | undefined, facts: object) =>
    audit(db, actor, clock.now(), {
      action,
      subject: { type: 'api-key', id: actor.id },
      unitId: unit?.id ?? null,
      facts: { ...facts },
    })

  /** The unit a file is about, the actor's own when none is named; undefined for keys of no unit. */
  async function findUnit(actor: Actor, unitId: string | undefined, found: Findings): Promise<UnitRow | undefined> {
    const id = unitId ?? actor.unitPath.split('/').filter(Boolean).at(-1)
    const unit = id ? await organisationRepository(db).findUnit(id) : undefined
    if (unitId && !(unit && covers(actor, unit.path))) {
      found.add('/query/unitId', 'unit-unknown', `There is no unit ${unitId} that you may see.`)
    }
    return unit
  }

  return {
    findUnit,

    /** As `findUnit`, and says at once when there is none. */
    async unitOf(actor: Actor, unitId: string | undefined): Promise<UnitRow | undefined> {
      const found = findings()
      const unit = await findUnit(actor, unitId, found)
      found.throwIfAny()
      return unit
    },

    /** The file is on record with its rows before the first byte leaves. */
    async open<R extends object>(
      actor: Actor,
      { unit, form, query, action }: Order,
      { name, source, view, ...file }: Source<R>,
      gone: AbortSignal,
    ): Promise<DutyFile> {
      await note(actor, action, unit, { ...query, rows: await countRows(sql, source, gone) })
      const rows = streamRows(sql, source, view, gone)
      return {
        body: writeFile(form, { ...file, rows, zone: unit?.zone ?? 'UTC', now: clock.now() }),
        name: `${name}.${form.format}`,
        type: TYPES[form.format],
      }
    },
  }
}
