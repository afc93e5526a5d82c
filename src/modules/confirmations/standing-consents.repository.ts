import { and, asc, eq, gt, inArray, isNull, like, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Handle } from '../../platform/db/client.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { confirmationItems, standingConsents } from './confirmations.tables.ts'

export type ConsentRow = typeof standingConsents.$inferSelect

const homes = alias(units, 'homes')
const places = alias(units, 'places')
const MANY = 20_000

export const standingConsentsRepository = (db: Handle) => {
  const rows = () =>
    db
      .select({
        consent: standingConsents,
        homePath: homes.path,
        homeId: homes.id,
        unitPath: places.path,
        unitName: places.name,
        postName: posts.name,
      })
      .from(standingConsents)
      .innerJoin(volunteers, eq(volunteers.id, standingConsents.volunteerId))
      .innerJoin(homes, eq(homes.id, volunteers.unitId))
      .leftJoin(places, eq(places.id, standingConsents.unitId))
      .leftJoin(posts, eq(posts.id, standingConsents.postId))

  return {
    async find(id: string) {
      const [row] = await rows().where(eq(standingConsents.id, id))
      return row
    },

    /** Condition "of a person whose home lies below `path`". */
    within: (path: string): SQL => like(homes.path, `${path}%`),

    list: (conditions: (SQL | undefined)[], page: Keyset) =>
      rows()
        .where(and(...conditions, page.after))
        .orderBy(...page.orderBy)
        .limit(page.limit),

    /** What holds for these people on some day from `day` on. */
    async heldBy(volunteerIds: string[], day: string) {
      const found = []
      for (let at = 0; at < volunteerIds.length; at += MANY) {
        const part = inArray(standingConsents.volunteerId, volunteerIds.slice(at, at + MANY))
        found.push(
          ...(await rows()
            .where(and(part, isNull(standingConsents.revokedAt), gt(standingConsents.toOn, day)))
            .orderBy(asc(standingConsents.givenAt), asc(standingConsents.id))),
        )
      }
      return found
    },

    async insert(row: typeof standingConsents.$inferInsert): Promise<ConsentRow> {
      return (await db.insert(standingConsents).values(row).returning())[0]!
    },

    /** undefined when it is revoked already. */
    async revoke(id: string, now: Date): Promise<ConsentRow | undefined> {
      const [row] = await db
        .update(standingConsents)
        .set({ revokedAt: now })
        .where(and(eq(standingConsents.id, id), isNull(standingConsents.revokedAt)))
        .returning()
      return row
    },

    /** Person class, post and day of duties: what decides how their holders are asked. */
    async placesOf(assignmentIds: string[]) {
      const found = []
      for (let at = 0; at < assignmentIds.length; at += MANY) {
        found.push(
          ...(await db
            .select({
              assignmentId: assignments.id,
              personClass: volunteers.personClass,
              postId: posts.id,
              postUnitPath: units.path,
              localDay: shifts.localDay,
            })
            .from(assignments)
            .innerJoin(volunteers, eq(volunteers.id, assignments.volunteerId))
            .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
            .innerJoin(posts, eq(posts.id, shifts.postId))
            .innerJoin(units, eq(units.id, posts.unitId))
            .where(inArray(assignments.id, assignmentIds.slice(at, at + MANY)))),
        )
      }
      return new Map(found.map((row) => [row.assignmentId, row]))
    },

    /** Posts of the duties of a request. */
    postsOfRequest: (requestId: string) =>
      db
        .selectDistinct({ id: posts.id, name: posts.name })
        .from(confirmationItems)
        .innerJoin(assignments, eq(assignments.id, confirmationItems.assignmentId))
        .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
        .innerJoin(posts, eq(posts.id, shifts.postId))
        .where(eq(confirmationItems.requestId, requestId))
        .orderBy(asc(posts.name)),

    async findPost(id: string) {
      const [row] = await db
        .select({ id: posts.id, name: posts.name, unitId: posts.unitId, path: units.path })
        .from(posts)
        .innerJoin(units, eq(units.id, posts.unitId))
        .where(eq(posts.id, id))
      return row
    },

    async findUnit(id: string) {
      const [row] = await db.select().from(units).where(eq(units.id, id))
      return row
    },

    async findHome(volunteerId: string) {
      const [row] = await db
        .select({ id: units.id, path: units.path, zone: units.zone })
        .from(volunteers)
        .innerJoin(units, eq(units.id, volunteers.unitId))
        .where(eq(volunteers.id, volunteerId))
      return row
    },
  }
}
