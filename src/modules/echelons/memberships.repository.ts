import { and, asc, eq, gt, gte, inArray, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import type { LocalDate } from '../../time/zones.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteerQualifications, volunteers } from '../volunteers/volunteers.tables.ts'
import { echelonMembers, echelonSets, echelons } from './echelons.tables.ts'
import type { MembershipRule } from './echelons.types.ts'
import type { HandEntry, Paths, Person, SetFacts } from './memberships.rules.ts'

/** Days that matter, `toOn` out. */
export interface Window {
  fromOn: LocalDate
  toOn: LocalDate
}

/** Everybody whom rules or entries of some sets may concern, and what is needed to tell. */
export interface Cast {
  people: Person[]
  entries: HandEntry[]
  paths: Paths
}

const anyOf = (column: AnyPgColumn, ids: readonly string[]): SQL => sql`${column} = any(${sql.param([...ids])}::uuid[])`

/** Home unit is one of those at these paths, or below; nobody's when there are none. */
export const withinAny = (paths: Iterable<string>): SQL =>
  sql`${units.path} like any(${sql.param(Array.from(paths, (path) => `${path}%`))}::text[])`

const year = (day: LocalDate) => Number(day.slice(0, 4))

/** Lets through everybody who may fit on some day of the window; the rule itself has the last word. */
function mayFit({ age, unitIds, grades, personClasses }: MembershipRule, paths: Paths, window: Window): SQL {
  const { from, to } = age ?? {}
  return (
    and(
      unitIds && withinAny(unitIds.flatMap((id) => paths.get(id) ?? [])),
      grades && inArray(volunteers.grade, grades),
      personClasses && inArray(volunteers.personClass, personClasses),
      from === undefined ? undefined : lte(volunteers.birthOn, `${year(window.toOn) - from}-12-31`),
      to === undefined ? undefined : gte(volunteers.birthOn, `${year(window.fromOn) - to - 1}-01-01`),
    ) ?? sql`true`
  )
}

export const membershipsRepository = (db: Handle) => ({
  async sets(ids: readonly string[]): Promise<SetFacts[]> {
    const sets = await db
      .select({ id: echelonSets.id, kind: echelonSets.kind, unitPath: units.path })
      .from(echelonSets)
      .innerJoin(units, eq(units.id, echelonSets.unitId))
      .where(anyOf(echelonSets.id, ids))
      .orderBy(asc(echelonSets.id))
    const rows = await db.select().from(echelons).where(anyOf(echelons.setId, ids)).orderBy(asc(echelons.position))
    return sets.map((set) => ({ ...set, echelons: rows.filter((one) => one.setId === set.id) }))
  },

  async setOfEchelon(echelonId: string): Promise<string | undefined> {
    const [row] = await db.select({ setId: echelons.setId }).from(echelons).where(eq(echelons.id, echelonId))
    return row?.setId
  },

  /** In four queries, whatever the number of sets, rules and people. */
  async cast(sets: SetFacts[], window: Window, volunteerIds?: readonly string[]): Promise<Cast> {
    const ids = [...new Set(sets.map((set) => set.id))]
    const rules = sets.flatMap((set) => set.echelons.flatMap((one) => one.rule ?? []))
    const paths = await this.paths(rules.flatMap((rule) => rule.unitIds ?? []))
    const entries = await this.entries(ids, window, volunteerIds)
    const invited = sets.map((set) =>
      and(
        withinPath(set.unitPath),
        or(...set.echelons.flatMap((one) => (one.rule ? mayFit(one.rule, paths, window) : [])), sql`false`),
      ),
    )
    const asked = volunteerIds && anyOf(volunteers.id, volunteerIds)
    const named = anyOf(volunteers.id, [...new Set(entries.map((entry) => entry.volunteerId))])
    const qualificationIds = rules.flatMap((rule) => rule.qualificationIds ?? [])
    return { entries, paths, people: await this.people([asked, or(named, ...invited)], window, qualificationIds) }
  },

  async paths(unitIds: string[]): Promise<Paths> {
    if (unitIds.length === 0) return new Map()
    const rows = await db.select({ id: units.id, path: units.path }).from(units).where(anyOf(units.id, unitIds))
    return new Map(rows.map((row) => [row.id, row.path]))
  },

  entries: (setIds: string[], { fromOn, toOn }: Window, volunteerIds?: readonly string[]): Promise<HandEntry[]> =>
    db
      .select()
      .from(echelonMembers)
      .where(
        and(
          anyOf(echelonMembers.setId, setIds),
          volunteerIds && anyOf(echelonMembers.volunteerId, volunteerIds),
          lt(echelonMembers.fromOn, toOn),
          or(isNull(echelonMembers.toOn), gt(echelonMembers.toOn, fromOn)),
        ),
      ),

  /** People who serve on some day of the window, with those of the given qualifications that they hold. */
  async people(
    conditions: (SQL | undefined)[],
    { fromOn, toOn }: Window,
    qualificationIds: string[],
  ): Promise<Person[]> {
    const rows = await db
      .select({
        id: volunteers.id,
        displayName: volunteers.displayName,
        unitPath: units.path,
        birthOn: volunteers.birthOn,
        grade: volunteers.grade,
        personClass: volunteers.personClass,
        joinedOn: volunteers.joinedOn,
        leftOn: volunteers.leftOn,
      })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(
        and(
          ...conditions,
          or(isNull(volunteers.joinedOn), lt(volunteers.joinedOn, toOn)),
          or(isNull(volunteers.leftOn), gt(volunteers.leftOn, fromOn)),
        ),
      )
      .orderBy(asc(volunteers.id))
    const held = await this.held(
      rows.map((row) => row.id),
      qualificationIds,
    )
    return rows.map((row) => ({ ...row, held: held.get(row.id) ?? [] }))
  },

  async held(volunteerIds: string[], qualificationIds: string[]): Promise<Map<string, Person['held']>> {
    if (qualificationIds.length === 0) return new Map()
    const table = volunteerQualifications
    const rows = await db
      .select()
      .from(table)
      .where(and(anyOf(table.volunteerId, volunteerIds), anyOf(table.qualificationId, qualificationIds)))
    const spans = Map.groupBy(rows, (row) => row.volunteerId)
    return new Map(
      [...spans].map(([id, list]) => [
        id,
        list.map(({ qualificationId, validFrom, validTo }) => ({ id: qualificationId, validFrom, validTo })),
      ]),
    )
  },
})
