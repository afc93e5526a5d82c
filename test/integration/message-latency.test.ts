import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { type MessageHouse, messageHouse } from '../support/message-house.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
let roster: PlainRoster
let peer: Peer
let own: MessageHouse
beforeAll(async () => {
  // Ten in the morning, when nothing is held back.
  world = await startWorld({ worker: false, now: '2026-05-04T02:00:00Z' })
  roster = await plainRoster(world)
  peer = await startPeer()
  const settings = { SMS_URL: `${peer.url}/texts`, SMS_PER_MINUTE: '60000' }
  own = messageHouse(world, roster, {
    settings: { ...settings, SMS_BODY: '{"id":"{id}","to":"{to}","text":"{text}"}' },
  })
})
afterAll(async () => {
  await own.close()
  await peer.stop()
  await world.close()
})

let phones = 0
async function person(unitId?: string): Promise<string> {
  const [id] = await roster.people(1, unitId === undefined ? {} : { unitId })
  phones += 1
  const address = `138${String(phones).padStart(8, '0')}`
  await world.house.services.foundations.db
    .insert(contactPoints)
    .values({ volunteerId: id!, channel: 'sms', address, position: 0 })
  return id!
}

async function figures(from: Date, more = '') {
  const to = new Date(world.clock.now().getTime() + 60_000)
  return (await world.must('GET', `/v1/message-latency?from=${from.toISOString()}&to=${to.toISOString()}${more}`)).body
}
/** The smallest that at least this share does not exceed. */
const percentile = (times: number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1]!

test('says how long messages took until a slow gateway had taken them, by unit', async () => {
  const from = world.clock.now()
  const body = { parentId: world.root.id, kind: 'district', name: 'East' }
  const east = (await world.must('POST', '/v1/units', body)).body
  const lags = Array.from({ length: 20 }, (_, index) => 100 * (index + 1))
  peer.answers((_call, number) => ({ body: { id: `p${number}` }, after: sleep(lags[number - 1]!) }))
  // From before it was written until it was settled: no less than the gateway took, no more than all of it.
  const seen: number[] = []
  for (const lag of lags) {
    const volunteerId = await person(lag > 1_000 ? east.id : undefined)
    const begun = performance.now()
    await own.service.deliver(await own.send({ volunteerId }))
    seen.push(performance.now() - begun)
  }
  const { total, units } = await figures(from)
  expect(total).toMatchObject({ due: 20, taken: 20, waiting: 0, unknown: 0, failed: 0 })
  expect(total).toMatchObject({ overFiveMinutes: 0, shareOverFiveMinutes: 0 })
  const near = (figure: number, share: number, from = 0) => {
    expect(figure).toBeGreaterThanOrEqual(percentile(lags.slice(from), share) - 5)
    expect(figure).toBeLessThanOrEqual(percentile(seen.slice(from), share) + 5)
  }
  near(total.p50Ms, 0.5)
  near(total.p95Ms, 0.95)
  near(total.p99Ms, 0.99)
  near(total.maxMs, 1)
  const there = units.find((one: { unitId: string }) => one.unitId === east.id)
  expect(units).toHaveLength(2)
  expect(there).toMatchObject({ due: 10, taken: 10 })
  near(there.p50Ms, 0.5, 10)
  expect((await figures(from, `&unitId=${east.id}`)).total).toMatchObject({ due: 10, p50Ms: there.p50Ms })
  expect((await figures(from, '&channel=email')).total).toMatchObject({
    due: 0,
    p50Ms: null,
    shareOverFiveMinutes: null,
  })
  expect((await figures(from, '&channel=sms')).total).toMatchObject({ due: 20 })
})

test('counts what took more than five minutes and what waits for longer, apart from what nobody knows and what failed', async () => {
  world.clock.advance(3_600_000)
  const from = world.clock.now()
  peer.answers(() => ({ status: 503 }))
  const send = async () => own.send({ volunteerId: await person() })
  const [slow, stuck] = [await send(), await send()]
  for (const id of [slow, stuck]) await expect(own.service.deliver(id)).rejects.toThrow()
  expect((await figures(from)).total).toMatchObject({ due: 2, taken: 0, waiting: 2, overFiveMinutes: 0 })
  world.clock.advance(5 * 60_000 + 1_000)
  expect((await figures(from)).total).toMatchObject({ waiting: 2, overFiveMinutes: 2, shareOverFiveMinutes: 1 })
  peer.answers(() => ({ body: { id: 'p' } }))
  await own.service.deliver(slow)
  const quick = await send()
  await own.service.deliver(quick)
  const failed = await own.send({ volunteerId: (await roster.people(1, { doNotContact: true }))[0]! })
  await own.service.deliver(failed)
  const { total } = await figures(from)
  expect(total).toMatchObject({ due: 4, taken: 2, waiting: 1, failed: 1, overFiveMinutes: 2 })
  expect(total.shareOverFiveMinutes).toBeCloseTo(2 / 3)
  expect(total.maxMs).toBeGreaterThanOrEqual(301_000)
  expect(total.maxMs).toBeLessThan(320_000)
  expect(total.p50Ms).toBeLessThan(5_000)
})

test('does not hold it against a message that it was meant to go later', async () => {
  world.clock.set(new Date('2026-05-05T15:30:00Z'))
  const from = world.clock.now()
  peer.answers(() => ({ body: { id: 'p' } }))
  const night = await own.send({ volunteerId: await person() })
  await own.service.deliver(night)
  const wished = await own.send({
    volunteerId: await person(),
    sendAfter: new Date(from.getTime() + 12 * 3_600_000),
  })
  const { sendAfter } = await own.rowOf(night)
  expect(sendAfter.getTime() - from.getTime()).toBeGreaterThan(3_600_000)
  expect((await figures(from)).total).toMatchObject({ due: 0 })
  for (const id of [night, wished]) {
    world.clock.set((await own.rowOf(id)).sendAfter)
    await own.service.deliver(id)
  }
  const { total } = await figures(from)
  expect(total).toMatchObject({ due: 2, taken: 2, overFiveMinutes: 0 })
  expect(total.maxMs).toBeLessThan(5_000)
})

test('is shown within the unit of the key, and for a period that makes sense', async () => {
  const body = { parentId: world.root.id, kind: 'district', name: 'West' }
  const west = (await world.must('POST', '/v1/units', body)).body
  const key = await world.makeKey(west.id, 'viewer')
  const period = 'from=2026-05-04T00:00:00Z&to=2026-05-06T00:00:00Z'
  const own = await world.call('GET', `/v1/message-latency?${period}`, undefined, { key })
  expect([own.status, own.body.total.due, own.body.units]).toEqual([200, 0, []])
  const above = await world.call('GET', `/v1/message-latency?${period}&unitId=${world.root.id}`, undefined, { key })
  expect([above.status, above.body.code]).toEqual([404, 'unit-unknown'])
  for (const [query, code] of [
    ['from=2026-05-06T00:00:00Z&to=2026-05-04T00:00:00Z', 'period-empty'],
    ['from=2026-05-06T00:00:00Z&to=2027-06-04T00:00:00Z', 'period-too-long'],
  ]) {
    const { status, body } = await world.call('GET', `/v1/message-latency?${query}`)
    expect([status, body.errors.map((one: { code: string }) => one.code)]).toEqual([400, [code]])
  }
})
