import { eq } from 'drizzle-orm'
import { test } from 'vitest'
import { createMemberBook, glanceAt, lookThrough } from '../../src/modules/gap-filling/gap-filling.candidates.ts'
import { gapFillingRepository } from '../../src/modules/gap-filling/gap-filling.repository.ts'
import { gaps } from '../../src/modules/gap-filling/gap-filling.tables.ts'
import { plainRoster } from '../support/plain-roster.ts'
import { startWorld } from '../support/world.ts'

test('time', async () => {
  const world = await startWorld()
  const roster = await plainRoster(world)
  const people = await roster.people(3_091)
  await roster.reserve([people.slice(0, 1_000), people.slice(1_000, 2_100), people.slice(2_100)])
  const shift = await roster.shift({ start: '2026-05-06T08:00', seats: 30 })
  const holders = await roster.people(30)
  await roster.publish(shift.slotIds.map((slotId, i) => ({ slotId, volunteerId: holders[i]! })))
  await world.settled()
  let from = performance.now()
  const lap = (name: string) => {
    console.log(name, Math.round(performance.now() - from))
    from = performance.now()
  }
  await Promise.all(holders.map((id) => roster.answer(world.messagesTo(id).at(-1)!.link!, { answer: 'decline' })))
  lap('30 posts')
  await world.settled()
  lap('settled')
  const { foundations, echelons, rosters } = world.house.services
  const [gap] = await foundations.db.select().from(gaps)
  const seat = (await gapFillingRepository(foundations.db).findSeat(gap!.slotId))!
  const now = world.clock.now()
  for (let i = 0; i < 3; i += 1) {
    from = performance.now()
    const book = createMemberBook(echelons)
    const tiers = await book(foundations.db, seat)
    lap('book')
    await glanceAt(foundations.db, seat, gap!.id, tiers[0]!.memberIds, now)
    lap('glance')
    await rosters.candidatesFor(foundations.db, seat.slotId, people.slice(0, 8))
    lap('candidatesFor 8')
    await rosters.candidatesFor(foundations.db, seat.slotId, people.slice(0, 100))
    lap('candidatesFor 100')
    await lookThrough(foundations.db, rosters, { seat, gapId: gap!.id, echelon: tiers[0]!, room: 3, now })
    lap('lookThrough')
  }
  await world.close()
})
