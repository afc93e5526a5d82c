import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { unitResponsibles, units } from '../../src/modules/organisation/organisation.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { spread } from '../../src/time/spread.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

/** The world begins on Monday 4 May 2026, 10:00 in Shanghai. */
let world: World
let roster: PlainRoster

beforeEach(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
  return () => world.close()
})

const db = () => world.house.services.foundations.db
const heard = (volunteerId: string) => world.messagesTo(volunteerId).map((message) => message.template)
const last = (volunteerId: string) => world.messagesTo(volunteerId).at(-1)!

/** Two people who have said yes to the same shift. */
async function twoConfirmed() {
  const [one, other] = await roster.people(2)
  const { slotIds, postId } = await roster.shift({ start: '2026-05-06T08:00', seats: 2 })
  const ids = await roster.publish(slotIds.map((slotId, index) => ({ slotId, volunteerId: [one!, other!][index]! })))
  await world.settled()
  for (const id of ids) await world.must('POST', `/v1/assignments/${id}:confirm`, {})
  await world.settled()
  return { one: one!, other: other!, ids, postId }
}

async function changePost(postId: string, patch: object) {
  const { version } = (await world.must('GET', `/v1/posts/${postId}`)).body
  await world.must('PATCH', `/v1/posts/${postId}`, patch, { headers: { 'if-match': `"${version}"` } })
  await world.settled()
}

test('the evening before, people hear when to be there, with whom, and what to bring', async () => {
  const { one, ids, postId } = await twoConfirmed()
  const waiting = await db().select().from(messages).where(eq(messages.template, 'duty-reminder'))
  const [briefing, start] = [new Date('2026-05-05T10:00:00Z'), new Date('2026-05-06T00:00:00Z')]
  for (const id of ids) {
    const reminder = waiting.find((message) => message.subjectId === id)!
    expect(reminder.sendAfter).toEqual(spread(briefing, id, start))
  }
  await changePost(postId, { instructions: '请带雨具，穿反光背心' })
  const before = world.messagesTo(one).length
  await world.advanceTo('2026-05-05T09:59:59Z')
  expect(world.messagesTo(one)).toHaveLength(before)
  await world.advanceTo('2026-05-05T10:05:00Z')
  const { template, text } = last(one)
  expect(template).toBe('duty-reminder')
  expect(text).toContain('Please be there by Wed 6 May 07:45.\nWith you: Person 2. (guard)\nBring and wear: 请带雨具')
  const request = world.messagesTo(one).find((message) => message.template === 'confirmation-request')!
  expect(await (await roster.page(request.link!)).text()).toContain('Bring and wear: 请带雨具，穿反光背心')
})

describe('a duty that becomes another one', () => {
  test('is told at once to those who are to serve, old and new, and asked about again', async () => {
    const { one, other, ids, postId } = await twoConfirmed()
    await changePost(postId, { address: '2 River Road' })
    expect([heard(one).at(-1), heard(other).at(-1)]).toEqual(['duties-changed', 'duties-changed'])
    const { text, link } = last(one)
    expect(text).toMatch(/It was: .*, Gate 1, 1 Ring Road, guard\n {2}It is: .*, Gate 1, 2 River Road, guard/)
    const page = await (await roster.page(link!)).text()
    expect(page).toContain('2 River Road')
    expect(page).toMatch(/<del>[^<]*1 Ring Road/)
    await roster.answer(link!, {
      answer: 'decline',
      assignmentId: ids[0]!,
      seen: /name="seen" value="(\d+)"/.exec(page)![1]!,
    })
    expect((await roster.assignment(ids[0]!)).state).toBe('declined')
    expect((await roster.assignment(ids[1]!)).state).toBe('confirmed')
    const told = await db().select().from(auditLog).where(eq(auditLog.action, 'assignment.change-told'))
    expect(told.map((row) => row.subjectId).sort()).toEqual([...ids].sort())
  })

  test('is no news where nothing changes for those who serve, or who have served', async () => {
    const { one, postId } = await twoConfirmed()
    const before = heard(one)
    await changePost(postId, { priority: 1, instructions: 'Bring a lamp' })
    expect(heard(one)).toEqual(before)
    await world.advanceTo('2026-05-06T00:00:01Z')
    await changePost(postId, { address: '3 River Road' })
    expect(heard(one)).not.toContain('duties-changed')
  })
})

describe('open gaps', () => {
  const summaries = () => world.messages.filter((message) => message.template === 'gap-summary')
  async function openSeat(start: string) {
    const { slotIds } = await roster.shift({ start })
    await roster.publish([], slotIds, Math.floor(Math.random() * 1e6))
    await world.settled()
  }

  test('are summed up at eight and at five, as long as there are some', async () => {
    const [volunteerId] = await roster.people(1)
    await db().insert(unitResponsibles).values({ unitId: world.root.id, position: 1, name: 'Grace Hopper' })
    const { slotIds } = await roster.shift({ start: '2026-05-06T08:00' })
    await roster.publish([], slotIds)
    await openSeat('2026-05-07T08:00')
    expect(summaries()).toEqual([])
    await world.advanceTo('2026-05-04T09:00:00Z')
    expect(summaries()).toHaveLength(1)
    expect(summaries()[0]!.subject).toBe('Open seats: 2')
    expect(summaries()[0]!.text).toMatch(/\n- Wed 6 May .* guard: the whole reserve was asked\n- Thu 7 May/)
    await world.advanceTo('2026-05-05T00:00:00Z')
    expect(summaries()).toHaveLength(2)
    await roster.publish([{ slotId: slotIds[0]!, volunteerId: volunteerId! }], [], 9)
    await world.advanceTo('2026-05-05T09:00:00Z')
    expect(summaries().at(-1)!.subject).toBe('Open seats: 1')
    await world.advanceTo('2026-05-12T00:00:00Z')
    const ended = summaries().length
    await world.advanceTo('2026-05-14T00:00:00Z')
    expect(summaries()).toHaveLength(ended)
  })

  test('are not summed up where the policy names no times, or there is none', async () => {
    await db()
      .update(units)
      .set({ policy: { gapSummaryTimes: [] } })
      .where(eq(units.id, world.root.id))
    await openSeat('2026-05-06T08:00')
    await world.advanceTo('2026-05-05T09:00:00Z')
    expect(summaries()).toEqual([])
  })
})

test('whoever could come has it in writing, and who takes a duty hears when to be there', async () => {
  const policy = { offerMode: 'collect' as const, collectMinutes: 60, gapSummaryTimes: [] }
  await db().update(units).set({ policy }).where(eq(units.id, world.root.id))
  const [willing, silent] = await roster.people(2)
  await roster.reserve([[willing!, silent!]])
  const { slotIds } = await roster.shift({ start: '2026-05-06T08:00' })
  await roster.publish([], slotIds)
  await world.settled()
  const offer = world.messagesTo(willing!).find((message) => message.template === 'offer')!
  await roster.answer(offer.link!, { answer: 'accept' })
  await world.settled()
  expect(last(willing!)).toMatchObject({
    template: 'offer-noted',
    text: expect.stringContaining('settled at Mon 4 May 11:00'),
  })
  expect(await (await roster.page(last(willing!).link!)).text()).toContain('Noted that you could come')
  await world.advance({ minutes: 61 })
  expect(heard(willing!)).toEqual(['offer', 'offer-noted', 'offer-accepted'])
  expect(last(willing!).text).toContain('Please be there by Wed 6 May 07:45.')
  expect(heard(silent!)).toEqual(['offer'])
})
