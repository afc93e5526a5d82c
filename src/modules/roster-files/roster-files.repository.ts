import { and, asc, eq, gt, gte, inArray, isNotNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import { units } from '../organisation/organisation.tables.ts'
import { coverRequirements, posts, shifts, slots } from '../posts/posts.tables.ts'
import type { RosterAt } from '../rosters/rosters.repository.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments, draftAssignments, rosterVersionLines } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'

const homes = alias(units, 'homes')

const seat = {
  postId: posts.id,
  postName: posts.name,
  unitName: units.name,
  localDay: shifts.localDay,
  startLocal: shifts.startLocal,
  endLocal: shifts.endLocal,
  kind: shifts.kind,
  role: slots.role,
  mandatory: slots.mandatory,
  name: volunteers.displayName,
  personNumber: volunteers.personNumber,
  home: homes.name,
  /** None: only drafted. */
  state: assignments.state,
}

const inPeriod = (roster: RosterAt): SQL =>
  and(
    eq(shifts.extra, false),
    withinPath(roster.unitPath),
    gte(shifts.localDay, roster.fromOn),
    lt(shifts.localDay, roster.toOn),
  )!

const ORDER = [
  asc(units.path),
  asc(posts.priority),
  asc(posts.name),
  asc(posts.id),
  asc(shifts.startsAt),
  asc(coverRequirements.position),
  asc(slots.role),
  asc(slots.seat),
]

export type Seat = Awaited<ReturnType<ReturnType<typeof rosterFilesRepository>['draftSeats']>>[number]

/** Every seat of a roster and who holds it, in the order in which they are printed. */
export const rosterFilesRepository = (db: Handle) => {
  const seats = () =>
    db
      .select(seat)
      .from(slots)
      .innerJoin(coverRequirements, eq(coverRequirements.id, slots.requirementId))
      .innerJoin(shifts, eq(shifts.id, slots.shiftId))
      .innerJoin(posts, eq(posts.id, shifts.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .$dynamic()

  return {
    /** As frozen: what was cancelled since is still in. */
    versionSeats: (roster: RosterAt, versionId: string) =>
      seats()
        .leftJoin(
          rosterVersionLines,
          and(eq(rosterVersionLines.slotId, slots.id), eq(rosterVersionLines.versionId, versionId)),
        )
        .leftJoin(assignments, eq(assignments.id, rosterVersionLines.assignmentId))
        .leftJoin(volunteers, eq(volunteers.id, rosterVersionLines.volunteerId))
        .leftJoin(homes, eq(homes.id, volunteers.unitId))
        .where(and(inPeriod(roster), or(eq(shifts.state, 'planned'), isNotNull(rosterVersionLines.slotId))))
        .orderBy(...ORDER),

    /** What has begun as it is live, the rest as drafted. */
    draftSeats: (roster: RosterAt, now: Date) =>
      seats()
        .leftJoin(
          draftAssignments,
          and(
            eq(draftAssignments.slotId, slots.id),
            eq(draftAssignments.rosterId, roster.id),
            gt(shifts.startsAt, now),
          ),
        )
        .leftJoin(
          assignments,
          and(eq(assignments.slotId, slots.id), inArray(assignments.state, [...LIVE]), lte(shifts.startsAt, now)),
        )
        .leftJoin(
          volunteers,
          eq(volunteers.id, sql`coalesce(${draftAssignments.volunteerId}, ${assignments.volunteerId})`),
        )
        .leftJoin(homes, eq(homes.id, volunteers.unitId))
        .where(and(inPeriod(roster), eq(shifts.state, 'planned')))
        .orderBy(...ORDER),

    /** The seats of one shift as they are live. */
    shiftSeats: (shiftId: string) =>
      seats()
        .leftJoin(assignments, and(eq(assignments.slotId, slots.id), inArray(assignments.state, [...LIVE])))
        .leftJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
        .leftJoin(homes, eq(homes.id, volunteers.unitId))
        .where(eq(shifts.id, shiftId))
        .orderBy(...ORDER),

    async findShift(id: string) {
      const [found] = await db
        .select({
          shift: shifts,
          postName: posts.name,
          address: posts.address,
          phone: posts.phone,
          unitId: units.id,
          unitName: units.name,
          unitPath: units.path,
          /** Of the roster that has seated people here; null while it is only drafted. */
          version: sql<number | null>`(
            select max(r.published_version) from rosters r join assignments a on a.roster_id = r.id
            where a.shift_id = ${shifts.id})`,
        })
        .from(shifts)
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .innerJoin(units, eq(units.id, posts.unitId))
        .where(eq(shifts.id, id))
      return found
    },
  }
}
