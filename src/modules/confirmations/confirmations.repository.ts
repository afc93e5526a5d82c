import { and, asc, desc, eq, exists, gte, inArray, isNull, ne, notExists, notInArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Conspicuous } from '../../platform/auth/conspicuous.types.ts'
import type { Handle } from '../../platform/db/client.ts'
import { stateIn } from '../../platform/db/columns.ts'
import { units } from '../organisation/organisation.tables.ts'
import { posts, shifts, slots } from '../posts/posts.tables.ts'
import { LIVE } from '../rosters/rosters.states.ts'
import { assignments, rosters } from '../rosters/rosters.tables.ts'
import { volunteers } from '../volunteers/volunteers.tables.ts'
import { confirmationItems, confirmationRequests } from './confirmations.tables.ts'
import type { Told } from './confirmations.types.ts'

export type RequestRow = typeof confirmationRequests.$inferSelect
export type NewRequest = typeof confirmationRequests.$inferInsert
const CHUNK = 2_000
/** Up to this many a roster's people may move at once; more come in parts, as PostgreSQL takes 65,534 parameters. */
const MANY = 20_000

const duty = {
  assignmentId: assignments.id,
  rosterId: assignments.rosterId,
  slotId: assignments.slotId,
  volunteerId: assignments.volunteerId,
  state: assignments.state,
  source: assignments.source,
  version: assignments.version,
  confirmBy: assignments.confirmBy,
  startsAt: assignments.startsAt,
  endsAt: assignments.endsAt,
  updatedAt: assignments.updatedAt,
  shiftId: assignments.shiftId,
  startLocal: shifts.startLocal,
  endLocal: shifts.endLocal,
  zone: shifts.zone,
  kind: shifts.kind,
  role: slots.role,
  postName: posts.name,
  postAddress: posts.address,
  postPhone: posts.phone,
  instructions: posts.instructions,
  postVersion: posts.version,
  postUpdatedAt: posts.updatedAt,
}

const item = {
  requestId: confirmationItems.requestId,
  told: confirmationItems.told,
  receipt: confirmationItems.receipt,
  staysOn: confirmationItems.staysOn,
  consentId: confirmationItems.consentId,
}

const inOrder = [asc(assignments.startsAt), asc(assignments.id)]

const holders = alias(assignments, 'holders')

export const confirmationsRepository = (db: Handle) => {
  const seatFree = sql<boolean>`not ${exists(
    db
      .select({ one: sql`1` })
      .from(holders)
      .where(and(eq(holders.slotId, assignments.slotId), stateIn(holders.state, LIVE))),
  )}`

  const duties = () =>
    db
      .select({ ...duty, seatFree })
      .from(assignments)
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(slots, eq(slots.id, assignments.slotId))
      .innerJoin(posts, eq(posts.id, shifts.postId))

  const asked = () =>
    db
      .select({ ...duty, ...item, seatFree })
      .from(confirmationItems)
      .innerJoin(assignments, eq(assignments.id, confirmationItems.assignmentId))
      .innerJoin(shifts, eq(shifts.id, assignments.shiftId))
      .innerJoin(slots, eq(slots.id, assignments.slotId))
      .innerJoin(posts, eq(posts.id, shifts.postId))

  const placed = () =>
    db
      .select({
        request: confirmationRequests,
        unit: { id: units.id, path: units.path, name: units.name, zone: units.zone },
        person: {
          name: volunteers.displayName,
          locale: volunteers.locale,
          doNotContact: volunteers.doNotContact,
          personClass: volunteers.personClass,
        },
      })
      .from(confirmationRequests)
      .innerJoin(rosters, eq(rosters.id, confirmationRequests.rosterId))
      .innerJoin(units, eq(units.id, rosters.unitId))
      .innerJoin(volunteers, eq(volunteers.id, confirmationRequests.volunteerId))

  async function dutiesOf(ids: string[]) {
    const found = []
    for (let at = 0; at < ids.length; at += MANY) {
      const part = inArray(assignments.id, ids.slice(at, at + MANY))
      found.push(...(await duties().where(part).orderBy(asc(assignments.startsAt), asc(assignments.id))))
    }
    return found
  }

  return {
    dutiesOf,

    dutiesOfRequest: (requestId: string) =>
      asked()
        .where(eq(confirmationItems.requestId, requestId))
        .orderBy(...inOrder),

    /** Duties of a roster that were taken from a person from a moment on. */
    dutiesTaken: (rosterId: string, volunteerId: string, since: Date) =>
      duties()
        .where(
          and(
            eq(assignments.rosterId, rosterId),
            eq(assignments.volunteerId, volunteerId),
            inArray(assignments.state, ['cancelled', 'replaced']),
            gte(assignments.updatedAt, since),
          ),
        )
        .orderBy(asc(assignments.startsAt), asc(assignments.id)),

    assignment: (id: string) => db.select().from(assignments).where(eq(assignments.id, id)),

    async rosterPlace(rosterId: string) {
      const [row] = await db
        .select({ unitId: units.id, path: units.path, publishedVersion: rosters.publishedVersion })
        .from(rosters)
        .innerJoin(units, eq(units.id, rosters.unitId))
        .where(eq(rosters.id, rosterId))
      return row!
    },

    requestById: (id: string): Promise<RequestRow[]> =>
      db.select().from(confirmationRequests).where(eq(confirmationRequests.id, id)),

    /** A request of a person, with its unit and how the person likes to be addressed. */
    async findRequest(id: string) {
      const [row] = await placed().where(eq(confirmationRequests.id, id))
      return row
    },

    /** Whatever decides on a request waits here for each other. */
    async lockRequest(id: string): Promise<RequestRow | undefined> {
      const [row] = await db
        .select()
        .from(confirmationRequests)
        .where(eq(confirmationRequests.id, id))
        .for('no key update')
      return row
    },

    /** Whoever writes a message about a request keeps it as it is for that long. */
    async holdRequest(id: string): Promise<RequestRow | undefined> {
      const [row] = await db.select().from(confirmationRequests).where(eq(confirmationRequests.id, id)).for('share')
      return row
    },

    /** Whoever gives a free seat away waits here for each other; in the order of ids, so that nobody waits in a circle. */
    lockSlots: (slotIds: string[]) =>
      db.select({ id: slots.id }).from(slots).where(inArray(slots.id, slotIds)).orderBy(slots.id).for('no key update'),

    async insertRequests(rows: NewRequest[], items: (typeof confirmationItems.$inferInsert)[]): Promise<void> {
      for (let at = 0; at < rows.length; at += CHUNK) {
        await db.insert(confirmationRequests).values(rows.slice(at, at + CHUNK))
      }
      for (let at = 0; at < items.length; at += CHUNK) {
        await db.insert(confirmationItems).values(items.slice(at, at + CHUNK))
      }
    },

    /** A request for one more duty: the one this version has for the person already, or a new one. */
    async joinRequest(
      row: NewRequest,
      one: Omit<typeof confirmationItems.$inferInsert, 'requestId'>,
    ): Promise<RequestRow> {
      const [request] = await db
        .insert(confirmationRequests)
        .values(row)
        .onConflictDoUpdate({
          target: [confirmationRequests.rosterId, confirmationRequests.versionNumber, confirmationRequests.volunteerId],
          set: {
            confirmBy: sql`greatest(${confirmationRequests.confirmBy}, excluded.confirm_by)`,
            remindedAt: null,
            supersededAt: null,
          },
        })
        .returning()
      await db
        .insert(confirmationItems)
        .values({ ...one, requestId: request!.id })
        .onConflictDoUpdate({
          target: [confirmationItems.requestId, confirmationItems.assignmentId],
          set: { told: one.told ?? null },
        })
      return request!
    },

    /** Writes down what decisions were about, and the numbers under which they can be found again. */
    async noteDecisions(decided: NewDecision[]) {
      await db.execute(sql`
        update confirmation_items items set told = given.told, receipt = given.receipt, conspicuous = given.conspicuous
        from jsonb_to_recordset(${JSON.stringify(decided)}::text::jsonb)
          as given("requestId" uuid, "assignmentId" uuid, told jsonb, receipt text, conspicuous text)
        where items.request_id = given."requestId" and items.assignment_id = given."assignmentId"`)
    },

    /** True when it is another word than before. */
    async noteStayOn(requestId: string, assignmentId: string, staysOn: boolean): Promise<boolean> {
      const changed = await db
        .update(confirmationItems)
        .set({ staysOn })
        .where(
          and(
            eq(confirmationItems.requestId, requestId),
            eq(confirmationItems.assignmentId, assignmentId),
            ne(confirmationItems.staysOn, staysOn),
          ),
        )
        .returning({ id: confirmationItems.assignmentId })
      return changed.length > 0
    },

    /** The request under which a duty was asked about last. */
    async requestOf(assignmentId: string): Promise<string | undefined> {
      const [row] = await db
        .select({ id: confirmationRequests.id })
        .from(confirmationItems)
        .innerJoin(confirmationRequests, eq(confirmationRequests.id, confirmationItems.requestId))
        .where(eq(confirmationItems.assignmentId, assignmentId))
        .orderBy(desc(confirmationRequests.createdAt), desc(confirmationRequests.id))
        .limit(1)
      return row?.id
    },

    setRequest: (id: string, changes: Partial<typeof confirmationRequests.$inferInsert>) =>
      db.update(confirmationRequests).set(changes).where(eq(confirmationRequests.id, id)),

    /** Requests of these duties under which nothing is left that the person could hold or take back. */
    supersedeEmpty: (assignmentIds: string[], now: Date): Promise<RequestRow[]> =>
      db
        .update(confirmationRequests)
        .set({ supersededAt: now })
        .where(
          and(
            isNull(confirmationRequests.supersededAt),
            inArray(
              confirmationRequests.id,
              db
                .select({ id: confirmationItems.requestId })
                .from(confirmationItems)
                .where(inArray(confirmationItems.assignmentId, assignmentIds)),
            ),
            notExists(
              db
                .select({ one: sql`1` })
                .from(confirmationItems)
                .innerJoin(assignments, eq(assignments.id, confirmationItems.assignmentId))
                .where(
                  and(
                    eq(confirmationItems.requestId, confirmationRequests.id),
                    notInArray(assignments.state, ['cancelled', 'replaced']),
                  ),
                ),
            ),
          ),
        )
        .returning(),
  }
}

export interface NewDecision {
  requestId: string
  assignmentId: string
  told: Told
  receipt: string
  conspicuous: Conspicuous | null
}

export type AskedDuty = Awaited<ReturnType<ReturnType<typeof confirmationsRepository>['dutiesOfRequest']>>[number]
export type DutyRow = Awaited<ReturnType<ReturnType<typeof confirmationsRepository>['dutiesOf']>>[number]
