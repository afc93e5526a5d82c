import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { confirmationRequests } from '../../src/modules/confirmations/confirmations.tables.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { units } from '../../src/modules/organisation/organisation.tables.ts'
import type { UnitPolicy } from '../../src/modules/organisation/organisation.types.ts'
import { spread } from '../../src/time/spread.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const HOUR = 3_600_000

/** The world begins on Monday 4 May 2026, 10:00 in Shanghai. */
let world: World
let roster: PlainRoster
beforeEach(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
  return () => world.close()
})
const db = () => world.house.services.foundations.db

/** People who are asked about a duty on 20 May, each under a policy that differs from the default in this only. */
async function asked(count: number, policy: Partial<UnitPolicy>) {
  await db().update(units).set({ policy }).where(eq(units.id, world.root.id))
  const people = await roster.people(count)
  const { slotIds } = await roster.shift({ start: '2026-05-20T08:00', seats: count })
  await roster.publish(slotIds.map((slotId, index) => ({ slotId, volunteerId: people[index]! })))
  await world.settled()
  return people
}
const requestOf = async (volunteerId: string) =>
  (await db().select().from(confirmationRequests).where(eq(confirmationRequests.volunteerId, volunteerId)))[0]!
const told = (volunteerId: string) =>
  world.messagesTo(volunteerId).filter((message) => message.template === 'confirmation-reminder')
async function answer(volunteerId: string) {
  await roster.answer(world.messagesTo(volunteerId).at(-1)!.link!, { answer: 'confirm' })
  await world.settled()
}
/** Hours before the deadline at which reminders were written, with what spreading added to each. */
async function remindedBefore(volunteerId: string): Promise<number[]> {
  const { id, confirmBy } = await requestOf(volunteerId)
  const rows = await db().select().from(messages).where(eq(messages.subjectId, id)).orderBy(messages.createdAt)
  const reminders = rows.filter((row) => row.template === 'confirmation-reminder')
  return reminders.map(({ createdAt }) => {
    const hours = Math.ceil((confirmBy.getTime() - createdAt.getTime()) / HOUR)
    const wanted = new Date(confirmBy.getTime() - hours * HOUR)
    expect(createdAt.getTime() - spread(wanted, id, confirmBy).getTime()).toBeLessThan(20_000)
    expect(createdAt.getTime()).toBeGreaterThanOrEqual(spread(wanted, id, confirmBy).getTime())
    return hours
  })
}

describe('with a week to answer', () => {
  const week = { confirmWithinMinutes: 7 * 24 * 60 }

  test('whoever is silent is reminded two days and one day before the deadline, with a last call; each once', async () => {
    const [silent] = (await asked(1, week)) as [string]
    const { id, confirmBy } = await requestOf(silent)
    for (const [hours, count] of [
      [48.1, 0],
      [47.9, 1],
      [24.1, 1],
      [23.9, 2],
      [2.05, 2],
      [1.9, 3],
      [0.1, 3],
    ] as const) {
      await world.advanceTo(new Date(confirmBy.getTime() - hours * HOUR))
      const again = () => world.house.services.confirmations.remind(id)
      await Promise.all([again(), again()])
      await again()
      await world.settled()
      expect(told(silent), `${hours} hours before`).toHaveLength(count)
    }
    await world.advance({ hours: 3 })
    expect(await remindedBefore(silent)).toEqual([48, 24, 2])
    expect(told(silent)).toHaveLength(3)
    expect(world.messagesTo(silent).at(-1)!.template).toBe('duties-lapsed')
  })

  test('whoever has answered is not reminded any more', async () => {
    const [early, afterOne, afterTwo] = (await asked(3, week)) as [string, string, string]
    const { confirmBy } = await requestOf(early)
    await world.advanceTo(new Date(confirmBy.getTime() - 100 * HOUR))
    await answer(early)
    await world.advanceTo(new Date(confirmBy.getTime() - 40 * HOUR))
    await answer(afterOne)
    await world.advanceTo(new Date(confirmBy.getTime() - 12 * HOUR))
    await answer(afterTwo)
    await world.advance({ hours: 13 })
    expect([early, afterOne, afterTwo].map((one) => told(one).length)).toEqual([0, 1, 2])
  })
})

test('with a day to answer, what the night would hold back until the last call is left to that', async () => {
  const [atNight] = (await asked(1, {})) as [string]
  await world.advance({ hours: 25 })
  expect(await remindedBefore(atNight)).toEqual([2])
})

test('with a day to answer, and no quiet hours, people are reminded halfway and by a last call', async () => {
  const [anytime] = (await asked(1, { quietFrom: null, quietTo: null })) as [string]
  await world.advance({ hours: 25 })
  expect(await remindedBefore(anytime)).toEqual([12, 2])
})
