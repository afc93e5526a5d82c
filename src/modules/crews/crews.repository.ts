import { and, asc, eq, gt, inArray, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { addLocalDays } from '../../time/zones.ts'
import { units } from '../organisation/organisation.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { crewMembers, crews } from './crews.tables.ts'
import type { CrewAt, CrewPlace } from './crews.types.ts'

export type CrewRow = typeof crews.$inferSelect
export type CrewMemberRow = typeof crewMembers.$inferSelect
export interface FoundCrew {
  crew: CrewRow
  unitPath: string
}

const at = { crew: crews, unitPath: units.path }
/** Touches the days from `fromOn` up to, not including, `toOn`. */
const touching = (table: typeof crews | typeof crewMembers, fromOn: string, toOn: string): SQL =>
  and(lt(table.fromOn, toOn), or(isNull(table.toOn), gt(table.toOn, fromOn)))!

export const crewsRepository = (db: Handle) => ({
  async find(id: string): Promise<FoundCrew | undefined> {
    const [found] = await db.select(at).from(crews).innerJoin(units, eq(units.id, crews.unitId)).where(eq(crews.id, id))
    return found
  },

  list: (conditions: (SQL | undefined)[], page: Keyset): Promise<FoundCrew[]> =>
    db
      .select(at)
      .from(crews)
      .innerJoin(units, eq(units.id, crews.unitId))
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  insert: async (row: typeof crews.$inferInsert): Promise<CrewRow> =>
    (await db.insert(crews).values(row).returning())[0]!,

  /** The changed row, or undefined when somebody else was faster. */
  async update(id: string, version: number, changes: Partial<typeof crews.$inferInsert>): Promise<CrewRow | undefined> {
    const [row] = await db
      .update(crews)
      .set({ ...changes, version: sql`${crews.version} + 1` })
      .where(and(eq(crews.id, id), eq(crews.version, version)))
      .returning()
    return row
  },

  /** Whether a requirement of a post or a call-out names it. */
  async isNamed(id: string): Promise<boolean> {
    const [row] = await db.execute<{ named: boolean }>(sql`
      select exists (select from cover_requirements where ${id}::uuid = any(crew_ids))
        or exists (select from calls where crew_id = ${id}::uuid) as named`)
    return row!.named
  },

  async remove(id: string): Promise<void> {
    await db.delete(crewMembers).where(eq(crewMembers.crewId, id))
    await db.delete(crews).where(eq(crews.id, id))
  },

  /** How many members the crews have today, where they are. */
  async sizes(ids: string[], now: Date): Promise<Map<string, number>> {
    const today = sql`(${now.toISOString()}::timestamptz at time zone ${units.zone})::date`
    const rows = await db
      .select({ crewId: crewMembers.crewId, members: sql<number>`count(*)::int` })
      .from(crewMembers)
      .innerJoin(crews, eq(crews.id, crewMembers.crewId))
      .innerJoin(units, eq(units.id, crews.unitId))
      .where(
        and(
          inArray(crewMembers.crewId, ids),
          sql`${crewMembers.fromOn} <= ${today} and (${crewMembers.toOn} is null or ${crewMembers.toOn} > ${today})`,
        ),
      )
      .groupBy(crewMembers.crewId)
    return new Map(rows.map((row) => [row.crewId, row.members]))
  },

  /** Members with their names, in the order of names; those of one day when it is given. */
  membersOf: (crewId: string, on?: string) =>
    db
      .select({
        member: crewMembers,
        displayName: volunteers.displayName,
        personClass: volunteers.personClass,
        grade: volunteers.grade,
      })
      .from(crewMembers)
      .innerJoin(volunteers, eq(volunteers.id, crewMembers.volunteerId))
      .where(
        and(
          eq(crewMembers.crewId, crewId),
          on ? and(lte(crewMembers.fromOn, on), or(isNull(crewMembers.toOn), gt(crewMembers.toOn, on))) : undefined,
        ),
      )
      .orderBy(asc(volunteers.sortName), asc(crewMembers.fromOn), asc(crewMembers.id)),

  async findMember(id: string): Promise<(FoundCrew & { member: CrewMemberRow }) | undefined> {
    const [found] = await db
      .select({ ...at, member: crewMembers })
      .from(crewMembers)
      .innerJoin(crews, eq(crews.id, crewMembers.crewId))
      .innerJoin(units, eq(units.id, crews.unitId))
      .where(eq(crewMembers.id, id))
    return found
  },

  insertMembers: (rows: (typeof crewMembers.$inferInsert)[]): Promise<CrewMemberRow[]> =>
    db.insert(crewMembers).values(rows).returning(),

  endMember: (id: string, toOn: string) => db.update(crewMembers).set({ toOn }).where(eq(crewMembers.id, id)),
  removeMember: (id: string) => db.delete(crewMembers).where(eq(crewMembers.id, id)),

  homesOf: (volunteerIds: string[]) =>
    db
      .select({ id: volunteers.id, unitPath: units.path })
      .from(volunteers)
      .innerJoin(units, eq(units.id, volunteers.unitId))
      .where(inArray(volunteers.id, volunteerIds)),

  findUnit: async (id: string) => (await db.select().from(units).where(eq(units.id, id)))[0],

  /** Crews by id, and all of some subtrees, that exist on one of the days. */
  existing: (ids: string[], unitPaths: string[], fromOn: string, toOn: string): Promise<CrewAt[]> =>
    db
      .select({ id: crews.id, unitId: crews.unitId, unitPath: units.path, name: crews.name, leadId: crews.leadId })
      .from(crews)
      .innerJoin(units, eq(units.id, crews.unitId))
      .where(
        and(
          touching(crews, fromOn, toOn),
          or(
            inArray(crews.id, ids),
            sql`exists (select from unnest(${sql.param(unitPaths)}::text[]) root where starts_with(${units.path}, root))`,
          ),
        ),
      )
      .orderBy(asc(crews.name), asc(crews.id)),

  /** Crews that people are in on a day. */
  crewsOf: (volunteerIds: string[], on: string) =>
    db
      .select({ volunteerId: crewMembers.volunteerId, name: crews.name })
      .from(crewMembers)
      .innerJoin(crews, eq(crews.id, crewMembers.crewId))
      .where(
        and(
          sql`${crewMembers.volunteerId} = any(${sql.param(volunteerIds)}::uuid[])`,
          touching(crewMembers, on, addLocalDays(on, 1)),
        ),
      )
      .orderBy(asc(crews.name)),

  /** Places in crews that touch the days; of `volunteerIds` only, when given. */
  places: (crewIds: string[], fromOn: string, toOn: string, volunteerIds?: readonly string[]): Promise<CrewPlace[]> =>
    db
      .select({
        crewId: crewMembers.crewId,
        volunteerId: crewMembers.volunteerId,
        fromOn: crewMembers.fromOn,
        toOn: crewMembers.toOn,
      })
      .from(crewMembers)
      .where(
        and(
          inArray(crewMembers.crewId, crewIds),
          touching(crewMembers, fromOn, toOn),
          volunteerIds ? sql`${crewMembers.volunteerId} = any(${sql.param([...volunteerIds])}::uuid[])` : undefined,
        ),
      )
      .orderBy(asc(crewMembers.crewId), asc(crewMembers.volunteerId), asc(crewMembers.fromOn)),
})
