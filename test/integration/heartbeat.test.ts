import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import { rosters } from '../../src/modules/rosters/rosters.tables.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { type Auditor, startAuditor } from '../../src/platform/doctor/auditor.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { silentLog } from '../../src/platform/telemetry/log.ts'
import { startChild } from '../support/child.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { startWorld, type World } from '../support/world.ts'

const EVERY_MS = 100

let world: World
let roster: PlainRoster
let peer: Peer
let auditor: Auditor
let complaints: object[]
beforeAll(async () => {
  world = await startWorld()
  roster = await plainRoster(world)
})
afterAll(() => world.close())
beforeEach(async () => {
  peer = await startPeer()
  complaints = []
  const note = (facts: object) => void complaints.push(facts)
  const { sql } = world.house.database
  const log = { ...silentLog, error: note, warn: note }
  auditor = startAuditor({
    sql,
    clock: world.clock,
    log,
    heartbeatUrl: `${peer.url}/beat?key=secret`,
    everyMs: EVERY_MS,
  })
})
afterEach(async () => {
  await auditor.close()
  await peer.stop()
})

const db = () => world.house.services.foundations.db
const minutes = (count: number) => world.clock.advance(count * 60_000)
async function beats(): Promise<void> {
  const before = peer.calls.length
  await expect.poll(() => peer.calls.length, { timeout: 10_000 }).toBeGreaterThan(before + 1)
}
/** No call more, although it goes on looking; and what it says of it. */
async function isSilent(check: string): Promise<void> {
  const says = () =>
    complaints.flatMap((one) => (one as { broken: { check: string }[] }).broken.map((found) => found.check))
  await expect.poll(says, { timeout: 10_000 }).toContain(check)
  const before = peer.calls.length
  complaints.length = 0
  await expect.poll(() => complaints.length, { timeout: 10_000 }).toBeGreaterThan(2)
  expect(peer.calls.length).toBe(before)
  expect(new Set(says())).toEqual(new Set([check]))
}

describe('the heartbeat', () => {
  test('goes on while all is well, and ends within ten minutes when nobody does the work', async () => {
    await beats()
    expect(peer.calls[0]).toMatchObject({ method: 'GET', path: '/beat' })
    await world.house.nightWatch!.close()
    const id = newId()
    const due = { dueAt: world.clock.now(), createdAt: world.clock.now() }
    await db()
      .insert(tasks)
      .values({ ...due, id, name: 'notifications.fall-back', key: id, queue: 'tasks', payload: { messageId: newId() } })
    minutes(4)
    await beats()
    minutes(2)
    await isSilent('tasks-are-in-time')
    await db().delete(tasks).where(eq(tasks.id, id))
    await beats()
  })

  test('ends when a message is forgotten, not when it is held back or tried again', async () => {
    const [volunteerId] = await roster.people(1)
    const id = newId()
    const now = world.clock.now()
    const about = { template: 'note', subjectId: newId(), purpose: newId(), createdAt: now }
    await db()
      .insert(messages)
      .values({ ...about, id, volunteerId, state: 'queued', sendAfter: new Date(now.getTime() + 3_600_000) })
    minutes(30)
    await beats()
    minutes(36)
    await isSilent('messages-are-on-their-way')
    const again = newId()
    const dueAt = new Date(world.clock.now().getTime() + 600_000)
    const task = { name: 'notifications.deliver-message', key: id, queue: 'tasks', payload: { messageId: id } }
    await db()
      .insert(tasks)
      .values({ ...task, id: again, dueAt, createdAt: now })
    await beats()
    await db().delete(tasks).where(eq(tasks.id, again))
    await db().update(messages).set({ state: 'failed' }).where(eq(messages.id, id))
    await beats()
  })

  test("ends when a published seat is in nobody's hands", async () => {
    const { slotIds } = await roster.shift({ start: '2026-05-28T08:00' })
    await db().update(rosters).set({ publishedAt: world.clock.now() }).where(eq(rosters.id, roster.rosterId))
    minutes(4)
    await beats()
    minutes(2)
    await isSilent('published-seats-have-a-plan')
    const [volunteerId] = await roster.people(1)
    await roster.publish([{ slotId: slotIds[0]!, volunteerId: volunteerId! }])
    await beats()
    await world.house.database.sql`delete from tasks where state = 'waiting'`
    await world.house.database.sql`update messages set state = 'failed'`
  })

  test('that is not taken is not repeated before the next look, and its address stands in no log', async () => {
    peer.answers(() => ({ status: 500 }))
    await expect.poll(() => complaints.length, { timeout: 10_000 }).toBeGreaterThan(2)
    expect(peer.calls.length - complaints.length).toBeLessThanOrEqual(1)
    await peer.stop()
    const so = complaints.length
    await expect.poll(() => complaints.length, { timeout: 10_000 }).toBeGreaterThan(so + 1)
    expect(JSON.stringify(complaints)).not.toContain('secret')
    peer = await startPeer()
  })
})

test('a worker process calls the address of the settings, and no more when it is gone', async () => {
  await auditor.close()
  const own = await startWorld({ worker: false })
  const folder = await mkdtemp(join(tmpdir(), 'watchbill-heartbeat-'))
  try {
    const settings = { DATABASE_URL: own.house.databaseUrl, DATA_DIR: folder, HEARTBEAT_URL: `${peer.url}/worker` }
    const ours = () => peer.calls.filter((call) => call.path === '/worker').length
    await using worker = startChild('src/worker.ts', settings)
    await expect.poll(ours, { timeout: 30_000 }).toBe(1)
    expect(await worker.stop('SIGTERM')).toBe(0)
    await using api = startChild('src/server.ts', settings)
    await api.says(/API is open/)
    await sleep(500)
    expect(ours()).toBe(1)
  } finally {
    await own.close()
    await rm(folder, { recursive: true })
  }
})
