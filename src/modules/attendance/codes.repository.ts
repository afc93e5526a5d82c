import { and, count, eq, gt, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import type { Keyset } from '../../platform/http/page.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts } from '../posts/posts.tables.ts'
import { assignments } from '../rosters/rosters.tables.ts'
import { contactPoints, volunteers } from '../volunteers/volunteers.tables.ts'
import { checkInDoors, checkInFailures } from './attendance.tables.ts'

export type DoorRow = typeof checkInDoors.$inferSelect

export const codesRepository = (db: Handle) => ({
  insertDoor: async (row: Omit<typeof checkInDoors.$inferInsert, 'id'>): Promise<DoorRow> =>
    (
      await db
        .insert(checkInDoors)
        .values({ ...row, id: newId() })
        .returning()
    )[0]!,

  async findDoor(id: string) {
    const [found] = await db
      .select({ door: checkInDoors, post: posts, unit: units })
      .from(checkInDoors)
      .innerJoin(posts, eq(posts.id, checkInDoors.postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(eq(checkInDoors.id, id))
    return found
  },

  listDoors: (conditions: (SQL | undefined)[], page: Keyset): Promise<DoorRow[]> =>
    db
      .select()
      .from(checkInDoors)
      .where(and(...conditions, page.after))
      .orderBy(...page.orderBy)
      .limit(page.limit),

  /** The row after it, or undefined when it was revoked already. */
  async revokeDoor(id: string, now: Date): Promise<DoorRow | undefined> {
    const [row] = await db
      .update(checkInDoors)
      .set({ revokedAt: now })
      .where(and(eq(checkInDoors.id, id), isNull(checkInDoors.revokedAt)))
      .returning()
    return row
  },

  renewSecret: (postId: string, checkInSecret: string) =>
    db.update(posts).set({ checkInSecret }).where(eq(posts.id, postId)),

  /** The person with this number in the tree of a post, and the phone numbers they are known by. */
  async findPerson(postId: string, personNumber: string): Promise<{ id: string; phones: string[] } | undefined> {
    const [person] = await db
      .select({ id: volunteers.id })
      .from(volunteers)
      .innerJoin(posts, eq(posts.id, postId))
      .innerJoin(units, eq(units.id, posts.unitId))
      .where(
        and(
          eq(volunteers.personNumber, personNumber),
          eq(volunteers.rootId, sql`split_part(${units.path}, '/', 2)::uuid`),
        ),
      )
    if (!person) return undefined
    const phones = await db
      .select({ address: contactPoints.address })
      .from(contactPoints)
      .where(and(eq(contactPoints.volunteerId, person.id), eq(contactPoints.channel, 'sms')))
    return { id: person.id, phones: phones.map((one) => one.address) }
  },

  /** Duties of a person at a post around an instant, in order of time. */
  dutiesAt: (volunteerId: string, postId: string, from: Date, to: Date) =>
    db
      .select({
        id: assignments.id,
        state: assignments.state,
        startsAt: assignments.startsAt,
        endsAt: assignments.endsAt,
      })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .where(
        and(
          eq(assignments.volunteerId, volunteerId),
          eq(shifts.postId, postId),
          inArray(assignments.state, ['pending', 'confirmed', 'serving', 'completed', 'no_show']),
          lt(assignments.startsAt, to),
          gt(assignments.endsAt, from),
        ),
      )
      .orderBy(assignments.startsAt),

  async failuresSince(key: string, since: Date): Promise<number> {
    const [row] = await db
      .select({ found: count() })
      .from(checkInFailures)
      .where(and(eq(checkInFailures.key, key), gt(checkInFailures.at, since)))
    return row!.found
  },

  noteFailures: (keys: string[], at: Date) =>
    db.insert(checkInFailures).values(keys.map((key) => ({ id: newId(), key, at }))),

  forgetFailures: (before: Date) => db.delete(checkInFailures).where(lt(checkInFailures.at, before)),
})
