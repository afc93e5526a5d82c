import { and, asc, eq, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { crews } from '../crews/crews.tables.ts'
import { echelonSets, echelons } from '../echelons/echelons.tables.ts'
import { units } from '../organisation/organisation.tables.ts'
import { coverRequirements, posts, shifts, slots } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { qualifications, volunteers } from '../volunteers/volunteers.tables.ts'
import { callOuts, calls } from './call-outs.tables.ts'

export type CallOutRow = typeof callOuts.$inferSelect
export type CallRow = typeof calls.$inferSelect
export type CallOutAt = NonNullable<Awaited<ReturnType<ReturnType<typeof callOutsRepository>['find']>>>

const place = {
  callOut: callOuts,
  shift: shifts,
  postName: posts.name,
  postAddress: posts.address,
  postPhone: posts.phone,
  instructions: posts.instructions,
  unitName: units.name,
  unitPath: units.path,
}
const homes = alias(units, 'homes')

export const callOutsRepository = (db: Handle) => {
  const found = () =>
    db
      .select(place)
      .from(callOuts)
      .innerJoin(shifts, eq(shifts.id, callOuts.shiftId))
      .innerJoin(posts, eq(posts.id, callOuts.postId))
      .innerJoin(units, eq(units.id, callOuts.unitId))
      .$dynamic()
  const heldNow = sql`exists (select 1 from assignments a where a.slot_id = ${slots.id}
    and ${stateIn(sql`a.state` as never, LIVE)})`

  return {
    async find(id: string) {
      const [row] = await found().where(eq(callOuts.id, id))
      return row
    },

    list: (conditions: (SQL | undefined)[], page: Keyset) =>
      found()
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    /** Whoever answers, calls or ends waits here for each other. */
    async lock(id: string): Promise<CallOutRow | undefined> {
      const [row] = await db.select().from(callOuts).where(eq(callOuts.id, id)).for('no key update')
      return row
    },

    insertRoster: (row: typeof rosters.$inferInsert) => db.insert(rosters).values(row),
    insertRequirement: (row: typeof coverRequirements.$inferInsert) => db.insert(coverRequirements).values(row),
    insertShift: (row: typeof shifts.$inferInsert) => db.insert(shifts).values(row),
    insertSlots: (rows: (typeof slots.$inferInsert)[]) => db.insert(slots).values(rows),
    cancelShift: (id: string) => db.update(shifts).set({ state: 'cancelled' }).where(eq(shifts.id, id)),

    insert: async (row: typeof callOuts.$inferInsert): Promise<CallOutRow> =>
      (await db.insert(callOuts).values(row).returning())[0]!,

    async change(id: string, changes: Partial<typeof callOuts.$inferInsert>): Promise<CallOutRow> {
      const [row] = await db
        .update(callOuts)
        .set({ ...changes, version: sql`${callOuts.version} + 1` })
        .where(eq(callOuts.id, id))
        .returning()
      return row!
    },

    slotsOf: (shiftId: string) =>
      db
        .select({ id: slots.id, seat: slots.seat, held: sql<boolean>`${heldNow}` })
        .from(slots)
        .where(eq(slots.shiftId, shiftId))
        .orderBy(asc(slots.seat)),

    /** Assignments by which seats of the shift are held. */
    holders: (shiftId: string) =>
      db
        .select({ id: assignments.id, state: assignments.state })
        .from(assignments)
        .where(and(eq(assignments.shiftId, shiftId), inArray(assignments.state, [...LIVE]))),

    callsOf: (callOutId: string): Promise<CallRow[]> =>
      db.select().from(calls).where(eq(calls.callOutId, callOutId)).orderBy(asc(calls.askedAt), asc(calls.id)),

    /** People called who are really new here and hold no other open call. */
    insertCalls: (rows: (typeof calls.$inferInsert)[]): Promise<CallRow[]> =>
      rows.length === 0 ? Promise.resolve([]) : db.insert(calls).values(rows).onConflictDoNothing().returning(),

    changeCalls: (condition: SQL | undefined, changes: Partial<typeof calls.$inferInsert>): Promise<CallRow[]> =>
      db.update(calls).set(changes).where(condition).returning(),

    /** Asks once more, leaving out whoever is being called for something else. */
    askAgain: (ids: string[], answerBy: Date): Promise<CallRow[]> =>
      db
        .update(calls)
        .set({ state: 'asked', answerBy })
        .where(
          and(
            inArray(calls.id, ids),
            sql`not exists (select from calls other where other.volunteer_id = calls.volunteer_id and other.state = 'asked')`,
          ),
        )
        .returning(),

    overdue: (callOutId: string, now: Date): SQL =>
      and(eq(calls.callOutId, callOutId), eq(calls.state, 'asked'), lte(calls.answerBy, now))!,

    noteRead: (id: string, now: Date): Promise<CallRow[]> =>
      db
        .update(calls)
        .set({ readAt: now })
        .where(and(eq(calls.id, id), isNull(calls.readAt)))
        .returning(),

    async findCall(id: string) {
      const [row] = await db
        .select({
          call: calls,
          name: volunteers.displayName,
          locale: volunteers.locale,
          duty: assignments.state,
          crew: { id: crews.id, name: crews.name, leadId: crews.leadId },
        })
        .from(calls)
        .innerJoin(volunteers, eq(volunteers.id, calls.volunteerId))
        .leftJoin(assignments, eq(assignments.id, calls.assignmentId))
        .leftJoin(crews, eq(crews.id, calls.crewId))
        .where(eq(calls.id, id))
      return row
    },

    /** Calls that led to these assignments. */
    callsFor: (assignmentIds: string[]): Promise<CallRow[]> =>
      db.select().from(calls).where(inArray(calls.assignmentId, assignmentIds)),

    listCalls: (conditions: (SQL | undefined)[], page: Keyset) =>
      db
        .select({
          call: calls,
          displayName: volunteers.displayName,
          homeUnit: homes.name,
          crewName: crews.name,
          duty: assignments.state,
        })
        .from(calls)
        .innerJoin(volunteers, eq(volunteers.id, calls.volunteerId))
        .innerJoin(homes, eq(homes.id, volunteers.unitId))
        .leftJoin(crews, eq(crews.id, calls.crewId))
        .leftJoin(assignments, eq(assignments.id, calls.assignmentId))
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    /** Names of the members of a crew who were called, with their answers: what the lead sees. */
    crewAnswers: (callOutId: string, crewId: string) =>
      db
        .select({ name: volunteers.displayName, state: calls.state, readAt: calls.readAt })
        .from(calls)
        .innerJoin(volunteers, eq(volunteers.id, calls.volunteerId))
        .where(and(eq(calls.callOutId, callOutId), eq(calls.crewId, crewId)))
        .orderBy(asc(volunteers.sortName)),

    findPost: async (id: string) =>
      (
        await db
          .select({ post: posts, unitPath: units.path, zone: units.zone })
          .from(posts)
          .innerJoin(units, eq(units.id, posts.unitId))
          .where(eq(posts.id, id))
      )[0],

    findSet: async (id: string) =>
      (
        await db
          .select({ name: echelonSets.name, unitPath: units.path })
          .from(echelonSets)
          .innerJoin(units, eq(units.id, echelonSets.unitId))
          .where(eq(echelonSets.id, id))
      )[0],

    echelonsOfSet: (setId: string) =>
      db.select().from(echelons).where(eq(echelons.setId, setId)).orderBy(asc(echelons.position)),

    findEchelon: async (id: string) =>
      (
        await db
          .select({ name: echelons.name, setId: echelons.setId, unitPath: units.path })
          .from(echelons)
          .innerJoin(echelonSets, eq(echelonSets.id, echelons.setId))
          .innerJoin(units, eq(units.id, echelonSets.unitId))
          .where(eq(echelons.id, id))
      )[0],

    findUnit: async (id: string) =>
      (await db.select({ name: units.name, unitPath: units.path }).from(units).where(eq(units.id, id)))[0],

    findCrew: async (id: string) =>
      (
        await db
          .select({ name: crews.name, leadId: crews.leadId, unitPath: units.path })
          .from(crews)
          .innerJoin(units, eq(units.id, crews.unitId))
          .where(eq(crews.id, id))
      )[0],

    knownQualifications: async (ids: string[]): Promise<Set<string>> => {
      const rows = await db
        .select({ id: qualifications.id })
        .from(qualifications)
        .where(inArray(qualifications.id, ids))
      return new Set(rows.map((row) => row.id))
    },

    /** Everybody whose home is the unit or below it. */
    async peopleWithin(unitId: string): Promise<string[]> {
      const rows = await db.execute<{ id: string }>(sql`
        select v.id from volunteers v join units home on home.id = v.unit_id join units root on root.id = ${unitId}
        where starts_with(home.path, root.path) order by v.id`)
      return [...rows].map((row) => row.id)
    },
  }
}
