import { eq, inArray } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allHandlers } from '../../src/background.ts'
import { smsChannel } from '../../src/modules/notifications/channels/sms.ts'
import { messages } from '../../src/modules/notifications/notifications.tables.ts'
import type { Channel } from '../../src/modules/notifications/notifications.types.ts'
import { notificationsWorkers } from '../../src/modules/notifications/notifications.workers.ts'
import { contactPoints } from '../../src/modules/volunteers/volunteers.tables.ts'
import { command } from '../../src/platform/auth/actor.ts'
import type { Db } from '../../src/platform/db/client.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { startNightWatch } from '../../src/platform/queue/night-watch.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { createRelay } from '../../src/platform/queue/relay.ts'
import { createRunner } from '../../src/platform/queue/runner.ts'
import { silentLog } from '../../src/platform/telemetry/log.ts'
import { messageHouse } from '../support/message-house.ts'
import { type Peer, startPeer } from '../support/peer.ts'
import { type PlainRoster, plainRoster } from '../support/plain-roster.ts'
import { backends, startWorld, type World } from '../support/world.ts'

const backend = backends().at(-1)!
let world: World
let roster: PlainRoster
let peer: Peer

beforeAll(async () => {
  world = await startWorld({ worker: false, backend })
  roster = await plainRoster(world)
  peer = await startPeer(() => ({ body: { id: 'p-1' } }))
})
afterAll(async () => {
  await peer.stop()
  await world.close()
})

class Death extends Error {}

/** A process that dies at its n-th step, before or after doing it: its connections break and nothing more leaves it. */
function mortal(dieAt: number, when: 'before' | 'after') {
  const client = postgres(world.house.databaseUrl, { max: 4, onnotice: () => {} })
  const life = { steps: 0, dead: false, last: '' }

  const die = async () => {
    life.dead = true
    await client.end({ timeout: 0 })
    throw new Death(life.last)
  }
  async function step<T>(name: string, work: () => PromiseLike<T>): Promise<T> {
    if (life.dead) throw new Death('dead already')
    life.steps += 1
    const mine = life.steps === dieAt
    if (mine) life.last = name
    if (mine && when === 'before') await die()
    const result = await work()
    if (mine && when === 'after') await die()
    if (life.dead) throw new Death('dead meanwhile')
    return result
  }

  /** Every statement is a step, and so is every commit. */
  function watched<C extends postgres.Sql>(inner: C): C {
    const { unsafe } = inner
    inner.unsafe = ((query: string, ...rest: never[]) => {
      const ask = () => (unsafe as (...args: unknown[]) => postgres.PendingQuery<postgres.Row[]>)(query, ...rest)
      return {
        values: () => step(query, () => ask().values()),
        execute: () => step(query, () => ask().execute()),
        // biome-ignore lint/suspicious/noThenProperty: stands in for a query, which is awaited
        then: (done: never, failed: never) => step(query, ask).then(done, failed),
      }
    }) as never
    for (const name of ['begin', 'savepoint'] as const) {
      const original = (inner as unknown as Record<string, unknown>)[name]
      if (typeof original !== 'function') continue
      const wrapped = (...args: unknown[]) => {
        const work = args.pop() as (scoped: C) => unknown
        return step(name, () => original(...args, (scoped: C) => work(watched(scoped))))
      }
      Object.assign(inner, { [name]: wrapped })
    }
    return inner
  }
  return { db: drizzle(watched(client)) as Db, life, step, end: () => client.end({ timeout: 1 }).catch(() => {}) }
}

const gateway = () =>
  smsChannel({
    url: `${peer.url}/send`,
    body: { to: '{to}', id: '{id}', text: '{text}' },
    maxSegments: 4,
    perMinute: 100_000,
    fixedAddress: () => 'v.example.cn',
    clock: world.clock,
  })

interface Run {
  volunteerId: string
  purpose: string
  died: boolean
  at: string
  steps: number
}

/** Writes one message, hands it to the queue and sends it, as far as life goes. */
async function liveUntil(dieAt: number, when: 'before' | 'after'): Promise<Run> {
  const [volunteerId] = await roster.people(1)
  const phone = { volunteerId: volunteerId!, channel: 'sms' as const, address: '13800000001', position: 1 }
  await world.house.services.foundations.db.insert(contactPoints).values(phone)
  const { db, life, step, end } = mortal(dieAt, when)
  const inner = gateway()
  const channel: Channel = {
    ...inner,
    deliver: (parcel, handingOver) =>
      step('deliver', () => inner.deliver(parcel, () => step('handing over', handingOver))),
  }
  const own = messageHouse(world, roster, { channels: [channel], db })
  const purpose = newId()
  const found: string[] = []
  const producer = {
    add: async (_queue: string, nudges: { taskId: string }[]) => {
      found.push(...nudges.map((nudge) => nudge.taskId))
    },
    close: async () => {},
  }
  const { clock } = world
  const relay = createRelay({ db, clock, log: silentLog, producer })
  const runner = createRunner({ db, clock, log: silentLog, handlers: notificationsWorkers(own.service) })
  try {
    const message = { volunteerId: volunteerId!, template: 'note', subjectId: newId(), purpose }
    const actor = command('test')
    await db.transaction((tx) => own.service.notify({ tx, actor, now: clock.now() }, [message]))
    await relay.nudge()
    for (const id of found) await runner.run(id)
  } catch (error) {
    if (!life.dead) throw error
  } finally {
    await end()
    await own.close()
  }
  return { volunteerId: volunteerId!, purpose, died: life.dead, at: life.last, steps: life.steps }
}

test('a crash at every step between writing a message and the last word on it: sent once, or in doubt after it left', async () => {
  const runs: Run[] = []
  for (const when of ['before', 'after'] as const) {
    for (let dieAt = 1; ; dieAt += 1) {
      const run = await liveUntil(dieAt, when)
      runs.push(run)
      if (!run.died) break
    }
  }
  expect(runs.filter((run) => run.died).length).toBeGreaterThan(30)
  const { db } = world.house.services.foundations

  // Another process comes when the leases of the dead are over.
  const own = messageHouse(world, roster, { channels: [gateway()] })
  world.clock.advance(120_000)
  const redis = backend === 'redis' ? { kind: 'redis' as const, url: world.redisUrl! } : undefined
  const watch = startNightWatch({
    db,
    clock: world.clock,
    log: silentLog,
    backend: redis ?? { kind: 'postgres', url: world.house.databaseUrl },
    handlers: [
      ...notificationsWorkers(own.service),
      ...allHandlers(world.house.services).filter(({ kind }) => !kind.name.startsWith('notifications.')),
    ],
    concurrency: 4,
    pollMs: 50,
    sweepMs: 200,
  })
  await watch.settled()
  world.clock.advance(60_000)
  await watch.settled()
  await watch.close()
  await own.close()

  const purposes = runs.map((run) => run.purpose)
  const rows = await db.select().from(messages).where(inArray(messages.purpose, purposes))
  const judged = runs.map((run) => {
    const row = rows.find((one) => one.purpose === run.purpose)
    const calls = peer.calls.filter((call) => row && call.body.id === row.id).length
    return { at: run.at.slice(0, 60), state: row?.state ?? 'never written', calls, leaving: row?.handedOverAt != null }
  })
  for (const one of judged) {
    expect(one, one.at).toSatisfy(({ state, calls, leaving }: typeof one) => {
      if (state === 'accepted') return calls === 1
      if (state === 'unknown') return leaving && calls <= 1
      return state === 'never written' && calls === 0
    })
  }
  // Lost are only those whose transaction never was; in doubt those that died with the words in their hands.
  expect(judged.filter((one) => one.state === 'accepted').length).toBeGreaterThan(20)
  expect(judged.filter((one) => one.state === 'unknown' && one.calls === 1).length).toBeGreaterThan(1)
  expect(judged.filter((one) => one.state === 'unknown' && one.calls === 0).length).toBeLessThanOrEqual(3)
  const left = await db.select().from(tasks).where(eq(tasks.name, 'notifications.deliver-message'))
  expect(left.filter((task) => !['done', 'cancelled'].includes(task.state))).toEqual([])
})
