import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { readCsv } from '../../platform/files/csv-read.ts'
import { UnreadableFileError } from '../../platform/files/problems.ts'
import { ProblemError } from '../../platform/http/problem.ts'
import { localDay } from '../../time/zones.ts'
import { rootOf } from '../organisation/organisation.repository.ts'
import { qualificationsByCode } from './qualifications.service.ts'
import { volunteerProblems } from './volunteers.problems.ts'
import { volunteersRepository } from './volunteers.repository.ts'
import { IMPORT_COLUMNS } from './volunteers-import.columns.ts'
import { type Home, type ImportStep, planStep } from './volunteers-import.plan.ts'
import { volunteersImportRepository } from './volunteers-import.repository.ts'
import { type ImportContext, type ImportedPerson, type ImportFault, readPerson } from './volunteers-import.rules.ts'
import type { ImportQuery, ImportReport } from './volunteers-import.schemas.ts'

const LIMITS = { bytes: 20 * 1024 * 1024, rows: 20_000, cellLength: 1_000 }
const ERRORS_TOLD = 1_000
const ROWS_SHOWN = 20

type Upload = AsyncIterable<Uint8Array>
type PreviewRow = z.output<typeof ImportReport>['preview'][number]

/** The file as it was read: people by person number, and what is wrong. */
interface Reading {
  rows: number
  people: ImportedPerson[]
  faults: ImportFault[]
  firstRows: PreviewRow[]
}

const fileProblem = (error: UnreadableFileError) =>
  new ProblemError(error.code === 'file-too-large' ? 413 : 422, error.code, error.message)

async function readUpload(upload: Upload, context: ImportContext): Promise<Reading> {
  const reading: Reading = { rows: 0, people: [], faults: [], firstRows: [] }
  const rowOf = new Map<string, number>()
  const file = await readCsv(upload, IMPORT_COLUMNS, LIMITS)
  for (const column of file.unknownHeaders) {
    const detail = 'This column is not known here. Maybe leave it out.'
    reading.faults.push({ row: 1, column, code: 'column-unknown', detail })
  }
  for await (const record of file.records) {
    reading.rows += 1
    const { row } = record
    if ('problem' in record) {
      reading.faults.push({ row, column: null, code: record.problem, detail: record.message })
      continue
    }
    const { person, faults } = readPerson(row, record.values, context)
    const { personNumber = null, displayName = null } = person
    const twin = personNumber === null ? undefined : rowOf.get(personNumber)
    if (twin !== undefined) {
      const detail = `Row ${twin} has the same person number.`
      faults.push({ row, column: 'personNumber', code: 'person-number-twice', detail })
    } else if (personNumber !== null) rowOf.set(personNumber, row)
    if (faults.length === 0) reading.people.push(person as ImportedPerson)
    else reading.faults.push(...faults)
    if (reading.firstRows.length < ROWS_SHOWN) {
      reading.firstRows.push({ row, outcome: 'wrong', personNumber, displayName, changes: [] })
    }
  }
  return reading
}

function reportOn(mode: 'preview' | 'commit', reading: Reading, steps: ImportStep[], faults: ImportFault[]) {
  const count = (outcome: ImportStep['outcome']) => steps.filter((step) => step.outcome === outcome).length
  const stepOf = new Map(steps.map((step) => [step.row, step]))
  const wrongRows = new Set(faults.map((fault) => fault.row))
  wrongRows.delete(1)
  return {
    mode,
    committed: mode === 'commit' && faults.length === 0,
    counts: {
      rows: reading.rows,
      created: count('create'),
      updated: count('update'),
      unchanged: count('unchanged'),
      wrong: wrongRows.size,
    },
    errors: faults.slice(0, ERRORS_TOLD),
    errorsTotal: faults.length,
    preview: reading.firstRows.map((shown) => {
      const step = stepOf.get(shown.row)
      return step ? { ...shown, outcome: step.outcome, changes: step.changes } : shown
    }),
  }
}

/**
 * Brings people in from a file, by person number. The file is read to its end before the transaction opens, so that a
 * slow sender holds no locks; of it only the rows that say something are kept.
 */
export function createVolunteersImport({ db, clock }: Foundations) {
  async function write(tx: Tx, actor: Actor, now: Date, steps: ImportStep[]): Promise<void> {
    const changed = steps
      .filter((step) => step.outcome !== 'unchanged')
      .map((step) => ({ ...step, id: step.before?.id ?? newId() }))
    const repository = volunteersImportRepository(tx)
    await repository.upsert(
      changed.map(({ id, fields, before }) => ({
        id,
        ...fields,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
        version: before?.version ?? 1,
      })),
    )
    const withContacts = changed.filter((one) => one.contacts)
    const withHoldings = changed.filter((one) => one.holdings)
    await repository.replaceContacts(
      withContacts.map((one) => one.id),
      withContacts.flatMap(({ id, contacts }) =>
        contacts!.map((contact, index) => ({
          volunteerId: id,
          channel: contact.channel,
          address: contact.address,
          position: index + 1,
          verifiedAt: contact.verifiedAt ?? null,
        })),
      ),
    )
    await repository.replaceHoldings(
      withHoldings.map((one) => one.id),
      withHoldings.flatMap(({ id, holdings }) => holdings!.map((holding) => ({ ...holding, volunteerId: id }))),
    )
    await audit(
      tx,
      actor,
      now,
      ...changed.map(({ id, outcome, fields, changes }) => ({
        action: outcome === 'create' ? 'volunteer.created' : 'volunteer.changed',
        subject: { type: 'volunteer', id },
        unitId: fields.unitId,
        facts: { by: 'import', fields: changes },
      })),
    )
  }

  return {
    /** Reads a file of people and, when `mode` is commit and nothing is wrong, writes all of it at once. */
    async importVolunteers(actor: Actor, { unitId, mode }: z.output<typeof ImportQuery>, upload: Upload) {
      const now = clock.now()
      const unit = await volunteersRepository(db).findUnit(unitId)
      assertCovers(actor, unit?.path, () => volunteerProblems.unitUnknown(unitId))
      const context: ImportContext = {
        unitIds: await volunteersImportRepository(db).unitCodes(unit!.path),
        qualificationIds: await qualificationsByCode(db),
        today: localDay(now, unit!.zone),
      }
      const reading = await readUpload(upload, context).catch((error: unknown) => {
        throw error instanceof UnreadableFileError ? fileProblem(error) : error
      })
      const report = await db.transaction(async (tx) => {
        const numbers = reading.people.map((person) => person.personNumber)
        const rootId = rootOf(unit!.path)
        const known = await volunteersImportRepository(tx).known(rootId, numbers, actor.unitPath, mode === 'commit')
        const home: Home = { id: unit!.id, locale: unit!.locale }
        const plans = reading.people.map((person) => planStep(person, known.get(person.personNumber), home))
        const steps = plans.flatMap((plan) => ('step' in plan ? [plan.step] : []))
        const faults = [...reading.faults, ...plans.flatMap((plan) => ('fault' in plan ? [plan.fault] : []))]
        faults.sort((a, b) => a.row - b.row)
        if (mode === 'commit' && faults.length === 0) await write(tx, actor, now, steps)
        return reportOn(mode, reading, steps, faults)
      })
      if (mode === 'commit' && !report.committed) {
        const detail = `${report.errorsTotal} things are wrong with this file; nothing was written.`
        throw new ProblemError(422, 'import-wrong', detail, { extra: { report } })
      }
      return report
    },
  }
}
