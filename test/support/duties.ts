import { coverRequirements, posts, shifts, slots } from '../../src/modules/posts/posts.tables.ts'
import { type AssignmentRow, createAssignments } from '../../src/modules/rosters/rosters.assignments.ts'
import { rosters } from '../../src/modules/rosters/rosters.tables.ts'
import { volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { command } from '../../src/platform/auth/actor.ts'
import { mintLink } from '../../src/platform/auth/links.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { nominalMinutes, shiftEnd } from '../../src/time/lengths.ts'
import type { World } from './world.ts'

type NewVolunteer = typeof volunteers.$inferInsert

export interface DutyWish {
  volunteerId: string
  postId: string
  /** Wall time, 'YYYY-MM-DDTHH:mm'. */
  start: string
  length?: string
  zone?: string
  role?: string
  state?: 'pending' | 'confirmed'
}

/** Seats people at duties without the way through templates and generation, for tests of what comes after. */
export function duties(world: World) {
  const { db, clock, news } = world.house.services.foundations
  const assignments = createAssignments(news)
  const actor = command('test')
  const shiftOf = new Map<string, string>()
  const rosterOf = new Map<string, string>()

  async function rosterFor(unitId: string): Promise<string> {
    const known = rosterOf.get(unitId)
    if (known) return known
    const id = newId()
    const now = clock.now()
    await db.insert(rosters).values({
      id,
      unitId,
      fromOn: '2020-01-01',
      toOn: '2030-01-01',
      state: 'published',
      publishedVersion: 1,
      createdAt: now,
      updatedAt: now,
      publishedAt: now,
    })
    rosterOf.set(unitId, id)
    return id
  }

  return {
    assignments,

    async person(wish: Partial<NewVolunteer> = {}) {
      const id = newId()
      const now = clock.now()
      const displayName = wish.displayName ?? `Person ${id.slice(-6)}`
      const [row] = await db
        .insert(volunteers)
        .values({
          id,
          unitId: world.root.id,
          displayName,
          sortName: displayName,
          personClass: 'volunteer',
          locale: 'en',
          createdAt: now,
          updatedAt: now,
          ...wish,
        })
        .returning()
      return row!
    },

    async post(wish: Partial<typeof posts.$inferInsert> = {}) {
      const id = newId()
      const now = clock.now()
      const values = {
        id,
        unitId: world.root.id,
        name: `Post ${id.slice(-6)}`,
        kind: 'checkpoint',
        createdAt: now,
        updatedAt: now,
      }
      const [row] = await db
        .insert(posts)
        .values({ ...values, ...wish })
        .returning()
      return row!
    },

    /** Duties at the same post and start share a shift. */
    async duty(wish: DutyWish): Promise<AssignmentRow> {
      const { postId, start, length = 'PT8H', zone = 'Asia/Shanghai', role = 'staff', state = 'confirmed' } = wish
      const now = clock.now()
      const shiftKey = `${postId} ${start} ${length} ${zone}`
      const { startsAt, endsAt, localEnd } = shiftEnd(start, zone, length)
      const shiftId = shiftOf.get(shiftKey) ?? newId()
      if (!shiftOf.has(shiftKey)) {
        await db.insert(shifts).values({
          id: shiftId,
          postId,
          originalStart: start,
          startLocal: start,
          endLocal: localEnd,
          zone,
          localDay: start.slice(0, 10),
          startsAt,
          endsAt,
          nominalMinutes: nominalMinutes(length),
          createdAt: now,
        })
        shiftOf.set(shiftKey, shiftId)
      }
      const requirementId = newId()
      const requirement = {
        id: requirementId,
        postId,
        role: `${role} ${requirementId}`,
        position: 1,
        minimum: 1,
        desired: 1,
        maximum: 1,
      }
      await db.insert(coverRequirements).values({ ...requirement, createdAt: now })
      const slotId = newId()
      await db.insert(slots).values({ id: slotId, shiftId, requirementId, role, seat: 1, mandatory: true })
      const rosterId = await rosterFor(world.root.id)
      const seat = { slotId, volunteerId: wish.volunteerId, source: 'hand' as const, state }
      return db.transaction((tx) => assignments.seatOne({ tx, actor, now }, rosterId, seat))
    },

    /** The path of a check-in link, as the duty reminder carries it. */
    async link(assignment: Pick<AssignmentRow, 'id' | 'volunteerId' | 'endsAt'>): Promise<string> {
      const link = { purpose: 'attendance' as const, subjectId: assignment.id, volunteerId: assignment.volunteerId }
      const expiresAt = new Date(assignment.endsAt.getTime() + 86_400_000)
      return `/a/${await mintLink(db, { ...link, expiresAt }, clock.now())}`
    },

    async stateOf(id: string): Promise<string> {
      const [row] = await world.house.database.sql`select state from assignments where id = ${id}`
      return row!.state
    },

    auditOf: async (id: string) => [
      ...(await world.house.database.sql`
        select action, from_state, to_state, reason, actor_kind, actor_id, door, facts
        from audit_log where subject_id = ${id} order by at, id`),
    ],
  }
}
export type Duties = ReturnType<typeof duties>
