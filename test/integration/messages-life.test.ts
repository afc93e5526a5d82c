import { and, eq, gte, lte } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { allHandlers } from '../../src/background.ts'
import { deliverMessage, fallBack } from '../../src/modules/notifications/notifications.jobs.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { notificationsWorkers } from '../../src/modules/notifications/notifications.workers.ts'
import { assignments } from '../../src/modules/rosters/rosters.tables.ts'
import { volunteers } from '../../src/modules/volunteers/volunteers.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { signedHeaders } from '../../src/platform/http/standard-webhooks.ts'
import { startNightWatch } from '../../src/platform/queue/night-watch.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { silentLog } from '../../src/platform/telemetry/log.ts'
import { type MessageHouse, messageHouse } from '../support/message-house.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const SMS_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const MAIL_SECRET = 'whsec_plJ3nmyCDGBKInavdOK15jsl0123456789ab'
const MINUTE = 60_000
const REPORT_KEY = 'a-secret-end-of-an-address-for-tests'

let world: World
let roster: PlainRoster
let own: MessageHouse
let [weCom, sms]: Peer[] = []
const db = () => world.house.services.foundations.db

beforeAll(async () => {
  ;[weCom, sms] = [await startPeer(), await startPeer()]
  answerAll()
  const settings = {
    SMS_RECEIPT_SECRET: SMS_SECRET,
    MAIL_RECEIPT_SECRET: MAIL_SECRET,
    SMS_RECEIPT_KEY: REPORT_KEY,
    SMS_RECEIPT_FROM: '127.0.0.0/8, ::1',
    WECOM_CORP_ID: 'corp',
    WECOM_AGENT_ID: '7',
    WECOM_SECRET: 's',
    WECOM_URL: weCom.url,
    SMS_URL: `${sms.url}/send`,
  }
  world = await startWorld({ worker: false, settings })
  roster = await plainRoster(world)
  own = messageHouse(world, roster, { settings })
})
afterAll(async () => {
  await own.close()
  await Promise.all([weCom!.stop(), sms!.stop()])
  await world.close()
})
afterEach(() => {
  for (const peer of [weCom, sms]) peer!.calls.length = 0
  answerAll()
  world.clock.advance(24 * 60 * MINUTE)
})

let serial = 0
const answerAll = () => {
  sms!.answers(() => ({ body: { id: `p-${++serial}` } }))
  weCom!.answers(({ path }) => ({
    body: path === '/cgi-bin/gettoken' ? { errcode: 0, access_token: 't', expires_in: 7200 } : { errcode: 0 },
  }))
}
const weComIsUnclear = () =>
  weCom!.answers(({ path }) =>
    path === '/cgi-bin/gettoken' ? { body: { errcode: 0, access_token: 't', expires_in: 7200 } } : { body: 'no JSON' },
  )
const weComSends = () => weCom!.calls.filter((call) => call.path === '/cgi-bin/message/send').length
const bySms = () => own.person(['sms', '13800000001'])
const both = () => own.person(['wecom', 'ada'], ['sms', '13800000001'])

async function report(body: unknown, { channel = 'sms', secret = SMS_SECRET, at = world.clock.now() } = {}) {
  const text = JSON.stringify(body)
  const headers = signedHeaders(`r-${++serial}`, text, [secret], at)
  return world.call('POST', `/receipts/${channel}`, undefined, {
    key: null,
    headers,
    raw: { type: 'application/json', body: text },
  })
}
const actionsOf = async (id: string) =>
  (await db().select().from(auditLog).where(eq(auditLog.subjectId, id)).orderBy(auditLog.at, auditLog.id)).map(
    (row) => row.action,
  )

async function accepted(volunteerId: string, template = 'note') {
  const id = await own.send({ volunteerId, template })
  await own.service.deliver(id)
  const row = await own.rowOf(id)
  expect(row.state).toBe('accepted')
  return { id, providerId: row.providerId! }
}

describe('delivery receipts', () => {
  test('move what was accepted to delivered, once, by the id of the vendor or by ours', async () => {
    const [a, b] = [await accepted(await bySms()), await accepted(await bySms())]
    const receipts = [
      { providerId: a.providerId, state: 'delivered' },
      { id: b.id, state: 'delivered' },
    ]
    for (let times = 0; times < 3; times += 1) {
      expect(await report(receipts)).toMatchObject({ status: 200, body: { code: 0, received: 2 } })
    }
    for (const { id } of [a, b]) {
      expect(await own.rowOf(id)).toMatchObject({ state: 'delivered', deliveredAt: expect.any(Date) })
      expect(await actionsOf(id)).toEqual(['message.queued', 'message.accepted', 'message.delivered'])
    }
    const { body } = await world.must('GET', '/v1/messages?state=delivered')
    expect(body.items.map((item: { deliveredAt: string }) => item.deliveredAt)).toHaveLength(2)
  })

  test('to failed, and the message goes on to the next contact point where there is one', async () => {
    const { id } = await accepted(await bySms())
    await report({ id, state: 'failed', error: 'number is out of service' })
    expect(await own.rowOf(id)).toMatchObject({ state: 'failed', error: 'number is out of service' })
    const two = await accepted(await own.person(['sms', '13800000002'], ['wecom', 'ben']))
    await report({ providerId: two.providerId, state: 'failed' })
    expect(await own.rowOf(two.id)).toMatchObject({ state: 'queued' })
    await own.service.deliver(two.id)
    expect(await own.rowOf(two.id)).toMatchObject({ state: 'accepted', channel: 'wecom' })
    expect(sms!.calls).toHaveLength(2)
  })

  test('are understood in any order: arrived is the last word', async () => {
    const one = await accepted(await bySms())
    await report({ id: one.id, state: 'failed', error: 'switched off' })
    await report({ id: one.id, state: 'delivered' })
    expect(await own.rowOf(one.id)).toMatchObject({ state: 'delivered', error: null })
    const other = await accepted(await bySms())
    await report({ id: other.id, state: 'delivered' })
    await report({ id: other.id, state: 'failed' })
    expect(await own.rowOf(other.id)).toMatchObject({ state: 'delivered' })
  })

  test('that come before the answer of the gateway are read with it', async () => {
    const id = await own.send({ volunteerId: await bySms() })
    const early: Promise<unknown>[] = []
    sms!.answers(() => {
      early.push(report([{ providerId: 'early-1', state: 'delivered' }]))
      return { body: { id: 'early-1' } }
    })
    await own.service.deliver(id)
    await Promise.all(early)
    expect(await own.rowOf(id)).toMatchObject({ state: 'delivered' })
    const ours = await own.send({ volunteerId: await bySms() })
    await report({ id: ours, state: 'delivered' })
    expect(await own.rowOf(ours)).toMatchObject({ state: 'queued' })
  })

  test('settle what was unknown', async () => {
    sms!.answers(() => ({ body: 'no JSON', status: 200 }))
    const slow = messageHouse(world, roster, {
      settings: { SMS_URL: `${sms!.url}/send`, SMS_ACCEPTED: 'state=ok', SMS_RECEIPT_SECRET: SMS_SECRET },
    })
    const id = await slow.send({ volunteerId: await slow.person(['sms', '13800000009']) })
    await slow.service.deliver(id)
    expect(await slow.rowOf(id)).toMatchObject({ state: 'unknown' })
    await report({ id, state: 'delivered' })
    expect(await slow.rowOf(id)).toMatchObject({ state: 'delivered', error: null })
    await slow.close()
  })

  test('are taken from nobody without the key, nor late; unknown ids are answered like known ones', async () => {
    const { id } = await accepted(await bySms())
    const body = { id, state: 'delivered' }
    expect((await report(body, { secret: MAIL_SECRET })).status).toBe(401)
    const old = new Date(world.clock.now().getTime() - 6 * MINUTE)
    expect((await report(body, { at: old })).status).toBe(401)
    const bare = { key: null, raw: { type: 'application/json', body: JSON.stringify(body) } }
    expect((await world.call('POST', '/receipts/sms', undefined, bare)).status).toBe(401)
    expect((await report([{ state: 'delivered' }])).status).toBe(400)
    expect((await report({ id: 'nobody-knows', state: 'delivered' })).body).toEqual({ code: 0, received: 1 })
    expect(await own.rowOf(id)).toMatchObject({ state: 'accepted' })
    await using plain = await startWorld({ worker: false })
    expect((await plain.call('POST', '/receipts/sms', { id, state: 'delivered' }, { key: null })).status).toBe(404)
  })

  test('come in the words of a vendor that signs nothing, to a secret address', async () => {
    const [a, b] = [await accepted(await bySms()), await accepted(await bySms())]
    const tell = (body: unknown, key = REPORT_KEY) => world.call('POST', `/receipts/sms/${key}`, body, { key: null })
    const word = { phone_number: '13800000001', send_time: '2026-05-04 10:00:00', report_time: '2026-05-04 10:00:09' }
    const reports = [
      { ...word, success: true, err_code: 'DELIVERED', err_msg: '用户接收成功', sms_size: '1', biz_id: a.providerId },
      { ...word, success: false, err_code: 'MK:100D', err_msg: '空号', sms_size: '1', biz_id: 'other', out_id: b.id },
      { ...word, success: true, biz_id: 'of-somebody-else' },
    ]
    for (let times = 0; times < 2; times += 1) {
      expect(await tell(reports)).toMatchObject({ status: 200, body: { code: 0, result: 0 } })
    }
    expect(await own.rowOf(a.id)).toMatchObject({ state: 'delivered' })
    expect(await own.rowOf(b.id)).toMatchObject({ state: 'failed', error: 'MK:100D' })
    expect((await tell(reports, `${REPORT_KEY}x`)).status).toBe(404)
    expect((await tell([{ hello: 'there' }])).status).toBe(400)
    await using elsewhere = await startWorld({
      worker: false,
      settings: { SMS_RECEIPT_KEY: REPORT_KEY, SMS_RECEIPT_FROM: '203.0.113.0/24' },
    })
    const answer = await elsewhere.call('POST', `/receipts/sms/${REPORT_KEY}`, reports, { key: null })
    expect(answer.status).toBe(404)
  })

  test('of mail name the Message-ID; a bounce of one channel says nothing of another', async () => {
    const { id } = await accepted(await bySms())
    const bounce = { messageId: `<${id}@example.org>`, state: 'bounced', error: '550 no such box' }
    await report(bounce, { channel: 'email', secret: MAIL_SECRET })
    expect(await own.rowOf(id)).toMatchObject({ state: 'accepted' })
    await db()
      .update(messages)
      .set({
        channel: 'email',
        ways: [{ channel: 'email', address: 'a@b.example', tries: 1, state: 'accepted', since: '', at: '' }],
      })
      .where(eq(messages.id, id))
    const again = { ...bounce, error: '550 no such box, really' }
    await db().execute(`update message_receipts set applied_at = null where channel = 'email'`)
    await report(again, { channel: 'email', secret: MAIL_SECRET })
    expect((await own.rowOf(id)).ways).toMatchObject([{ channel: 'email', state: 'failed', error: '550 no such box' }])
  })
})

describe('a question and what follows', () => {
  /** Does what is due of all that was written from a moment on, and answers with the messages to one person. */
  async function doDue(volunteerId: string, since: Date) {
    const handlers = new Map(allHandlers(world.house.services).map((handler) => [handler.kind.name, handler]))
    const context = { taskId: '', attempt: 1, signal: new AbortController().signal }
    for (;;) {
      const due = and(eq(tasks.state, 'waiting'), gte(tasks.createdAt, since), lte(tasks.dueAt, world.clock.now()))
      const found = await db().update(tasks).set({ state: 'done' }).where(due).returning()
      if (found.length === 0) break
      for (const task of found) await handlers.get(task.name)!.run(task.payload, context)
    }
    return db().select().from(messages).where(eq(messages.volunteerId, volunteerId)).orderBy(messages.createdAt)
  }
  const ask = async (volunteerId: string, start: string) => {
    const since = world.clock.now()
    const { slotIds } = await roster.shift({ start })
    await roster.publish([{ slotId: slotIds[0]!, volunteerId }], [], ++serial)
    return doDue(volunteerId, since)
  }

  test('the receipt goes by another contact point than the question, where there is one', async () => {
    const since = new Date('2026-05-20T02:00:00Z')
    world.clock.set(since)
    const volunteerId = await both()
    const [question] = await ask(volunteerId, '2026-05-25T08:00')
    expect(question).toMatchObject({ template: 'confirmation-request', state: 'accepted', channel: 'wecom' })
    const link = weCom!.calls.find((call) => call.body?.textcard)!.body.textcard.url
    expect((await roster.answer(link, { answer: 'confirm' })).status).toBe(303)
    const receipt = (await doDue(volunteerId, since)).find((row) => row.template === 'confirmation-receipt')
    expect(receipt).toMatchObject({ state: 'accepted', channel: 'sms' })
    const alone = await bySms()
    await ask(alone, '2026-05-26T08:00')
    const [row] = await db().select().from(assignments).where(eq(assignments.volunteerId, alone))
    await world.must('POST', `/v1/assignments/${row!.id}:confirm`, {})
    const own = (await doDue(alone, since)).find((one) => one.template === 'confirmation-receipt')
    expect(own).toMatchObject({ state: 'accepted', channel: 'sms' })
  })

  test('at night people are asked about what is near, and about the rest in the morning', async () => {
    // Two in the night at the post.
    world.clock.set(new Date('2026-05-21T18:00:00Z'))
    const [near] = await ask(await bySms(), '2026-05-22T13:30')
    const [far] = await ask(await bySms(), '2026-05-22T15:00')
    expect([near!.state, far!.state]).toEqual(['accepted', 'queued'])
    expect(far!.sendAfter).toEqual(new Date('2026-05-22T00:00:00Z'))
    world.clock.set(new Date('2026-05-22T02:00:00Z'))
  })
})

describe('what nobody knows of', () => {
  const unclear = async (template = 'note', volunteerId?: string) => {
    weComIsUnclear()
    const id = await own.send({ volunteerId: volunteerId ?? (await own.person(['wecom', 'ada'])), template })
    await own.service.deliver(id)
    expect(await own.rowOf(id)).toMatchObject({ state: 'unknown' })
    return id
  }
  const settle = (id: string, body: object, key?: string) =>
    world.call('POST', `/v1/messages/${id}:settle`, body, key ? { key } : {})

  test('is never sent again by itself, and an organizer says what became of it', async () => {
    const id = await unclear()
    await own.service.deliver(id)
    await own.service.fallBack(id)
    expect(weComSends()).toBe(1)
    expect((await settle(id, { outcome: 'arrived', reason: 'she rang' })).body).toMatchObject({ state: 'delivered' })
    const again = await settle(id, { outcome: 'send-again' })
    expect([again.status, again.body.code]).toEqual([409, 'message-not-in-doubt'])
    const lost = await unclear()
    expect((await settle(lost, { outcome: 'not-arrived' })).body).toMatchObject({ state: 'failed' })
  })

  test('is sent once more by the same contact point when an organizer says so', async () => {
    const id = await unclear()
    answerAll()
    expect((await settle(id, { outcome: 'send-again' })).body).toMatchObject({ state: 'queued' })
    expect(await own.waiting(id, deliverMessage.name)).toBeDefined()
    await own.service.deliver(id)
    expect(await own.rowOf(id)).toMatchObject({ state: 'accepted', channel: 'wecom' })
    expect(weComSends()).toBe(2)
    expect(await actionsOf(id)).toEqual(['message.queued', 'message.unknown', 'message.queued', 'message.accepted'])
  })

  test('is nobody else’s business', async () => {
    const id = await unclear()
    const beside = await world.must('POST', '/v1/units', { parentId: world.root.id, kind: 'town', name: `B ${id}` })
    const key = await world.makeKey(beside.body.id, 'organizer')
    expect((await settle(id, { outcome: 'arrived' }, key)).status).toBe(404)
    const viewer = await world.makeKey(world.root.id, 'viewer')
    expect((await settle(id, { outcome: 'arrived' }, viewer)).status).toBe(403)
    expect((await settle(id, { outcome: 'maybe' })).status).toBe(400)
  })

  test('goes another way when it is urgent, and not by the same', async () => {
    const id = await unclear('urgent', await both())
    expect((await own.waiting(id, fallBack.name))!.dueAt.getTime()).toBeLessThanOrEqual(world.clock.now().getTime())
    await own.service.fallBack(id)
    await own.service.deliver(id)
    expect(await own.rowOf(id)).toMatchObject({ state: 'accepted', channel: 'sms' })
    expect([weComSends(), sms!.calls.length]).toEqual([1, 1])
    const calm = await unclear('note', await both())
    expect(await own.waiting(calm, fallBack.name)).toBeUndefined()
  })

  test('stays unknown when the other ways fail: it may have arrived after all', async () => {
    const id = await unclear('urgent', await both())
    sms!.answers(() => ({ status: 400 }))
    await own.service.fallBack(id)
    await own.service.deliver(id)
    expect(await own.rowOf(id)).toMatchObject({ state: 'unknown', error: 'HTTP 400' })
  })
})

test('what is urgent goes another way when no receipt comes for ten minutes, unless one did', async () => {
  const [one, other] = [
    await own.person(['sms', '13800000003'], ['wecom', 'c']),
    await own.person(['sms', '13800000004'], ['wecom', 'd']),
  ]
  const silent = await accepted(one, 'urgent')
  const told = await accepted(other, 'urgent')
  const due = await own.waiting(silent.id, fallBack.name)
  expect((due!.dueAt.getTime() - world.clock.now().getTime()) / MINUTE).toBeCloseTo(10, 1)
  await report({ id: told.id, state: 'delivered' })
  world.clock.set(due!.dueAt)
  for (const { id } of [silent, told]) await own.service.fallBack(id)
  expect(await own.rowOf(told.id)).toMatchObject({ state: 'delivered' })
  expect(await own.rowOf(silent.id)).toMatchObject({ state: 'queued' })
  await own.service.deliver(silent.id)
  expect(await own.rowOf(silent.id)).toMatchObject({ state: 'accepted', channel: 'wecom' })
  // Late, but it has arrived: the better word.
  await report({ id: silent.id, state: 'delivered' })
  expect(await own.rowOf(silent.id)).toMatchObject({ state: 'delivered' })
})

test('quiet hours and “do not contact” outlive the process that read them', async () => {
  const watch = (notifications: MessageHouse['service']) =>
    startNightWatch({
      db: db(),
      clock: world.clock,
      log: silentLog,
      backend: { kind: 'postgres', url: world.house.databaseUrl },
      handlers: notificationsWorkers(notifications),
      concurrency: 2,
      pollMs: 50,
      sweepMs: 200,
    })
  const settings = { SMS_URL: `${sms!.url}/send` }
  // 23:00 in Shanghai.
  world.clock.set(new Date(Math.ceil(world.clock.now().getTime() / 86_400_000) * 86_400_000 + 15 * 60 * MINUTE))
  const [first, second] = [messageHouse(world, roster, { settings }), messageHouse(world, roster, { settings })]
  const [waits, never] = [await first.person(['sms', '13800000005']), await first.person(['sms', '13800000006'])]
  const [held, unwanted] = [await first.send({ volunteerId: waits }), await first.send({ volunteerId: never })]
  const before = watch(first.service)
  await before.settled()
  await before.close()
  await first.close()
  expect(sms!.calls).toEqual([])
  expect((await own.rowOf(held)).sendAfter.toISOString()).toMatch(/T00:00:00\.000Z$/)
  await db().update(volunteers).set({ doNotContact: true }).where(eq(volunteers.id, never))
  world.clock.set((await own.rowOf(held)).sendAfter)
  const after = watch(second.service)
  await after.settled()
  await after.close()
  await second.close()
  const called = sms!.calls.map((call) => call.body.to as string)
  expect(called.filter((to) => ['13800000005', '13800000006'].includes(to))).toEqual(['13800000005'])
  expect(await own.rowOf(held)).toMatchObject({ state: 'accepted', attempts: 1 })
  expect(await own.rowOf(unwanted)).toMatchObject({ state: 'failed', error: 'do-not-contact' })
})

test('a sender that dies with the words handed over leaves doubt, and one that was too slow says nothing more', async () => {
  const id = await own.send({ volunteerId: await bySms() })
  const leaseEnd = new Date(world.clock.now().getTime() + 6_000)
  const begun = { state: 'sending' as const, attempts: 1, sendAfter: leaseEnd, channel: 'sms', address: '13800000001' }
  await db()
    .update(messages)
    .set({ ...begun, handedOverAt: world.clock.now() })
    .where(eq(messages.id, id))
  await own.service.deliver(id)
  expect(await own.rowOf(id)).toMatchObject({ state: 'sending' })
  world.clock.set(leaseEnd)
  await own.service.deliver(id)
  expect(sms!.calls).toEqual([])
  expect(await own.rowOf(id)).toMatchObject({ state: 'unknown', ways: [{ channel: 'sms', state: 'unknown' }] })

  // Put to sleep right before the words leave; somebody else has sent them meanwhile.
  const slept = await own.send({ volunteerId: await bySms() })
  let awake = () => {}
  const asleep = new Promise<void>((resolve) => {
    awake = resolve
  })
  let called = 0
  const slow = messageHouse(world, roster, {
    channels: [
      {
        name: 'sms',
        async deliver(_parcel, handingOver) {
          await asleep
          await handingOver()
          called += 1
          return { state: 'accepted' }
        },
        close: async () => {},
      },
    ],
  })
  const late = slow.service.deliver(slept)
  await expect.poll(async () => (await own.rowOf(slept)).state).toBe('sending')
  world.clock.advance(51_000)
  await own.service.deliver(slept)
  awake()
  await late
  expect([sms!.calls.length, called]).toEqual([1, 0])
  expect(await own.rowOf(slept)).toMatchObject({ state: 'accepted', attempts: 2 })
  await slow.close()
})
