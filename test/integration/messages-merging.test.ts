import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { units } from '../../src/modules/organisation/organisation.tables.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
const db = () => world.house.services.foundations.db

beforeAll(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
  await db()
    .update(units)
    .set({ policy: { mergeMinutes: 5 } })
    .where(eq(units.id, world.root.id))
})
afterAll(() => world.close())

let volunteerId: string
let day = 10
beforeEach(async () => {
  volunteerId = (await roster.people(1))[0]!
  world.messages.length = 0
})

const seat = async (name: string) => {
  day += 1
  const { slotIds } = await roster.shift({ start: `2026-05-${day}T08:00`, length: 'PT8H', post: { name } })
  return slotIds[0]!
}
/** A version that gives these seats to the person. */
let version = 0
const publish = (seats: { slotId: string; volunteerId: string }[]) => {
  version += 1
  return roster.publish(seats, [], version)
}
const give = (...slotIds: string[]) => publish(slotIds.map((slotId) => ({ slotId, volunteerId })))
const take = (...ids: string[]) =>
  roster.occasionally((occasion) =>
    world.house.services.assignments.move(occasion, { ids, from: ['pending', 'confirmed'], to: 'cancelled' }),
  )
const told = () => world.messagesTo(volunteerId).map(({ template, text }) => ({ template, text }))
const lateEnough = () => world.advance({ minutes: 16 })

describe('changes that follow each other', () => {
  test('publish, edit, publish: one message tells the sum', async () => {
    const [a, b, c] = [await seat('Apple gate'), await seat('Birch gate'), await seat('Cedar gate')]
    const [first] = await give(a, b)
    await world.settled()
    expect(told()).toEqual([])
    await world.advance({ minutes: 2 })
    await take(first!)
    await world.advance({ minutes: 2 })
    await give(c)
    await lateEnough()
    expect(told()).toHaveLength(1)
    const [{ text, template }] = told() as [{ text: string; template: string }]
    expect(template).toBe('confirmation-request')
    expect(text).toContain('Birch gate')
    expect(text).toContain('Cedar gate')
    // Given and taken before anybody spoke of it.
    expect(text).not.toContain('Apple gate')
    const secret = /\/c\/([\w-]{43})/.exec(text)![1]!
    const page = await (await fetch(`${world.url}/c/${secret}`)).text()
    for (const name of ['Birch gate', 'Cedar gate']) expect(page).toContain(name)
    const rows = await db().select().from(messages).where(eq(messages.volunteerId, volunteerId))
    expect(rows.filter((row) => row.state === 'accepted')).toHaveLength(1)
    expect(rows.every((row) => row.state === 'accepted' || row.error === 'said by another message')).toBe(true)
  })

  test('old and new together, when the old one had been told', async () => {
    const [old, kept, fresh] = [await seat('Dune gate'), await seat('Elm gate'), await seat('Fern gate')]
    const [oldId] = await give(old, kept)
    await lateEnough()
    expect(told()).toHaveLength(1)
    await take(oldId!)
    await world.advance({ minutes: 1 })
    await give(fresh)
    await lateEnough()
    expect(told()).toHaveLength(2)
    const { text } = told()[1]!
    const [asked, taken] = [text.indexOf('Fern gate'), text.indexOf('Dune gate')]
    expect(asked).toBeGreaterThan(0)
    expect(taken).toBeGreaterThan(0)
    expect(text).not.toContain('Elm gate')
  })

  test('that cancel out are not told at all', async () => {
    const slot = await seat('Glen gate')
    const [id] = await give(slot)
    await take(id!)
    await lateEnough()
    expect(told()).toEqual([])
  })

  test('a seat that is taken and given again is asked about, and not called taken', async () => {
    const slot = await seat('Hill gate')
    const [id] = await give(slot)
    await lateEnough()
    await take(id!)
    await world.advance({ minutes: 1 })
    await give(slot)
    await lateEnough()
    expect(told()).toHaveLength(2)
    expect(told()[1]!.text.match(/Hill gate/g)).toHaveLength(1)
    expect(told()[1]!.template).toBe('confirmation-request')
  })

  test('a duty taken while the question about others waits leaves the question', async () => {
    const [gone, kept, lost] = [await seat('Isle gate'), await seat('Jade gate'), await seat('Kelp gate')]
    const [lostId] = await give(lost)
    await lateEnough()
    const [goneId] = await give(gone, kept)
    await world.advance({ minutes: 1 })
    await take(goneId!, lostId!)
    await lateEnough()
    expect(told()).toHaveLength(2)
    const { template, text } = told()[1]!
    expect(template).toBe('confirmation-request')
    expect(text).toContain('Jade gate')
    expect(text).toContain('Kelp gate')
    expect(text).not.toContain('Isle gate')
  })

  test('many of them do not put it off for ever', async () => {
    const begun = world.clock.now()
    for (let times = 0; times < 8; times += 1) {
      await give(await seat(`Lake gate ${times}`))
      await world.advance({ minutes: 4 })
      if (told().length > 0) break
    }
    expect(told()).toHaveLength(1)
    expect(world.clock.now().getTime() - begun.getTime()).toBeLessThanOrEqual(17 * 60_000)
  })

  test('of one person wait for nobody else’s', async () => {
    const [other] = await roster.people(1)
    await give(await seat('Moss gate'))
    await world.advance({ minutes: 4 })
    await publish([{ slotId: await seat('Nut gate'), volunteerId: other! }])
    await world.advance({ minutes: 2 })
    expect(told()).toHaveLength(1)
    expect(world.messagesTo(other!)).toEqual([])
    await lateEnough()
    expect(world.messagesTo(other!)).toHaveLength(1)
  })
})
