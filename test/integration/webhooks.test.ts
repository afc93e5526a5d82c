import { createHmac, timingSafeEqual } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assignmentsMoved } from '../../src/modules/rosters/rosters.events.ts'
import { webhookDeliveries, webhooks } from '../../src/modules/webhooks/webhooks.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { addLocalDays, dateOf, instantToWall, wallToInstant } from '../../src/time/zones.ts'
import { type Call, type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const ALL = [
  'roster.published',
  'assignment.moved',
  'assignment.seated',
  'assignment.no-show',
  'gap.opened',
  'gap.filled',
  'gap.exhausted',
  'report.missing',
]

let world: World
let roster: PlainRoster
let peer: Peer
const settleIn = async () => {
  world = await startWorld({ settings: { TRUSTED_HOSTS: '127.0.0.1' } })
  roster = await plainRoster(world)
}
beforeAll(settleIn)
afterAll(() => world.close())
beforeEach(async () => {
  peer = await startPeer()
})
afterEach(async () => {
  await db().delete(webhooks)
  await peer.stop()
})

const db = () => world.house.services.foundations.db
const make = async (input: object = {}) =>
  (await world.must('POST', '/v1/webhooks', { unitId: world.root.id, url: `${peer.url}/hook`, events: ALL, ...input }))
    .body
const deliveriesOf = async (id: string) => (await world.must('GET', `/v1/webhooks/${id}/deliveries`)).body.items
const types = () => peer.calls.map((call) => call.body.type).sort()

/** A receiver of its own mind: written from the text of Standard Webhooks 1.0.0, knowing nothing of the sender's code. */
function verify(secret: string, { headers, text }: Call): boolean {
  if (!secret.startsWith('whsec_')) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  if (key.length < 24 || key.length > 64) return false
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']]
  if (Math.abs(Number(timestamp) - world.clock.now().getTime() / 1_000) > 300) return false
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest()
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
}

/** One seat that somebody has, and one that nobody has; nobody is in reserve. */
async function publish() {
  const [volunteerId] = await roster.people(1)
  const { slotIds } = await roster.shift({ start: '2026-05-20T08:00', seats: 2 })
  const seat = { slotId: slotIds[0]!, volunteerId: volunteerId! }
  const [assignmentId] = await roster.publish([seat], [slotIds[1]!])
  return { volunteerId: volunteerId!, slotIds, assignmentId: assignmentId! }
}
const oneEvent = (id = newId()) =>
  roster.occasionally(async (occasion) => {
    await world.house.services.webhooks.onRosterPublished(
      { rosterId: roster.rosterId, versionNumber: 1, seatedIds: [id], openSlotIds: [] },
      occasion,
    )
  })

describe('the way in', () => {
  test('a secret is shown once, and the rest is read, changed and removed as everything else', async () => {
    const made = await world.must('POST', '/v1/webhooks', {
      unitId: world.root.id,
      url: 'https://example.org/hook',
      events: ['gap.opened'],
    })
    const { id, secret, ...rest } = made.body
    expect(made.status).toBe(201)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const read = await world.must('GET', `/v1/webhooks/${id}`)
    expect(read.body).toEqual({ id, ...rest })
    expect((await world.must('GET', '/v1/webhooks')).text).not.toContain('whsec_')
    const ifMatch = { headers: { 'if-match': read.headers.get('etag')! } }
    const off = await world.must('PATCH', `/v1/webhooks/${id}`, { state: 'disabled' }, ifMatch)
    expect(off.body).toMatchObject({ state: 'disabled', stateReason: 'by hand', version: 2 })
    expect((await world.call('DELETE', `/v1/webhooks/${id}`, undefined, ifMatch)).status).toBe(412)
    const newer = { headers: { 'if-match': off.headers.get('etag')! } }
    expect((await world.call('DELETE', `/v1/webhooks/${id}`, undefined, newer)).status).toBe(204)
    expect((await world.call('GET', `/v1/webhooks/${id}`)).status).toBe(404)
    const audited = await db().select().from(auditLog).where(eq(auditLog.subjectId, id))
    expect(audited.map((row) => row.action)).toEqual(['webhook.created', 'webhook.changed', 'webhook.deleted'])
  })

  test.each([
    'http://example.org/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://0x0a000001/',
    'https://167772161/',
    'https://169.254.169.254/',
    'https://user:pw@example.org/',
    'https://example.org:22/',
    'nonsense',
  ])('%s is refused', async (url) => {
    const input = { unitId: world.root.id, url, events: ['gap.opened'] }
    const answer = await world.call('POST', '/v1/webhooks', input)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body/url', code: 'url-forbidden' }] } })
    const { id } = await make()
    const patched = await world.call('PATCH', `/v1/webhooks/${id}`, { url }, { headers: { 'if-match': '"1"' } })
    expect(patched.status).toBe(422)
  })

  test('is kept locked away: the table shows no secret, neither the new one nor the one before', async () => {
    const { id, secret } = await make()
    const { secret: next } = (await world.must('POST', `/v1/webhooks/${id}:rotate-secret`)).body
    const [row] = await db().select().from(webhooks).where(eq(webhooks.id, id))
    const text = JSON.stringify(row)
    for (const one of [secret, next]) expect(text).not.toContain(one.slice('whsec_'.length))
    expect([row!.secret, row!.oldSecret]).toEqual([expect.stringMatching(/^v1\./), expect.stringMatching(/^v1\./)])
    // A row from before secrets were locked away still signs.
    await db().update(webhooks).set({ secret, oldSecret: null }).where(eq(webhooks.id, id))
    await oneEvent()
    await world.settled()
    expect(verify(secret, peer.calls[0]!)).toBe(true)
  })

  test('is for admins of the unit only', async () => {
    const { id } = await make()
    const organizer = { key: await world.makeKey(world.root.id, 'organizer') }
    expect((await world.call('GET', '/v1/webhooks', undefined, organizer)).status).toBe(403)
    const unit = { parentId: world.root.id, kind: 'township', name: `Elsewhere ${newId()}` }
    const { body } = await world.must('POST', '/v1/units', unit)
    const admin = { key: await world.makeKey(body.id, 'admin') }
    expect((await world.call('GET', `/v1/webhooks/${id}`, undefined, admin)).status).toBe(404)
    expect((await world.call('GET', `/v1/webhooks/${id}/deliveries`, undefined, admin)).status).toBe(404)
    expect((await world.call('POST', `/v1/webhooks/${id}:rotate-secret`, undefined, admin)).status).toBe(404)
    expect((await world.must('GET', '/v1/webhooks', undefined, admin)).body.items).toEqual([])
  })
})

describe('events', () => {
  test('of a publication, of its gaps and of a search that finds nobody arrive, signed and with ids only', async () => {
    const { id, secret } = await make()
    const { slotIds } = await publish()
    await world.settled()
    expect(types()).toEqual(['gap.exhausted', 'gap.opened', 'roster.published'])
    expect(peer.calls.every((call) => verify(secret, call))).toBe(true)
    const [call] = peer.calls
    expect(verify(secret, { ...call!, text: `${call!.text} ` })).toBe(false)
    expect(verify(`whsec_${Buffer.alloc(32).toString('base64')}`, call!)).toBe(false)
    const opened = peer.calls.find((one) => one.body.type === 'gap.opened')!.body
    expect(Object.keys(opened).sort()).toEqual(['data', 'timestamp', 'type'])
    expect(opened.data).toEqual({
      unitId: world.root.id,
      rosterId: roster.rosterId,
      gaps: [{ gapId: expect.any(String), slotId: slotIds[1] }],
    })
    expect(peer.calls.some((one) => one.text.includes('Person'))).toBe(false)
    const log = await deliveriesOf(id)
    expect(log.map((one: { state: string; lastStatus: number }) => [one.state, one.lastStatus])).toEqual(
      Array(3).fill(['delivered', 200]),
    )
    const sent = peer.calls.map((one) => one.headers['webhook-id']).sort()
    expect(log.map((one: { id: string }) => one.id).sort()).toEqual(sent)
  })

  test('of assignments and gaps that are filled, and of who does not come', async () => {
    const { assignmentId, slotIds } = await publish()
    const [other] = await roster.people(1)
    await world.settled()
    await make()
    const { services } = world.house
    await roster.occasionally((occasion) =>
      services.assignments.move(occasion, { ids: [assignmentId], from: ['pending'], to: 'confirmed' }),
    )
    await world.settled()
    expect(types()).toEqual(['assignment.moved'])
    expect(peer.calls[0]!.body.data).toEqual({
      unitId: world.root.id,
      rosterId: roster.rosterId,
      to: 'confirmed',
      moves: [{ assignmentId, from: 'pending' }],
    })
    peer.calls.length = 0
    const gaps = (await world.must('GET', `/v1/gaps?rosterId=${roster.rosterId}&state=open&limit=500`)).body.items
    const gap = gaps.find((one: { slotId: string }) => one.slotId === slotIds[1])
    await world.must('POST', `/v1/gaps/${gap.id}:fill`, { volunteerId: other, agreed: true })
    await world.settled()
    expect(types()).toEqual(['assignment.seated', 'gap.filled'])
    peer.calls.length = 0
    await roster.occasionally((occasion) =>
      services.assignments.move(occasion, { ids: [assignmentId], from: ['confirmed'], to: 'no_show' }),
    )
    await world.settled()
    expect(types()).toEqual(expect.arrayContaining(['assignment.moved', 'assignment.no-show']))
  })

  test('of a report that did not come', async () => {
    await make({ events: ['report.missing'] })
    const [reporter] = await roster.people(1)
    const today = dateOf(instantToWall(world.clock.now(), 'Asia/Shanghai'))
    const { body: obligation } = await world.must('POST', '/v1/report-obligations', {
      unitId: world.root.id,
      name: { zh: '每日报告', en: 'Daily report' },
      rule: 'FREQ=DAILY',
      dueTime: '23:00',
      effectiveFrom: today,
      effectiveTo: addLocalDays(today, 1),
      missingAfterMinutes: 30,
      reporters: [{ volunteerId: reporter }],
    })
    await world.settled()
    const [report] = (await world.must('GET', `/v1/reports?obligationId=${obligation.id}`)).body.items
    await world.advanceTo(wallToInstant(`${today}T23:29`, 'Asia/Shanghai', 'start'))
    expect(peer.calls).toEqual([])
    await world.advanceTo(wallToInstant(`${today}T23:31`, 'Asia/Shanghai', 'start'))
    const missing = { reportId: report.id, obligationId: obligation.id, unitId: world.root.id }
    expect(peer.calls.map((call) => [call.body.type, call.body.data])).toEqual([['report.missing', missing]])
  })

  test('reach the webhooks of the unit and of those above it that want them, and no others', async () => {
    const unit = { parentId: world.root.id, kind: 'township', name: `Beside ${newId()}` }
    const { body: beside } = await world.must('POST', '/v1/units', unit)
    await make({ unitId: beside.id, url: `${peer.url}/beside` })
    await make({ events: ['gap.filled'], url: `${peer.url}/else` })
    const off = await make({ url: `${peer.url}/off` })
    await world.must('PATCH', `/v1/webhooks/${off.id}`, { state: 'disabled' }, { headers: { 'if-match': '"1"' } })
    await make({ url: `${peer.url}/wanted`, events: ['roster.published'] })
    await oneEvent()
    await world.settled()
    expect(peer.calls.map((call) => call.path)).toEqual(['/wanted'])
  })

  test('of a transaction that is rolled back were never written', async () => {
    const { assignmentId } = await publish()
    await world.settled()
    const { id } = await make()
    const doomed = roster.occasionally(async (occasion) => {
      const { foundations } = world.house.services
      const moves = [{ assignmentId, from: 'pending' as const }]
      await foundations.news.record(assignmentsMoved, { to: 'confirmed', moves, seatSettled: true }, occasion)
      throw new Error('the plan fell through')
    })
    await expect(doomed).rejects.toThrow('fell through')
    expect(await deliveriesOf(id)).toEqual([])
  })

  test('that concern hundreds come in pieces of less than 20 kB', async () => {
    const { id } = await make({ events: ['assignment.moved'] })
    const people = await roster.people(180)
    const { slotIds } = await roster.shift({ start: '2026-05-25T08:00', seats: 180 })
    const ids = await roster.publish(slotIds.map((slotId, index) => ({ slotId, volunteerId: people[index]! })))
    await roster.occasionally((occasion) =>
      world.house.services.webhooks.onAssignmentsMoved(
        { to: 'confirmed', seatSettled: true, moves: ids.map((assignmentId) => ({ assignmentId, from: 'pending' })) },
        occasion,
      ),
    )
    await world.settled()
    expect(await deliveriesOf(id)).toHaveLength(2)
    expect(Math.max(...peer.calls.map((call) => Buffer.byteLength(call.text)))).toBeLessThan(20_000)
    const told = peer.calls.flatMap((call) => call.body.data.moves as { assignmentId: string }[])
    expect(told.map((move) => move.assignmentId).sort()).toEqual([...ids].sort())
  })
})

describe('when it does not arrive', () => {
  // Days go by here, and nobody else shall have anything to do in them.
  beforeAll(async () => {
    await world.close()
    await settleIn()
  })

  const minutes = (count: number) => new Date(world.clock.now().getTime() + count * 60_000)
  const failingHook = async (status: number) => {
    peer.answers(() => ({ status, headers: { location: '/elsewhere' } }))
    const made = await make({ events: ['roster.published'] })
    await oneEvent()
    await world.settled()
    return made
  }

  test.each([500, 429, 404, 301, 307])(
    'a %i is a failure and is tried again, with the same id and body',
    async (status) => {
      const { id, secret } = await failingHook(status)
      expect(await deliveriesOf(id)).toMatchObject([{ state: 'waiting', attempts: 1, lastStatus: status }])
      peer.answers(() => ({ status: 204 }))
      await world.advanceTo(minutes(1))
      expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 2, error: null, dueAt: null }])
      const [first, second] = peer.calls
      expect(peer.calls).toHaveLength(2)
      expect([second!.headers['webhook-id'], second!.text]).toEqual([first!.headers['webhook-id'], first!.text])
      expect(verify(secret, second!)).toBe(true)
      expect((await world.must('GET', `/v1/webhooks/${id}`)).body.failingSince).toBeNull()
    },
  )

  test('because its sender was killed, the next one takes it up as soon as it may', async () => {
    const { id } = await make({ events: ['roster.published'] })
    const now = world.clock.now().getTime()
    const later = (milliseconds: number) => new Date(now + milliseconds)
    const deliveryId = newId()
    const dead = {
      event: 'roster.published' as const,
      data: {},
      state: 'sending' as const,
      attempts: 1,
      createdAt: later(0),
    }
    await db()
      .insert(webhookDeliveries)
      .values({ ...dead, id: deliveryId, webhookId: id, dueAt: later(6_000) })
    const task = { name: 'webhooks.deliver-event', key: deliveryId, queue: 'tasks', payload: { deliveryId } }
    const held = { state: 'running' as const, attempts: 1, lockedUntil: later(10_000) }
    await db()
      .insert(tasks)
      .values({ ...task, ...held, id: newId(), dueAt: later(0), createdAt: later(0) })
    world.clock.advance(10_001)
    // From here on the clock of the machine: the sweep of this world looks every two seconds.
    await expect.poll(() => peer.calls.length, { timeout: 5_000 }).toBe(1)
    await world.settled()
    expect(await deliveriesOf(id)).toMatchObject([{ id: deliveryId, state: 'delivered', attempts: 2 }])
    expect(peer.calls).toHaveLength(1)
  })

  test('for long, as the receiver is slow, it stays with its sender, who says every two seconds that it lives', async () => {
    let answer = () => {}
    const after = new Promise<void>((resolve) => {
      answer = resolve
    })
    peer.answers(() => ({ after }))
    const { id } = await make({ events: ['roster.published'] })
    await oneEvent()
    await expect.poll(() => peer.calls.length, { timeout: 5_000 }).toBe(1)
    const leaseOf = async () => {
      const [row] = await db().select().from(webhookDeliveries).where(eq(webhookDeliveries.webhookId, id))
      return { id: row!.id, left: row!.dueAt.getTime() - world.clock.now().getTime() }
    }
    const begun = await leaseOf()
    expect(begun.left).toBeLessThanOrEqual(6_000)
    // Three times half a lease: without a sign of life it would be over.
    for (let beats = 0; beats < 3; beats += 1) {
      world.clock.advance(2_500)
      await world.house.services.webhooks.deliver(begun.id)
      await expect.poll(async () => (await leaseOf()).left, { timeout: 5_000 }).toBeGreaterThan(5_000)
    }
    answer()
    await world.settled()
    expect(peer.calls).toHaveLength(1)
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 1 }])
  })

  test('it is tried ten times over three days, then kept for a replay by hand', async () => {
    const { id } = await failingHook(503)
    await world.advanceTo(minutes(4 * 24 * 60))
    expect(peer.calls).toHaveLength(10)
    const [delivery] = await deliveriesOf(id)
    expect(delivery).toMatchObject({ state: 'failed', attempts: 10, lastStatus: 503, error: 'HTTP 503' })
    peer.answers(() => ({ status: 200 }))
    const replay = `/v1/webhook-deliveries/${delivery.id}:replay`
    expect((await world.must('POST', replay)).body).toMatchObject({ state: 'waiting', attempts: 0 })
    await world.settled()
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 1 }])
    expect(new Set(peer.calls.map((call) => call.headers['webhook-id'])).size).toBe(1)
  })

  test('for five days the webhook is switched off', async () => {
    const { id } = await failingHook(500)
    await world.advanceTo(minutes(5 * 24 * 60 + 1))
    expect((await world.must('GET', `/v1/webhooks/${id}`)).body.state).toBe('active')
    await oneEvent()
    await world.settled()
    const { body, headers } = await world.must('GET', `/v1/webhooks/${id}`)
    expect(body).toMatchObject({ state: 'disabled', stateReason: expect.stringContaining('5 days') })
    await world.advanceTo(minutes(1))
    expect((await deliveriesOf(id)).map((one: { state: string }) => one.state)).toEqual(['failed', 'failed'])
    const [last] = await deliveriesOf(id)
    expect((await world.call('POST', `/v1/webhook-deliveries/${last.id}:replay`)).body.code).toBe('webhook-disabled')
    const ifMatch = { headers: { 'if-match': headers.get('etag')! } }
    const on = await world.must('PATCH', `/v1/webhooks/${id}`, { state: 'active' }, ifMatch)
    expect(on.body).toMatchObject({ state: 'active', stateReason: null, failingSince: null })
  })

  test('and never will (410), the webhook is switched off at once', async () => {
    const { id } = await failingHook(410)
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'failed', attempts: 1, lastStatus: 410 }])
    expect((await world.must('GET', `/v1/webhooks/${id}`)).body).toMatchObject({ state: 'disabled' })
    await oneEvent()
    await world.settled()
    expect(peer.calls).toHaveLength(1)
  })

  test('because the name leads into the network now, nobody is called', async () => {
    const { id } = await make()
    await db().update(webhooks).set({ url: `https://localhost:8443/` }).where(eq(webhooks.id, id))
    await oneEvent()
    await world.settled()
    const error = 'localhost does not lie on the open internet.'
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'waiting', attempts: 1, lastStatus: null, error }])
  })
})

test('two secrets sign while one takes over from the other', async () => {
  const { id, secret: old } = await make()
  const { secret } = (await world.must('POST', `/v1/webhooks/${id}:rotate-secret`)).body
  expect(secret).not.toBe(old)
  await oneEvent()
  await world.settled()
  const [both] = peer.calls
  expect([verify(secret, both!), verify(old, both!)]).toEqual([true, true])
  await world.advance({ hours: 25 })
  await oneEvent()
  await world.settled()
  const alone = peer.calls[1]!
  expect([verify(secret, alone), verify(old, alone)]).toEqual([true, false])
})

test('run three times, two at a time, one attempt is made', async () => {
  await using quiet = await startWorld({ worker: false, settings: { TRUSTED_HOSTS: '127.0.0.1' } })
  const own = await plainRoster(quiet)
  const url = `${peer.url}/once`
  await quiet.must('POST', '/v1/webhooks', { unitId: quiet.root.id, url, events: ['roster.published'] })
  await own.publish([])
  const { services } = quiet.house
  const [delivery] = await services.foundations.db.select().from(webhookDeliveries)
  await Promise.all([1, 2, 3].map(() => services.webhooks.deliver(delivery!.id)))
  await services.webhooks.deliver(delivery!.id)
  expect(peer.calls).toHaveLength(1)
})
