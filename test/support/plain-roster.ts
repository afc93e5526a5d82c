import { eq } from 'drizzle-orm'
import { echelonMembers, echelonSets, echelons } from '../../src/modules/echelons/echelons.tables.ts'
import { coverRequirements, posts, shifts, slots } from '../../src/modules/posts/posts.tables.ts'
import { rosterPublished } from '../../src/modules/rosters/rosters.events.ts'
import { assignments, rosters } from '../../src/modules/rosters/rosters.tables.ts'
import { contactPoints, volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { command } from '../../src/platform/auth/actor.ts'
import { newId } from '../../src/platform/db/ids.ts'
import type { Occasion } from '../../src/platform/queue/news.ts'
import { nominalMinutes, shiftEnd } from '../../src/time/lengths.ts'
import { dateOf } from '../../src/time/zones.ts'
import type { World } from './world.ts'

export interface PlainSeat {
  slotId: string
  volunteerId: string
}

export interface PeopleOptions {
  locale?: 'zh' | 'en'
  email?: (index: number) => string
  doNotContact?: boolean
  unitId?: string
}

export interface ShiftOptions {
  /** Wall time of the start, 'YYYY-MM-DDTHH:mm'. */
  start: string
  length?: string
  seats?: number
  mandatory?: boolean
  post?: { name?: string; priority?: number }
}

export type PlainRoster = Awaited<ReturnType<typeof plainRoster>>

/** A published week of the root unit, made of rows: for tests of what comes after the plan, which need no engine. */
export async function plainRoster(world: World, zone = 'Asia/Shanghai') {
  const { foundations, assignments: writer } = world.house.services
  const { db, clock, news } = foundations
  const stamps = () => ({ createdAt: clock.now(), updatedAt: clock.now() })
  const rosterId = newId()
  await db.insert(rosters).values({
    ...stamps(),
    id: rosterId,
    unitId: world.root.id,
    fromOn: '2026-05-04',
    toOn: '2026-06-01',
    state: 'published',
    publishedVersion: 1,
    publishedAt: clock.now(),
  })
  let posted = 0
  let reserveSetIds: string[] = []

  const occasionally = <T>(work: (occasion: Occasion) => Promise<T>): Promise<T> =>
    db.transaction((tx) => work({ tx, actor: command('test'), now: clock.now() }))

  async function people(count: number, options: PeopleOptions = {}): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId())
    await db.insert(volunteers).values(
      ids.map((id, index) => ({
        ...stamps(),
        id,
        unitId: options.unitId ?? world.root.id,
        displayName: `Person ${index + 1}`,
        sortName: `Person ${index + 1}`,
        personClass: 'volunteer' as const,
        locale: options.locale ?? 'en',
        doNotContact: options.doNotContact ?? false,
      })),
    )
    const { email } = options
    if (email) {
      await db.insert(contactPoints).values(
        ids.map((volunteerId, index) => ({
          volunteerId,
          channel: 'email' as const,
          address: email(index),
          position: 1,
        })),
      )
    }
    return ids
  }

  /** Makes a reserve set with these echelons, called for every post that comes after. */
  async function reserve(tiers: string[][]): Promise<string[]> {
    const setId = newId()
    await db.insert(echelonSets).values({ ...stamps(), id: setId, unitId: world.root.id, name: setId, kind: 'reserve' })
    const ids: string[] = []
    for (const [index, members] of tiers.entries()) {
      const id = newId()
      ids.push(id)
      const name = `Echelon ${index + 1}`
      await db.insert(echelons).values({ id, setId, position: index + 1, name, createdAt: clock.now() })
      if (members.length === 0) continue
      await db.insert(echelonMembers).values(
        members.map((volunteerId) => ({
          setId,
          echelonId: id,
          volunteerId,
          fromOn: '2026-01-01',
          createdAt: clock.now(),
        })),
      )
    }
    reserveSetIds = [...reserveSetIds, setId]
    return ids
  }

  /** One shift at a post of its own. */
  async function shift({ start, length = 'P1D', seats = 1, mandatory = true, post = {} }: ShiftOptions) {
    posted += 1
    const [postId, requirementId, shiftId] = [newId(), newId(), newId()]
    await db.insert(posts).values({
      ...stamps(),
      id: postId,
      unitId: world.root.id,
      name: post.name ?? `Gate ${posted}`,
      kind: 'checkpoint',
      address: `${posted} Ring Road`,
      priority: post.priority ?? 3,
      phone: '0851-123456',
    })
    await db.insert(coverRequirements).values({
      id: requirementId,
      postId,
      role: 'guard',
      position: 1,
      minimum: mandatory ? seats : 0,
      desired: seats,
      maximum: seats,
      reserveSetIds,
      createdAt: clock.now(),
    })
    const times = shiftEnd(start, zone, length)
    await db.insert(shifts).values({
      id: shiftId,
      postId,
      originalStart: start,
      startLocal: start,
      endLocal: times.localEnd,
      zone,
      localDay: dateOf(start),
      startsAt: times.startsAt,
      endsAt: times.endsAt,
      nominalMinutes: nominalMinutes(length),
      createdAt: clock.now(),
    })
    const slotIds = Array.from({ length: seats }, () => newId())
    await db
      .insert(slots)
      .values(slotIds.map((id, index) => ({ id, shiftId, requirementId, role: 'guard', seat: index + 1, mandatory })))
    return { postId, shiftId, slotIds, ...times }
  }

  /** As publication does it: seats, then the news of it, in one transaction. Returns assignment ids in order. */
  const publish = (seats: PlainSeat[], openSlotIds: string[] = [], versionNumber = 1): Promise<string[]> =>
    occasionally(async (occasion) => {
      const given = await writer.seat(
        occasion,
        rosterId,
        seats.map((seat) => ({ ...seat, source: 'roster' as const, state: 'pending' as const })),
      )
      const seatedIds = given.map((row) => row.id)
      await news.record(rosterPublished, { rosterId, versionNumber, seatedIds, openSlotIds }, occasion)
      return seatedIds
    })

  return {
    rosterId,
    people,
    reserve,
    shift,
    publish,
    occasionally,
    async assignment(id: string) {
      const [row] = await db.select().from(assignments).where(eq(assignments.id, id))
      return row!
    },
    /** Text of the page behind a link. */
    page: (link: string, init?: RequestInit) => fetch(link, { redirect: 'manual', ...init }),
    /** Sends the form of the page behind a link. */
    answer: (link: string, fields: Record<string, string>) =>
      fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) }),
  }
}
