import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { connect, type Database } from '../../src/platform/db/client.ts'
import type { QueueBackend } from '../../src/platform/queue/bull.ts'
import { type NightWatch, startNightWatch } from '../../src/platform/queue/night-watch.ts'
import { createRelay } from '../../src/platform/queue/relay.ts'
import { bind, createRunner, type Handler, HopelessTask } from '../../src/platform/queue/runner.ts'
import { cancelTasks, defineTask, schedule, scheduleUnlessWaiting, takeAlong } from '../../src/platform/queue/tasks.ts'
import { silentLog } from '../../src/platform/telemetry/log.ts'
import { pushableClock } from '../../src/time/clock.ts'
import { createDatabase } from '../support/postgres.ts'
import { redisForTests, type TestRedis } from '../support/redis.ts'

const ring = defineTask({ name: 'test.ring-bell', payload: z.strictObject({ bell: z.string() }), attempts: 3 })

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function openDatabase(): Promise<Database & { url: string }> {
  const created = await createDatabase(inject('template'))
  const database = connect(created.url, { max: 8 })
  closers.push(() => created.drop(), database.close)
  return { ...database, url: created.url }
}

async function ownRedis(): Promise<TestRedis> {
  const redis = await redisForTests({ own: true })
  if ('unavailable' in redis) throw new Error(redis.unavailable)
  closers.push(() => redis.stop())
  return redis
}

interface Tower {
  database: Database & { url: string }
  clock: ReturnType<typeof pushableClock>
  watch: NightWatch
  rung: string[]
  ring(bell: string, dueAt?: Date): Promise<void>
  states(): Promise<Record<string, number>>
}

async function buildTower(backend: QueueBackend['kind'], redis?: TestRedis, handler?: Handler): Promise<Tower> {
  const database = await openDatabase()
  const clock = pushableClock()
  const rung: string[] = []
  const chosen: QueueBackend =
    backend === 'redis' ? { kind: 'redis', url: redis!.url } : { kind: 'postgres', url: database.url }
  const watch = startNightWatch({
    db: database.db,
    clock,
    log: silentLog,
    backend: chosen,
    concurrency: 10,
    pollMs: 50,
    sweepMs: 1_000,
    handlers: [handler ?? bind(ring, async ({ bell }) => void rung.push(bell))],
  })
  closers.push(() => watch.close())
  return {
    database,
    clock,
    watch,
    rung,
    ring: (bell, dueAt = clock.now()) =>
      database.db.transaction((tx) => schedule(tx, ring, { payload: { bell }, key: bell, dueAt }, clock.now())),
    states: async () => {
      const rows = await database.sql`select state, count(*)::int as count from tasks group by state`
      return Object.fromEntries(rows.map((row) => [row.state, row.count]))
    },
  }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `bell-${index}`)
const kinds: QueueBackend['kind'][] = inject('redisUrl') ? ['postgres', 'redis'] : ['postgres']

describe.each(kinds)('tasks through BullMQ on %s', (kind) => {
  const tower = async (handler?: Handler) => buildTower(kind, kind === 'redis' ? await ownRedis() : undefined, handler)

  test('each task is done once', async () => {
    const it = await tower()
    const bells = numbered(200)
    await it.database.db.transaction((tx) =>
      schedule(
        tx,
        ring,
        bells.map((bell) => ({ payload: { bell }, key: bell, dueAt: it.clock.now() })),
        it.clock.now(),
      ),
    )
    await it.watch.settled()
    expect(it.rung.sort()).toEqual(bells.sort())
    expect(await it.states()).toEqual({ done: 200 })
  })

  test('a change that is rolled back leaves no task', async () => {
    const it = await tower()
    const failing = it.database.db.transaction(async (tx) => {
      await schedule(tx, ring, { payload: { bell: 'ghost' }, key: 'ghost', dueAt: it.clock.now() }, it.clock.now())
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await it.watch.settled()
    expect(it.rung).toEqual([])
  })

  test('asking again moves the waiting task, and calling off stops it', async () => {
    const it = await tower()
    const later = new Date(it.clock.now().getTime() + 3_600_000)
    await it.ring('moved', later)
    await it.ring('moved')
    await it.ring('called-off', later)
    await it.database.db.transaction((tx) => cancelTasks(tx, ring, ['called-off'], it.clock.now()))
    it.clock.advance(2 * 3_600_000)
    await it.watch.settled()
    expect(it.rung).toEqual(['moved'])
    expect(await it.states()).toEqual({ done: 1, cancelled: 1 })
  })

  test('nothing happens before its time', async () => {
    const it = await tower()
    await it.ring('tomorrow', new Date(it.clock.now().getTime() + 24 * 3_600_000))
    await sleep(300)
    expect(it.rung).toEqual([])
    it.clock.advance(24 * 3_600_000)
    await it.watch.settled()
    expect(it.rung).toEqual(['tomorrow'])
  })

  test('a failing task is tried again and in the end put aside with its reason', async () => {
    let tries = 0
    const it = await tower(
      bind(ring, async () => {
        tries += 1
        throw new Error('the rope is torn')
      }),
    )
    await it.ring('broken')
    for (let step = 0; step < 6; step += 1) {
      await it.watch.settled()
      it.clock.advance(60_000)
    }
    expect(tries).toBe(3)
    const [row] = await it.database.sql`select state, error from tasks`
    expect(row).toEqual({ state: 'dead', error: 'the rope is torn' })
  })

  test('is not settled while one that has failed is about to be tried again', async () => {
    const tried: number[] = []
    const it = await tower(
      bind(ring, async (_payload, { attempt }) => {
        tried.push(attempt)
        if (attempt < 3) throw new Error('somebody else has the rope')
      }),
    )
    await it.ring('busy')
    await it.ring('later', new Date(it.clock.now().getTime() + 3_600_000))
    await it.watch.settled()
    expect(tried).toEqual([1, 2, 3])
    expect(await it.states()).toEqual({ done: 1, waiting: 1 })
  })

  test('one that fails each time and one that cannot be read are put aside, and hold up none of 200 others', async () => {
    let tries = 0
    const rung: string[] = []
    const it = await tower(
      bind(ring, async ({ bell }) => {
        if (bell !== 'poison') return void rung.push(bell)
        tries += 1
        throw new Error('the bell is cracked')
      }),
    )
    const bells = numbered(200)
    const now = it.clock.now()
    const errand = (bell: string, payload: object = { bell }) => ({
      payload: payload as { bell: string },
      key: bell,
      dueAt: now,
    })
    const begun = performance.now()
    await it.database.db.transaction((tx) =>
      schedule(
        tx,
        ring,
        [errand('poison'), errand('unreadable', { bell: 7 }), ...bells.map((bell) => errand(bell))],
        now,
      ),
    )
    await expect.poll(() => rung.length, { timeout: 10_000 }).toBe(200)
    expect(performance.now() - begun).toBeLessThan(10_000)
    for (let step = 0; step < 6; step += 1) {
      await it.watch.settled()
      it.clock.advance(60_000)
    }
    expect(rung.sort()).toEqual(bells.sort())
    expect(tries).toBe(ring.attempts)
    const dead = await it.database.sql`select key, attempts, error from tasks where state = 'dead' order by key`
    expect([...dead]).toEqual([
      { key: 'poison', attempts: 3, error: 'the bell is cracked' },
      {
        key: 'unreadable',
        attempts: 1,
        error: expect.stringMatching(/payload[\s\S]*expected string, received number[\s\S]*bell/),
      },
    ])
    expect(await it.states()).toEqual({ done: 200, dead: 2 })
  })

  test('a hopeless task is not tried again', async () => {
    let tries = 0
    const it = await tower(
      bind(ring, async () => {
        tries += 1
        throw new HopelessTask('no such tower')
      }),
    )
    await it.ring('hopeless')
    await it.watch.settled()
    expect(tries).toBe(1)
    expect(await it.states()).toEqual({ dead: 1 })
  })
})

test('three runners told of the same tasks at once do each of them once', async () => {
  const database = await openDatabase()
  const clock = pushableClock()
  const rung: string[] = []
  const handlers = [
    bind(ring, async ({ bell }) => {
      await sleep(1)
      rung.push(bell)
    }),
  ]
  const runners = [1, 2, 3].map(() => createRunner({ db: database.db, clock, log: silentLog, handlers }))
  await database.db.transaction((tx) =>
    schedule(
      tx,
      ring,
      numbered(50).map((bell) => ({ payload: { bell }, key: bell, dueAt: clock.now() })),
      clock.now(),
    ),
  )
  const ids = (await database.sql`select id from tasks`).map((row) => row.id as string)
  await Promise.all(ids.flatMap((id) => runners.map((runner) => runner.run(id))))
  expect(rung.sort()).toEqual(numbered(50).sort())
})

test('a crash between commit and enqueue loses nothing: the next process finds the row', async () => {
  const database = await openDatabase()
  const clock = pushableClock()
  const dying = createRelay({
    db: database.db,
    clock,
    log: silentLog,
    producer: {
      add: async () => {
        throw new Error('killed here')
      },
      close: async () => {},
    },
  })
  await database.db.transaction((tx) =>
    schedule(tx, ring, { payload: { bell: 'a' }, key: 'a', dueAt: clock.now() }, clock.now()),
  )
  await dying.nudge()
  const rung: string[] = []
  const watch = startNightWatch({
    db: database.db,
    clock,
    log: silentLog,
    backend: { kind: 'postgres', url: database.url },
    concurrency: 2,
    pollMs: 50,
    sweepMs: 200,
    handlers: [bind(ring, async ({ bell }) => void rung.push(bell))],
  })
  closers.push(() => watch.close())
  clock.advance(30_000)
  await watch.settled()
  expect(rung).toEqual(['a'])
})

/** Tasks without anybody who does them but those told to. */
async function quietTower(handler: Handler) {
  const it = await buildTower('postgres')
  await it.watch.close()
  const { db } = it.database
  const producer = { add: async () => {}, close: async () => {} }
  return {
    ...it,
    relay: createRelay({ db, clock: it.clock, log: silentLog, producer }),
    runner: () => createRunner({ db, clock: it.clock, log: silentLog, handlers: [handler] }),
    task: async () => (await it.database.sql`select id, state, attempts, locked_until, error from tasks`)[0]!,
  }
}

describe('a task in hand', () => {
  const LEASE_MS = 10_000
  test('is taken up by another process as soon as the lease of the dead one is over', async () => {
    const rung: string[] = []
    const it = await quietTower(bind(ring, async ({ bell }) => void rung.push(bell)))
    await it.ring('half-rung')
    const leaseEnd = new Date(it.clock.now().getTime() + LEASE_MS)
    await it.database
      .sql`update tasks set state = 'running', attempts = 1, locked_until = ${leaseEnd.toISOString()}, nudged_at = now()`
    const { id } = await it.task()
    await it.runner().run(id)
    expect([(await it.relay.sweep()).abandoned, rung]).toEqual([[], []])
    it.clock.set(new Date(leaseEnd.getTime() + 1))
    expect((await it.relay.sweep()).abandoned).toEqual([id])
    await it.runner().run(id)
    expect(rung).toEqual(['half-rung'])
    expect(await it.task()).toMatchObject({ state: 'done', attempts: 2 })
  })

  test('stays with a process that lives, however long it takes', async () => {
    let ringOut = () => {}
    const it = await quietTower(bind(ring, () => new Promise<void>((resolve) => (ringOut = resolve))))
    await it.ring('long')
    const work = it.runner().run((await it.task()).id)
    await expect.poll(async () => (await it.task()).state).toBe('running')
    const { locked_until: first } = await it.task()
    it.clock.advance(LEASE_MS - 4_000)
    await expect.poll(async () => (await it.task()).locked_until > first, { timeout: 6_000 }).toBe(true)
    it.clock.advance(LEASE_MS - 4_000)
    expect((await it.relay.sweep()).abandoned).toEqual([])
    ringOut()
    await work
    expect(await it.task()).toMatchObject({ state: 'done', attempts: 1 })
  })

  test('is out of the hands of whoever comes back after another has taken it up', async () => {
    const ends: (() => void)[] = []
    const it = await quietTower(bind(ring, () => new Promise<void>((resolve) => ends.push(resolve))))
    await it.ring('twice')
    const { id } = await it.task()
    const [late, next] = [it.runner(), it.runner()]
    const first = late.run(id)
    await expect.poll(() => ends.length).toBe(1)
    it.clock.advance(LEASE_MS + 1)
    const second = next.run(id)
    await expect.poll(() => ends.length).toBe(2)
    ends[0]!()
    await first
    expect(await it.task()).toMatchObject({ state: 'running', attempts: 2 })
    ends[1]!()
    await second
    expect(await it.task()).toMatchObject({ state: 'done', attempts: 2 })
  })

  test('is put aside when every process that took it up has died', async () => {
    const rung: string[] = []
    const it = await quietTower(bind(ring, async ({ bell }) => void rung.push(bell)))
    await it.ring('poison')
    await it.database
      .sql`update tasks set state = 'running', attempts = ${ring.attempts}, locked_until = ${it.clock.now().toISOString()}`
    it.clock.advance(1)
    await it.runner().run((await it.task()).id)
    expect(rung).toEqual([])
    expect(await it.task()).toMatchObject({ state: 'dead', error: 'whoever took it up last died of it' })
  })
})

test('whoever takes others along leaves those whose payload cannot be read', async () => {
  const it = await quietTower(bind(ring, async () => {}))
  await it.ring('one')
  await it.ring('two')
  await it.database.sql`update tasks set payload = '{"bell": 7}' where key = 'one'`
  const taken = () => it.database.db.transaction((tx) => takeAlong(tx, ring, 10, it.clock.now()))
  expect(await taken()).toEqual([{ bell: 'two' }])
  expect(await it.states()).toEqual({ waiting: 1, done: 1 })
  const [{ id }] = (await it.database.sql`select id from tasks where key = 'one'`) as unknown as [{ id: string }]
  await it.runner().run(id)
  expect(await it.states()).toEqual({ dead: 1, done: 1 })
})

test('what waits already can be left where it is', async () => {
  const it = await quietTower(bind(ring, async () => {}))
  const at = (minutes: number) => new Date(it.clock.now().getTime() + minutes * 60_000)
  const [first, second] = [at(5), at(10)]
  for (const [bell, dueAt] of [
    ['first', first],
    ['second', second],
  ] as const)
    await scheduleUnlessWaiting(it.database.db, ring, { payload: { bell }, key: 'same', dueAt }, it.clock.now())
  const rows = await it.database.sql`select payload->>'bell' as bell, due_at as "dueAt" from tasks`
  expect([...rows]).toEqual([{ bell: 'first', dueAt: first }])
})

describe.runIf(inject('redisUrl'))('when Redis fails', () => {
  test('FLUSHALL with waiting reminders: all of them still happen, once', async () => {
    const redis = await ownRedis()
    const it = await buildTower('redis', redis)
    const bells = numbered(500)
    const dueAt = new Date(it.clock.now().getTime() + 3_000)
    await it.database.db.transaction((tx) =>
      schedule(
        tx,
        ring,
        bells.map((bell) => ({ payload: { bell }, key: bell, dueAt })),
        it.clock.now(),
      ),
    )
    await expect
      .poll(async () => (await it.database.sql`select count(*)::int as n from tasks where nudged_at is null`)[0]!.n)
      .toBe(0)
    const { Redis } = await import('ioredis')
    const client = new Redis(redis.url)
    await client.flushall()
    await client.quit()
    it.clock.advance(60_000)
    await it.watch.settled(90_000)
    expect(it.rung.sort()).toEqual(bells.sort())
  })

  test('with Redis dead the sweep does what is due, and nothing waits for the queue', async () => {
    const redis = await ownRedis()
    const it = await buildTower('redis', redis)
    await redis.kill('SIGKILL')
    const begun = performance.now()
    await it.ring('without-redis')
    expect(performance.now() - begun).toBeLessThan(1_000)
    it.clock.advance(60_000)
    await expect.poll(() => it.rung, { timeout: 60_000 }).toEqual(['without-redis'])
    await redis.restart()
    await it.ring('redis-is-back')
    await expect.poll(() => it.rung.length, { timeout: 60_000 }).toBe(2)
  })
})
