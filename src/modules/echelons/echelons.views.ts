import type { EchelonRow, EntryRow, PatternRow, SetRow } from './echelons.repository.ts'

export const echelonView = ({ id, position, name, rule }: EchelonRow) => ({ id, position, name, rule })

export const setView = (set: SetRow, echelons: EchelonRow[]) => ({
  id: set.id,
  unitId: set.unitId,
  name: set.name,
  kind: set.kind,
  echelons: echelons.filter((one) => one.setId === set.id).map(echelonView),
  createdAt: set.createdAt.toISOString(),
  updatedAt: set.updatedAt.toISOString(),
  version: set.version,
})

export const entryView = (entry: EntryRow) => ({ ...entry, createdAt: entry.createdAt.toISOString() })

export const patternView = (pattern: PatternRow) => ({ ...pattern, createdAt: pattern.createdAt.toISOString() })
