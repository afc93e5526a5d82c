import { and, eq, exists, gt, inArray, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { echelonSets, echelons } from '../echelons/echelons.tables.ts'
import { unitResponsibles, units } from '../organisation/organisation.tables.ts'
import { coverRequirements, posts, shifts, slots } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { gaps } from './gap-filling.tables.ts'
import type { SearchWish } from './gap-filling.types.ts'

export type GapRow = typeof gaps.$inferSelect
const CHUNK = 2_000
/** Ids in one condition; PostgreSQL takes 65,534 parameters. */
const MANY = 20_000

/** What a seat is: where, when, which role. */
const seat = {
  slotId: slots.id,
  shiftId: slots.shiftId,
  requirementId: slots.requirementId,
  role: slots.role,
  mandatory: slots.mandatory,
  requirement: coverRequirements,
  shiftState: shifts.state,
  /** Filled by an open call-out, which asks people itself. */
  calledOut: sql<boolean>`exists (select from call_outs where call_outs.shift_id = ${shifts.id} and call_outs.state = 'open')`,
  localDay: shifts.localDay,
  startsAt: shifts.startsAt,
  endsAt: shifts.endsAt,
  startLocal: shifts.startLocal,
  endLocal: shifts.endLocal,
  zone: shifts.zone,
  postName: posts.name,
  postAddress: posts.address,
  postPhone: posts.phone,
  instructions: posts.instructions,
  priority: posts.priority,
  unitId: units.id,
  unitPath: units.path,
  unitName: units.name,
}

export const gapFillingRepository = (db: Handle) => {
  const holder = db
    .select({ one: sql`1` })
    .from(assignments)
    .where(and(eq(assignments.slotId, slots.id), stateIn(assignments.state, LIVE)))
  const seatFree = sql<boolean>`not ${exists(holder)}`

  const seats = () =>
    db
      .select({ ...seat, seatFree })
      .from(slots)
      .innerJoin(coverRequirements, eq(coverRequirements.id, slots.requirementId))
      .innerJoin(shifts, eq(shifts.id, slots.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))

  return {
    async findSeat(slotId: string) {
      const [row] = await seats().where(eq(slots.id, slotId))
      return row
    },

    /** Seats that nobody holds, of shifts that are still to be served at least in part. */
    emptySeats: (slotIds: string[], now: Date) =>
      seats().where(
        and(inArray(slots.id, slotIds), eq(shifts.state, 'planned'), gt(shifts.endsAt, now), sql`${seatFree}`),
      ),

    /** Whoever gives a free seat away waits here for each other; in the order of ids, so that nobody waits in a circle. */
    lockSlots: (slotIds: string[]) =>
      db.select({ id: slots.id }).from(slots).where(inArray(slots.id, slotIds)).orderBy(slots.id).for('no key update'),

    /** The seats of these assignments. */
    async vacated(assignmentIds: string[]) {
      const found: { vacatedId: string; slotId: string; rosterId: string }[] = []
      for (let at = 0; at < assignmentIds.length; at += MANY) {
        const part = inArray(assignments.id, assignmentIds.slice(at, at + MANY))
        found.push(
          ...(await db
            .select({ vacatedId: assignments.id, slotId: assignments.slotId, rosterId: assignments.rosterId })
            .from(assignments)
            .where(part)),
        )
      }
      return found
    },

    async lockGap(id: string): Promise<GapRow | undefined> {
      const [row] = await db.select().from(gaps).where(eq(gaps.id, id)).for('no key update')
      return row
    },

    async findGap(id: string) {
      const [row] = await db
        .select({ gap: gaps, unitPath: units.path })
        .from(gaps)
        .innerJoin(rosters, eq(rosters.id, gaps.rosterId))
        .innerJoin(units, eq(units.id, rosters.unitId))
        .where(eq(gaps.id, id))
      return row
    },

    /** Seats of these shifts that somebody is looked for. */
    openOn: (shiftIds: string[]) =>
      db
        .select({ rosterId: gaps.rosterId, slotId: gaps.slotId, cause: gaps.cause, vacatedId: gaps.vacatedId })
        .from(gaps)
        .innerJoin(slots, eq(slots.id, gaps.slotId))
        .where(and(inArray(slots.shiftId, shiftIds), eq(gaps.state, 'open'))),

    async unitsOfGaps(ids: string[]): Promise<Map<string, string>> {
      const rows = await db
        .select({ id: gaps.id, unitId: rosters.unitId })
        .from(gaps)
        .innerJoin(rosters, eq(rosters.id, gaps.rosterId))
        .where(inArray(gaps.id, ids))
      return new Map(rows.map((row) => [row.id, row.unitId]))
    },

    /** Rows that are really new: a slot has one open gap at a time. */
    async insertGaps(rows: (typeof gaps.$inferInsert)[]): Promise<GapRow[]> {
      const inserted: GapRow[] = []
      for (let at = 0; at < rows.length; at += CHUNK) {
        inserted.push(
          ...(await db
            .insert(gaps)
            .values(rows.slice(at, at + CHUNK))
            .onConflictDoNothing()
            .returning()),
        )
      }
      return inserted
    },

    endGaps: (slotIds: string[], changes: { state: 'filled' | 'closed'; closedAt: Date; filledById?: string }) =>
      db
        .update(gaps)
        .set(changes)
        .where(and(inArray(gaps.slotId, slotIds), eq(gaps.state, 'open')))
        .returning(),

    /** Who holds seats that count as open gaps. */
    holdersOfGaps: (slotIds: string[]) =>
      db
        .select({ id: assignments.id, slotId: assignments.slotId, volunteerId: assignments.volunteerId })
        .from(assignments)
        .innerJoin(gaps, and(eq(gaps.slotId, assignments.slotId), eq(gaps.state, 'open')))
        .where(and(inArray(assignments.slotId, slotIds), stateIn(assignments.state, LIVE))),

    /** Units from this one up to the root that have responsible people; the unit itself when none has. */
    async chainAbove(path: string): Promise<string[]> {
      const line = path.split('/').filter(Boolean).reverse()
      const rows = await db
        .selectDistinct({ unitId: unitResponsibles.unitId })
        .from(unitResponsibles)
        .where(inArray(unitResponsibles.unitId, line))
      const chain = line.filter((id) => rows.some((row) => row.unitId === id))
      return chain.length > 0 ? chain : line.slice(0, 1)
    },

    /** Names of echelons and units, by id. */
    async tierNames(ids: string[]): Promise<Map<string, string>> {
      const [tiers, places] = [
        await db.select({ id: echelons.id, name: echelons.name }).from(echelons).where(inArray(echelons.id, ids)),
        await db.select({ id: units.id, name: units.name }).from(units).where(inArray(units.id, ids)),
      ]
      return new Map([...tiers, ...places].map((row) => [row.id, row.name]))
    },

    listGaps: (conditions: (SQL | undefined)[], page: Keyset) =>
      db
        .select({ gap: gaps })
        .from(gaps)
        .innerJoin(rosters, eq(rosters.id, gaps.rosterId))
        .innerJoin(units, eq(units.id, rosters.unitId))
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    seatsOf: (slotIds: string[]) => seats().where(inArray(slots.id, slotIds)),

    /** Paths of the units that reserve sets, echelons and units belong to, by id. */
    async pathsOf(ids: { reserveSetIds: string[]; echelonIds: string[]; unitIds: string[] }) {
      const sets = db
        .select({ id: echelonSets.id, path: units.path })
        .from(echelonSets)
        .innerJoin(units, eq(units.id, echelonSets.unitId))
      const tiers = db
        .select({ id: echelons.id, path: units.path })
        .from(echelons)
        .innerJoin(echelonSets, eq(echelonSets.id, echelons.setId))
        .innerJoin(units, eq(units.id, echelonSets.unitId))
      const places = db.select({ id: units.id, path: units.path }).from(units)
      const byId = (rows: { id: string; path: string }[]) => new Map(rows.map((row) => [row.id, row.path]))
      return {
        reserveSetIds: byId(await sets.where(inArray(echelonSets.id, ids.reserveSetIds))),
        echelonIds: byId(await tiers.where(inArray(echelons.id, ids.echelonIds))),
        unitIds: byId(await places.where(inArray(units.id, ids.unitIds))),
      }
    },

    async setSearch(id: string, search: SearchWish): Promise<void> {
      await db.update(gaps).set({ search }).where(eq(gaps.id, id))
    },
  }
}

export type SeatRow = NonNullable<Awaited<ReturnType<ReturnType<typeof gapFillingRepository>['findSeat']>>>
