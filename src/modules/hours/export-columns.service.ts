import { and, asc, eq, inArray } from 'drizzle-orm'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import { newId } from '../../platform/db/ids.ts'
import { findings } from '../../platform/http/problem.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { COLUMN_SETS, LINE_COLUMNS, unknownColumns, type View } from './hours.columns.ts'
import { hoursProblems } from './hours.problems.ts'
import { exportColumns } from './hours.tables.ts'

/** Which columns a file has: named sets of units, and those everybody knows. */
export function createExportColumns({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  /** The set that holds at a unit: its own, or that of the nearest unit above. */
  async function findSet(unitPath: string, name: string): Promise<readonly string[] | undefined> {
    const line = unitPath.split('/').filter(Boolean)
    if (line.length === 0) return COLUMN_SETS[name]
    const rows = await db
      .select()
      .from(exportColumns)
      .where(and(inArray(exportColumns.unitId, line), eq(exportColumns.name, name)))
    const nearest = rows.sort((a, b) => line.indexOf(b.unitId) - line.indexOf(a.unitId))[0]
    return nearest?.columns ?? COLUMN_SETS[name]
  }

  const badColumns = (pointer: string, keys: readonly string[], view: View | 'period') => {
    const found = findings()
    for (const key of unknownColumns(view, keys)) {
      found.add(pointer, 'column-unknown', `There is neither a column nor a set called "${key}".`)
    }
    if (new Set(keys).size < keys.length) found.add(pointer, 'column-twice', 'A column stands in this list twice.')
    found.throwIfAny()
  }

  return {
    /** Keys that a query asks for, by list or by name; undefined for all. Names whatever nobody knows. */
    async chosen(unitPath: string, columns: string | undefined, view: View | 'period') {
      if (columns === undefined) return undefined
      const words = columns.split(',').map((word) => word.trim())
      const set = words.length === 1 ? await findSet(unitPath, words[0]!) : undefined
      if (!set) badColumns('/query/columns', words, view)
      return set ?? words
    },

    async putSet(actor: Actor, unitId: string, name: string, columns: readonly string[]) {
      badColumns('/body/columns', columns, 'period')
      return db.transaction(async (tx) => {
        await organisation.getUnit(actor, unitId, tx)
        const now = clock.now()
        await tx
          .insert(exportColumns)
          .values({ id: newId(), unitId, name, columns: [...columns], updatedAt: now })
          .onConflictDoUpdate({
            target: [exportColumns.unitId, exportColumns.name],
            set: { columns: [...columns], updatedAt: now },
          })
        await audit(tx, actor, now, {
          action: 'export-columns.saved',
          subject: { type: 'unit', id: unitId },
          unitId,
          facts: { name, columns },
        })
        return { name, unitId, columns: [...columns] }
      })
    },

    async removeSet(actor: Actor, unitId: string, name: string) {
      return db.transaction(async (tx) => {
        await organisation.getUnit(actor, unitId, tx)
        const gone = await tx
          .delete(exportColumns)
          .where(and(eq(exportColumns.unitId, unitId), eq(exportColumns.name, name)))
          .returning()
        if (gone.length === 0) throw hoursProblems.columnSetUnknown(name)
        await audit(tx, actor, clock.now(), {
          action: 'export-columns.removed',
          subject: { type: 'unit', id: unitId },
          unitId,
          facts: { name },
        })
      })
    },

    /** What may be asked for at a unit, with what it has itself and what comes from above. */
    async listSets(actor: Actor, unitId: string) {
      const unit = await organisation.getUnit(actor, unitId)
      const rows = await db
        .select()
        .from(exportColumns)
        .where(inArray(exportColumns.unitId, unit.path.split('/').filter(Boolean)))
        .orderBy(asc(exportColumns.name))
      const common = Object.entries(COLUMN_SETS).map(([name, columns]) => ({
        name,
        unitId: null,
        columns: [...columns],
      }))
      return {
        sets: [...rows.map((row) => ({ name: row.name, unitId: row.unitId, columns: row.columns })), ...common],
        known: LINE_COLUMNS,
      }
    },
  }
}
