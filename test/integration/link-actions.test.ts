import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmationItems, standingConsents } from '../../src/modules/confirmations/confirmations.tables.ts'
import { volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { mintLink } from '../../src/platform/auth/links.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
let versions = 0

beforeAll(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
})
afterAll(() => world.close())
const db = () => world.house.services.foundations.db

/** Somebody who was asked about one duty; `link` makes them a way in that is good for these actions only. */
async function asked() {
  versions += 1
  const [volunteerId] = (await roster.people(1)) as [string]
  const { slotIds } = await roster.shift({ start: '2026-05-08T08:00' })
  const [assignmentId] = (await roster.publish([{ slotId: slotIds[0]!, volunteerId }], [], versions)) as [string]
  await world.settled()
  const { body } = await world.must('GET', `/v1/confirmation-requests?volunteerId=${volunteerId}`)
  const subjectId: string = body.items[0].id
  const now = world.clock.now()
  const expiresAt = new Date(now.getTime() + 86_400_000)
  return {
    volunteerId,
    assignmentId,
    link: async (...actions: string[]) =>
      `${world.url}/c/${await mintLink(db(), { purpose: 'confirmation', subjectId, volunteerId, expiresAt, actions }, now)}`,
    state: async () => (await roster.assignment(assignmentId)).state,
  }
}
type Asked = Awaited<ReturnType<typeof asked>>

/** Presses everything but "confirm" on the pages behind a link to a confirmed duty; how each was answered. */
async function pressAllElse(link: string, one: Asked) {
  const { assignmentId } = one
  const press = async (path: string, fields: Record<string, string>) => {
    const answer = await roster.answer(link + path, fields)
    return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() }
  }
  await press('', { answer: 'stay', assignmentId })
  const { staysOn } = await changed(one)
  const seen = String((await roster.assignment(assignmentId)).version)
  return {
    staysOn,
    attend: await press('', { answer: 'attend', assignmentId }),
    consents: await (await roster.page(`${link}/standing`)).text(),
    consent: await press('/standing', { answer: 'give', place: 'unit', from: '2026-05-05', to: '2026-06-01' }),
    stop: await press('/stop', { answer: 'stop' }),
    decline: await press('', { answer: 'decline', assignmentId, seen }),
  }
}

/** All that those buttons could have changed. */
async function changed({ volunteerId, assignmentId, state }: Asked) {
  const [item] = await db().select().from(confirmationItems).where(eq(confirmationItems.assignmentId, assignmentId))
  const own = and(eq(links.volunteerId, volunteerId), eq(links.purpose, 'attendance'))
  const [person] = await db().select().from(volunteers).where(eq(volunteers.id, volunteerId))
  const consents = await db().select().from(standingConsents).where(eq(standingConsents.volunteerId, volunteerId))
  return {
    state: await state(),
    staysOn: item!.staysOn,
    waysToAttend: (await db().select().from(links).where(own)).length,
    consents: consents.length,
    stopped: person!.doNotContact,
  }
}

test.each([
  ['together with others', {}],
  ['the long way', { reason: 'gladly' }],
])('a link that is good for confirming only confirms, %s, and does nothing else', async (_way, more) => {
  const one = await asked()
  const link = await one.link('confirm')
  expect((await roster.answer(link, { answer: 'decline', assignmentId: one.assignmentId })).status).toBe(303)
  expect(await one.state()).toBe('pending')
  expect((await roster.answer(link, { answer: 'confirm', ...more })).status).toBe(303)
  await world.settled()
  const before = await changed(one)
  expect(before).toMatchObject({ state: 'confirmed', consents: 0, stopped: false })

  const answers = await pressAllElse(link, one)
  expect(await changed(one)).toEqual(before)
  // The page of the duty stands where there would have been another.
  expect([answers.staysOn, answers.attend.status, answers.consent.status]).toEqual([false, 200, 200])
  for (const text of [answers.consents, answers.consent.text]) expect(text).not.toContain('name="place"')

  const all = await pressAllElse(await one.link(), one)
  expect(all.consents).toContain('name="place"')
  expect(all.staysOn).toBe(true)
  expect(all.attend.to).toMatch(/^\/a\//)
  expect(await changed(one)).toEqual({
    state: 'declined',
    staysOn: false,
    waysToAttend: before.waysToAttend + 1,
    consents: 1,
    stopped: true,
  })
})

test('a link that is good for declining only does not confirm', async () => {
  const one = await asked()
  const link = await one.link('decline')
  expect((await roster.answer(link, { answer: 'confirm' })).status).toBe(303)
  expect(await one.state()).toBe('pending')
  await roster.answer(link, { answer: 'decline', assignmentId: one.assignmentId })
  expect(await one.state()).toBe('declined')
})
