import { eq } from 'drizzle-orm'
import { units } from '../../src/modules/organisation/organisation.tables.ts'
import { assignments } from '../../src/modules/rosters/rosters.tables.ts'
import { mintLink } from '../../src/platform/auth/links.ts'
import { type PlainRoster, plainRoster, type ShiftOptions } from './plain-roster.ts'
import type { Answer, World } from './world.ts'

export type SwapTown = Awaited<ReturnType<typeof swapTown>>

/** People with confirmed duties at posts of their own unit, and the doors by which duties change hands. */
export async function swapTown(world: World) {
  const roster: PlainRoster = await plainRoster(world)
  const { db, clock } = world.house.services.foundations

  return {
    roster,

    /** Somebody with a confirmed duty. */
    async duty(volunteerId: string, start: string, options: Omit<ShiftOptions, 'start'> = {}) {
      const { slotIds, shiftId, postId } = await roster.shift({ start, length: 'PT8H', ...options })
      const seat = { slotId: slotIds[0]!, volunteerId, source: 'hand' as const, state: 'confirmed' as const }
      const { assignments: writer } = world.house.services
      const row = await roster.occasionally((occasion) => writer.seatOne(occasion, roster.rosterId, seat))
      return { ...row, slotIds, shiftId, postId }
    },

    /** What a person's own page can be asked to do, by a link as the service sends it. */
    async room(volunteerId: string, subjectId = volunteerId) {
      const expiresAt = new Date(clock.now().getTime() + 86_400_000 * 20)
      const secret = await mintLink(db, { purpose: 'swap', subjectId, volunteerId, expiresAt }, clock.now())
      const link = new URL(`/s/${secret}`, world.url).href
      return {
        link,
        page: async (query = '') => (await fetch(`${link}${query}`, { redirect: 'manual' })).text(),
        send: (fields: Record<string, string>) =>
          fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) }),
      }
    },

    policy: (words: object) => db.update(units).set({ policy: words }).where(eq(units.id, world.root.id)),
    ask: async (body: object): Promise<Answer['body']> => (await world.must('POST', '/v1/swaps', body)).body,
    swap: async (id: string): Promise<Answer['body']> => (await world.must('GET', `/v1/swaps/${id}`)).body,
    dutiesOf: async (volunteerId: string) =>
      (
        await db
          .select()
          .from(assignments)
          .where(eq(assignments.volunteerId, volunteerId))
          .orderBy(assignments.startsAt)
      ).filter((row) => ['pending', 'confirmed', 'serving', 'completed'].includes(row.state)),
    heard: (volunteerId: string) => world.messagesTo(volunteerId).map((message) => message.template),
  }
}
