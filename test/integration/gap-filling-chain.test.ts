import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { confirmationRequests } from '../../src/modules/confirmations/confirmations.tables.ts'
import { gaps } from '../../src/modules/gap-filling/gap-filling.tables.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { units } from '../../src/modules/organisation/organisation.tables.ts'
import { spread } from '../../src/time/spread.ts'
import { plainRoster } from '../support/plain-roster.ts'
import { startWorld } from '../support/world.ts'

test('published, silence, reminders, lapse, gap, search, acceptance, reminder, question at the post: nobody lifts a finger', async () => {
  await using world = await startWorld()
  const roster = await plainRoster(world)
  const { db } = world.house.services.foundations
  const reminding = { remindBeforeMinutes: 360, remindAgainBeforeMinutes: [120, 30], quietFrom: null, quietTo: null }
  const policy = { ...reminding, waveSize: 1 }
  await db.update(units).set({ policy }).where(eq(units.id, world.root.id))
  const [silent, unwilling, helper] = await roster.people(3)
  await roster.reserve([[unwilling!], [helper!]])
  const { slotIds } = await roster.shift({ start: '2026-05-06T08:00' })
  await roster.publish([{ slotId: slotIds[0]!, volunteerId: silent! }])
  const heard = (id: string) => world.messagesTo(id).map((message) => message.template)
  const linkTo = (id: string, template: string) =>
    world.messagesTo(id).findLast((message) => message.template === template)!.link!

  await world.advanceTo('2026-05-05T02:00:30Z')
  expect(heard(silent!)).toEqual([
    'confirmation-request',
    'confirmation-reminder',
    'confirmation-reminder',
    'confirmation-reminder',
    'duties-lapsed',
  ])
  const reminders = await db.select().from(messages).where(eq(messages.template, 'confirmation-reminder'))
  const [request] = await db.select().from(confirmationRequests)
  const { id, confirmBy } = request!
  expect(confirmBy.toISOString().slice(0, 16)).toBe('2026-05-05T02:00')
  const moments = reminders.map((one) => one.createdAt.getTime()).sort((a, b) => a - b)
  const wanted = [360, 120, 30].map((minutes) => new Date(confirmBy.getTime() - minutes * 60_000))
  const late = wanted.map((time, index) => moments[index]! - spread(time, id, confirmBy).getTime())
  expect(late.filter((milliseconds) => milliseconds < 0 || milliseconds > 20_000)).toEqual([])
  const gap = async () => (await db.select().from(gaps))[0]!
  expect(await gap()).toMatchObject({ slotId: slotIds[0], cause: 'lapsed', state: 'open' })
  expect(heard(unwilling!)).toEqual(['offer'])

  await world.advance({ minutes: 31 })
  expect(heard(helper!)).toEqual(['offer'])
  await roster.answer(linkTo(helper!, 'offer'), { answer: 'accept' })
  await world.settled()
  expect(await gap()).toMatchObject({ state: 'filled' })
  expect(await roster.assignment((await gap()).filledById!)).toMatchObject({ volunteerId: helper, state: 'confirmed' })

  await world.advanceTo('2026-05-06T00:11:00Z')
  expect(heard(helper!)).toEqual(['offer', 'offer-accepted', 'duty-reminder', 'check-in-missing'])
  expect(heard(unwilling!)).toEqual(['offer'])
})
