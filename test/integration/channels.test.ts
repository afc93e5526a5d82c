import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { gapFillingTemplates } from '../../src/modules/gap-filling/gap-filling.messages.ts'
import { cascades, gaps, offers } from '../../src/modules/gap-filling/gap-filling.tables.ts'
import { configuredChannels } from '../../src/modules/notifications/channels/configured.ts'
import { logChannel } from '../../src/modules/notifications/channels/log.ts'
import { deliverMessage } from '../../src/modules/notifications/notifications.jobs.ts'
import { createNotifications } from '../../src/modules/notifications/notifications.service.ts'
import { channelPaces, messages } from '../../src/modules/notifications/notifications.tables.ts'
import {
  defineTemplate,
  type NewMessage,
  type SentMessage,
} from '../../src/modules/notifications/notifications.types.ts'
import { unitResponsibles } from '../../src/modules/organisation/organisation.tables.ts'
import { contactPoints, volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { type Peer, type PeerAnswer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const MINUTE = 60_000
const texts = (text: string) => ({ zh: { subject: '通知', text }, en: { subject: 'A note', text } })
const note = defineTemplate({
  load: async (_handle, { params }) => ({
    facts: {},
    ...(params.notAfter ? { notAfter: new Date(params.notAfter) } : {}),
  }),
  words: () => ({}),
  texts: texts('Hello {name}'),
})
const urgent = defineTemplate({ ...note, urgent: true })
const invitation = defineTemplate({
  load: async (_handle, { subjectId }, now) => ({
    facts: {},
    link: { purpose: 'offer' as const, subjectId, expiresAt: new Date(now.getTime() + MINUTE), path: '/o' },
  }),
  words: () => ({}),
  texts: texts('Come, {name}: {link}'),
})

let world: World
let roster: PlainRoster
let [weCom, sms, robot]: Peer[] = []
let service: ReturnType<typeof createNotifications>
let heard: SentMessage[] = []
let closing: (() => Promise<unknown>)[] = []
const db = () => world.house.services.foundations.db

const weComSays = (answer: PeerAnswer) =>
  weCom!.answers(({ path }) =>
    path === '/cgi-bin/gettoken' ? { body: { errcode: 0, access_token: 't', expires_in: 7200 } } : answer,
  )
const weComSends = () => weCom!.calls.filter((call) => call.path === '/cgi-bin/message/send')

beforeAll(async () => {
  // 10:00 in Shanghai.
  world = await startWorld({ worker: false, now: '2026-05-04T02:00:00Z' })
  roster = await plainRoster(world)
  ;[weCom, sms, robot] = [await startPeer(), await startPeer(), await startPeer()]
  const config = readConfig({
    WECOM_CORP_ID: 'corp',
    WECOM_AGENT_ID: '7',
    WECOM_SECRET: 's',
    WECOM_URL: weCom.url,
    SMS_URL: `${sms.url}/send`,
    SMS_ADDRESS: 'v.example.cn',
    FEISHU_ROBOT_URL: `${robot.url}/hook`,
  })
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-channels-'))
  const { foundations } = world.house.services
  const address = { publicUrl: 'https://duty.example.org' }
  service = createNotifications({
    ...foundations,
    channels: [
      logChannel({ file: join(folder, 'm.jsonl'), clock: world.clock, onMessage: (message) => heard.push(message) }),
      ...configuredChannels({ config, clock: world.clock, address }),
    ],
    templates: { note, urgent, invitation, ...gapFillingTemplates },
    address,
    codeKey: randomBytes(32),
  })
  closing = [service.close, weCom.stop, sms.stop, robot.stop, () => rm(folder, { recursive: true }), world.close]
})
afterAll(async () => {
  for (const close of closing) await close()
})

afterEach(async () => {
  for (const peer of [weCom, sms, robot]) {
    peer!.calls.length = 0
    peer!.answers(() => ({ body: { code: 0, id: 'p-1' } }))
  }
  heard = []
  await db().delete(channelPaces)
  // The next test begins at ten in the morning of another day.
  const next = new Date(Math.floor(world.clock.now().getTime() / 86_400_000) * 86_400_000 + 26 * 3_600_000)
  world.clock.set(next)
})

async function person(...contacts: ['wecom' | 'sms' | 'email', string][]) {
  const [id] = await roster.people(1)
  if (contacts.length > 0) {
    await db()
      .insert(contactPoints)
      .values(contacts.map(([channel, address], position) => ({ volunteerId: id!, channel, address, position })))
  }
  return id!
}
const both = () => person(['wecom', 'ada'], ['sms', '13800000001'])

async function send(message: Partial<NewMessage>) {
  const purpose = newId()
  await roster.occasionally((occasion) =>
    service.notify(occasion, [{ template: 'note', subjectId: newId(), purpose, ...message }]),
  )
  const [row] = await db().select().from(messages).where(eq(messages.purpose, purpose))
  return row!.id
}
const rowOf = async (id: string) => (await db().select().from(messages).where(eq(messages.id, id)))[0]!
const waiting = async (id: string) => {
  const mine = and(eq(tasks.name, deliverMessage.name), eq(tasks.key, id), eq(tasks.state, 'waiting'))
  return (await db().select().from(tasks).where(mine))[0]
}
const minutesAhead = (instant: Date) => (instant.getTime() - world.clock.now().getTime()) / MINUTE

describe('fall-back', () => {
  test('the next contact point is tried when the first fails for good, and the history shows both', async () => {
    weComSays({ body: { errcode: 0, invaliduser: 'ada' } })
    const volunteerId = await both()
    const id = await send({ volunteerId })
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'queued', error: 'WeChat Work cannot reach ada.' })
    expect(await waiting(id)).toBeDefined()
    await service.deliver(id)
    expect([weComSends().length, sms!.calls.length]).toEqual([1, 1])
    expect(sms!.calls[0]!.body).toEqual({ id, to: '13800000001', text: 'Hello Person 1' })
    const { body } = await world.must('GET', `/v1/messages?volunteerId=${volunteerId}`)
    expect(body.items).toMatchObject([
      {
        state: 'accepted',
        channel: 'sms',
        error: null,
        ways: [
          { channel: 'wecom', address: '***da', tries: 1, state: 'failed', error: 'WeChat Work cannot reach ada.' },
          { channel: 'sms', address: '***01', tries: 1, state: 'accepted', error: null },
        ],
      },
    ])
  })

  test('when all have failed the message has, and nothing goes to the log instead', async () => {
    weComSays({ body: { errcode: 60111, errmsg: 'userid not found' } })
    sms!.answers(() => ({ status: 400 }))
    const id = await send({ volunteerId: await both() })
    await service.deliver(id)
    await service.deliver(id)
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'failed', error: 'HTTP 400', sentAt: null })
    expect([weComSends().length, sms!.calls.length, heard.length]).toEqual([1, 1, 0])
  })

  test('what may have arrived is not sent another way', async () => {
    weComSays({ body: 'no JSON' })
    const id = await send({ volunteerId: await both() })
    await service.deliver(id)
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'unknown', channel: 'wecom' })
    expect([weComSends().length, sms!.calls.length]).toEqual([1, 0])
  })

  test('a channel that only puts off for ten minutes is given up for the next', async () => {
    weComSays({ body: { errcode: 45009, errmsg: 'too many' } })
    const id = await send({ volunteerId: await both() })
    await service.deliver(id)
    expect(minutesAhead((await rowOf(id)).sendAfter)).toBeCloseTo(1, 1)
    expect((await waiting(id))!.dueAt).toEqual((await rowOf(id)).sendAfter)
    await service.deliver(id)
    expect(weComSends()).toHaveLength(1)
    world.clock.advance(10 * MINUTE)
    await service.deliver(id)
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'accepted', channel: 'sms' })
  })

  test('somebody who says "do not contact" between two tries is left alone', async () => {
    weComSays({ body: { errcode: 81013, errmsg: 'nobody' } })
    const volunteerId = await both()
    const id = await send({ volunteerId })
    await service.deliver(id)
    await db().update(volunteers).set({ doNotContact: true }).where(eq(volunteers.id, volunteerId))
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'failed', error: 'do-not-contact' })
    expect(sms!.calls).toEqual([])
  })
})

test('an offer that reaches nobody by the first contact point stands; by none, it counts against nobody', async () => {
  weComSays({ body: { errcode: 60111, errmsg: 'userid not found' } })
  sms!.answers(() => ({ status: 400 }))
  const volunteerId = await both()
  await roster.reserve([[volunteerId]])
  const { slotIds } = await roster.shift({ start: '2026-05-30T08:00' })
  await roster.publish([], slotIds)
  const [gap] = await db().select().from(gaps).where(eq(gaps.slotId, slotIds[0]!))
  const [cascade] = await db().select().from(cascades).where(eq(cascades.gapId, gap!.id))
  await world.house.services.gapFilling.advance(cascade!.id)
  const offer = async () => (await db().select().from(offers).where(eq(offers.gapId, gap!.id)))[0]!
  const [message] = await db()
    .select()
    .from(messages)
    .where(eq(messages.subjectId, (await offer()).id))
  await service.deliver(message!.id)
  expect([weComSends().length, (await offer()).state]).toEqual([1, 'open'])
  await service.deliver(message!.id)
  expect([sms!.calls.length, (await offer()).state]).toEqual([1, 'contact_error'])
})

test('text messages carry the fixed address and no personal link, others the link', async () => {
  weComSays({ body: { errcode: 0, msgid: 'm' } })
  await service.deliver(await send({ volunteerId: await person(['sms', '13800000002']), template: 'invitation' }))
  expect(sms!.calls[0]!.body.text).toMatch(/^A note: v\.example\.cn, code \w{8}$/)
  await service.deliver(await send({ volunteerId: await person(['wecom', 'ben']), template: 'invitation' }))
  expect(weComSends()[0]!.body.textcard.url).toMatch(/^https:\/\/duty\.example\.org\/o\/[\w-]{43}$/)
})

describe('quiet hours and limits', () => {
  const atNight = () => world.clock.set(new Date(world.clock.now().getTime() + 13 * 60 * MINUTE))

  test('delay, do not drop, and let pass what is urgent or would come too late', async () => {
    weComSays({ body: { errcode: 0 } })
    atNight()
    const waits = await send({ volunteerId: await person(['wecom', 'a']) })
    const passes = await send({ volunteerId: await person(['wecom', 'b']), template: 'urgent' })
    const notAfter = new Date(world.clock.now().getTime() + 3 * 60 * MINUTE).toISOString()
    const soon = await send({ volunteerId: await person(['wecom', 'c']), params: { notAfter } })
    for (const id of [waits, passes, soon]) await service.deliver(id)
    expect(weComSends().map((call) => call.body.touser)).toEqual(['b', 'c'])
    const held = await rowOf(waits)
    expect(held).toMatchObject({ state: 'queued', attempts: 0 })
    expect(held.sendAfter.toISOString()).toMatch(/T00:00:00.000Z$/)
    expect((await waiting(waits))!.dueAt).toEqual(held.sendAfter)
    world.clock.set(held.sendAfter)
    await service.deliver(waits)
    expect(await rowOf(waits)).toMatchObject({ state: 'accepted', attempts: 1 })
  })

  test('a unit may have hours of its own, or none', async () => {
    weComSays({ body: { errcode: 0 } })
    const { headers } = await world.must('GET', `/v1/units/${world.root.id}`)
    const ifMatch = { headers: { 'if-match': headers.get('etag')! } }
    const wrong = await world.call('PATCH', `/v1/units/${world.root.id}`, { policy: { quietFrom: '25:00' } }, ifMatch)
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/body/policy/quietFrom' }] } })
    const policy = { quietFrom: null }
    const { body, headers: after } = await world.must('PATCH', `/v1/units/${world.root.id}`, { policy }, ifMatch)
    expect(body.effectivePolicy).toMatchObject({ quietFrom: null, quietTo: '08:00' })
    atNight()
    const id = await send({ volunteerId: await person(['wecom', 'a']) })
    await service.deliver(id)
    expect(await rowOf(id)).toMatchObject({ state: 'accepted' })
    const back = { headers: { 'if-match': after.get('etag')! } }
    await world.must('PATCH', `/v1/units/${world.root.id}`, { policy: {} }, back)
  })

  test('one message a minute, three an hour and eight a day for each person; urgent ones pass; the ninth is later', async () => {
    sms!.answers(() => ({ body: {} }))
    const volunteerId = await person(['sms', '13800000003'])
    const [first, second] = [await send({ volunteerId }), await send({ volunteerId })]
    // Both at once: one goes, the other waits for its minute.
    await Promise.all([service.deliver(first), service.deliver(second)])
    expect(sms!.calls).toHaveLength(1)
    const held = [await rowOf(first), await rowOf(second)].find((row) => row.state === 'queued')!
    expect(minutesAhead(held.sendAfter)).toBeCloseTo(1, 1)
    await service.deliver(await send({ volunteerId, template: 'urgent' }))
    expect(sms!.calls).toHaveLength(2)
    world.clock.advance(2 * MINUTE)
    await service.deliver(held.id)
    world.clock.advance(2 * MINUTE)
    const fourth = await send({ volunteerId })
    await service.deliver(fourth)
    expect(minutesAhead((await rowOf(fourth)).sendAfter)).toBeCloseTo(56, 0)
    world.clock.set((await rowOf(fourth)).sendAfter)
    await service.deliver(fourth)
    for (let count = 4; count < 8; count += 1) {
      world.clock.advance(31 * MINUTE)
      await service.deliver(await send({ volunteerId }))
    }
    expect(sms!.calls).toHaveLength(8)
    world.clock.advance(2 * MINUTE)
    const ninth = await send({ volunteerId })
    await service.deliver(ninth)
    const row = await rowOf(ninth)
    expect(sms!.calls).toHaveLength(8)
    expect(row.state).toBe('queued')
    expect(minutesAhead(row.sendAfter)).toBeGreaterThan(20 * 60)
    world.clock.set(row.sendAfter)
    await service.deliver(ninth)
    expect(sms!.calls).toHaveLength(9)
  })
})

describe('groups', () => {
  test('what a unit is told goes to its people and to the group, at the pace of the vendor', async () => {
    const told = await send({ unitId: world.root.id, template: 'urgent' })
    await service.deliver(told)
    expect(heard).toMatchObject([{ to: `unit/${world.root.id}` }])
    await db().insert(unitResponsibles).values({ unitId: world.root.id, position: 1, name: 'Ada' })
    const copies = await db().select().from(messages).where(eq(messages.via, 'feishu-robot'))
    expect(copies).toHaveLength(1)
    await service.deliver(copies[0]!.id)
    expect(robot!.calls).toMatchObject([{ path: '/hook', body: { content: { text: 'A note\nHello Ada' } } }])
    expect(await rowOf(copies[0]!.id)).toMatchObject({
      state: 'accepted',
      channel: 'feishu-robot',
      address: 'group/feishu-robot',
    })
  })

  test('twenty at once go out in order of time, none is lost and none goes twice', async () => {
    for (let count = 0; count < 20; count += 1) await send({ unitId: world.root.id, template: 'urgent' })
    const mine = and(eq(messages.via, 'feishu-robot'), eq(messages.state, 'queued'))
    const ids = (await db().select().from(messages).where(mine)).map((row) => row.id)
    expect(ids).toHaveLength(20)
    await Promise.all(ids.map((id) => service.deliver(id)))
    const sentAtOnce = robot!.calls.length
    expect(sentAtOnce).toBeGreaterThanOrEqual(3)
    expect(sentAtOnce).toBeLessThanOrEqual(6)
    const rows = await Promise.all(ids.map(rowOf))
    const places = rows.filter((row) => row.state === 'queued').map((row) => row.sendAfter.getTime())
    expect(new Set(places).size).toBe(places.length)
    expect(rows.filter((row) => row.state === 'queued').every((row) => row.attempts === 0)).toBe(true)
    world.clock.set(new Date(Math.max(...places)))
    for (const id of ids) await service.deliver(id)
    expect(robot!.calls).toHaveLength(20)
  })

  test('a group that refuses its copy costs nobody else the message', async () => {
    robot!.answers(() => ({ body: { code: 19024, msg: 'Key Words Not Found' } }))
    const id = await send({ unitId: world.root.id, template: 'urgent' })
    const { purpose } = await rowOf(id)
    const [copy] = await db()
      .select()
      .from(messages)
      .where(eq(messages.purpose, `${purpose}@feishu-robot`))
    await service.deliver(copy!.id)
    await service.deliver(id)
    expect(await rowOf(copy!.id)).toMatchObject({ state: 'failed', error: 'Feishu 19024: Key Words Not Found' })
    expect(await rowOf(id)).toMatchObject({ state: 'accepted', channel: 'log' })
  })
})

test('contact points of WeChat Work are checked when they are given', async () => {
  const base = { unitId: world.root.id, displayName: 'Ada', personClass: 'volunteer' }
  const ask = (address: string) =>
    world.call('POST', '/v1/volunteers', { ...base, contacts: [{ channel: 'wecom', address }] })
  expect((await ask('@all')).status).toBe(400)
  expect(await ask('ada.l')).toMatchObject({
    status: 201,
    body: { contacts: [{ channel: 'wecom', address: 'ada.l' }] },
  })
})
