import type { Handle } from '../../platform/db/client.ts'
import { problemRepository } from './problem.repository.ts'
import type { Names, StatedRule } from './roster-rules.rules.ts'

export interface ProblemNames extends Names {
  /** Path of unit names, root first, for a path of unit ids. */
  unitPath(path: string): string
  crew(id: string): string
  /** Whether a qualification is insurance, training or admission. */
  isClearance(qualificationId: string): boolean
}

/** Ids by what they are, as rules mention them. */
export interface Mentioned {
  echelonIds: string[]
  setIds: string[]
  unitIds: string[]
  qualificationIds: string[]
}

export function mentionedIn(rules: StatedRule[]): Mentioned {
  const found: Mentioned = { echelonIds: [], setIds: [], unitIds: [], qualificationIds: [] }
  const look = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return
    for (const [key, part] of Object.entries(value)) {
      if (key === 'echelonIds' || key === 'unitIds' || key === 'qualificationIds')
        found[key].push(...(part as string[]))
      else look(part)
    }
  }
  for (const rule of rules) {
    look(rule.params)
    found.setIds.push(...(rule.scope.echelonSetIds ?? []))
  }
  return found
}

/** Names by id; where two would be the same, those after the first are numbered. */
function distinct<T extends { id: string }>(items: T[], nameOf: (item: T) => string): Map<string, string> {
  const taken = new Map<string, number>()
  return new Map(
    items.map((item) => {
      const name = nameOf(item)
      const before = taken.get(name) ?? 0
      taken.set(name, before + 1)
      return [item.id, before === 0 ? name : `${name} (${before + 1})`]
    }),
  )
}

const idsIn = (path: string): string[] => path.split('/').filter(Boolean)

/** What things are called in reasons: names where people would see ids otherwise. */
export async function readNames(
  handle: Handle,
  needed: {
    setIds: string[]
    crews: { id: string; name: string }[]
    unitPaths: string[]
    unitIds: string[]
    qualificationIds: string[]
  },
): Promise<ProblemNames> {
  const repo = problemRepository(handle)
  const wantedUnits = await repo.unitNames(needed.unitIds)
  const paths = [...needed.unitPaths, ...wantedUnits.map((unit) => unit.path)]
  const [echelons, units, qualifications] = await Promise.all([
    repo.echelonsOf(needed.setIds),
    repo.unitNames([...new Set(paths.flatMap(idsIn))]),
    repo.qualificationNames([...new Set(needed.qualificationIds)]),
  ])
  const echelonNames = distinct(echelons, (one) => `${one.setName}: ${one.name}`)
  const qualificationNames = distinct(
    qualifications.sort((a, b) => (a.code < b.code ? -1 : 1)),
    (one) => one.name,
  )
  const clearances = new Set(qualifications.filter((one) => one.kind === 'clearance').map((one) => one.id))
  const crewNames = distinct(needed.crews, (one) => `crew: ${one.name}`)
  const unitName = new Map(units.map((unit) => [unit.id, unit.name.replaceAll('/', '∕')]))
  const pathOf = new Map(units.map((unit) => [unit.id, unit.path]))
  const unitPath = (path: string) =>
    idsIn(path)
      .map((id) => unitName.get(id) ?? id)
      .join('/')
  const bySet = Map.groupBy(echelons, (one) => one.setId)
  return {
    unitPath,
    crew: (id) => crewNames.get(id) ?? id,
    isClearance: (id) => clearances.has(id),
    unit: (id) => unitPath(pathOf.get(id) ?? id),
    echelon: (id) => echelonNames.get(id) ?? id,
    qualification: (id) => qualificationNames.get(id) ?? id,
    echelonsOf: (setId) => (bySet.get(setId) ?? []).map((one) => echelonNames.get(one.id)!),
  }
}
