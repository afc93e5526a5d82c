import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startChild } from '../support/child.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { redisForTests, type TestRedis } from '../support/redis.ts'
import { recordSkipped } from '../support/skipped.ts'

let database: TestDatabase
let dataDir: string
beforeAll(async () => {
  database = await createDatabase(inject('template'))
  dataDir = await mkdtemp(join(tmpdir(), 'watchbill-processes-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

async function redisOrSkip(what: string, skip: (why: string) => never): Promise<TestRedis> {
  const redis = await redisForTests({ own: true })
  if (!('unavailable' in redis)) return redis
  await recordSkipped(what, redis.unavailable)
  return skip(redis.unavailable)
}

const opened = /"url":"([^"]+)"/

describe('starting and stopping', () => {
  test('the service answers, and SIGTERM closes it cleanly', async () => {
    await using child = startChild('src/main.ts', { DATABASE_URL: database.url, DATA_DIR: dataDir })
    const [, url] = await child.says(opened)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(`${url}/docs/json`)).status).toBe(200)
    expect(await child.stop('SIGTERM')).toBe(0)
  })

  test('a connection that says nothing does not keep it from stopping', async () => {
    await using child = startChild('src/server.ts', { DATABASE_URL: database.url, DATA_DIR: dataDir })
    const [, url] = await child.says(opened)
    const silent = connect(Number(new URL(url!).port), '127.0.0.1')
    silent.on('error', () => {})
    await once(silent, 'connect')
    const begun = performance.now()
    expect(await child.stop('SIGTERM')).toBe(0)
    expect(performance.now() - begun).toBeLessThan(15_000)
  })

  test('a worker stops although its Redis no longer answers and its database is gone', async ({ skip }) => {
    await using redis = await redisOrSkip('stopping beside a frozen Redis', skip)
    const own = await createDatabase(inject('template'))
    const settings = { DATABASE_URL: own.url, DATA_DIR: dataDir, REDIS_URL: redis.url }
    await using worker = startChild('src/worker.ts', settings)
    await worker.says(/worker is at work/)
    await redis.kill('SIGSTOP')
    await own.drop()
    const begun = performance.now()
    await worker.stop('SIGTERM')
    expect(performance.now() - begun).toBeLessThan(30_000)
  })

  test('wrong settings stop the start, all named at once', async () => {
    await using child = startChild('src/main.ts', { DATABASE_URL: 'mysql://nowhere', PORT: '-1', LOG_LEVEL: 'loud' })
    expect(await child.exited).toBe(1)
    for (const name of ['DATABASE_URL', 'PORT', 'LOG_LEVEL']) expect(child.output()).toContain(name)
  })

  test('an unreachable database is a clear reason and exit status 1', async () => {
    await using child = startChild('src/main.ts', {
      DATABASE_URL: 'postgres://x:y@127.0.0.1:9/none',
      DATA_DIR: dataDir,
    })
    expect(await child.exited).toBe(1)
    expect(child.output()).toContain('ECONNREFUSED')
  })

  test('a Redis that would drop jobs is refused', async (context) => {
    const redisUrl = inject('redisUrl')
    if (!redisUrl) return context.skip('no Redis')
    const { Redis } = await import('ioredis')
    const redis = new Redis(redisUrl)
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    try {
      await using child = startChild('src/worker.ts', {
        DATABASE_URL: database.url,
        REDIS_URL: redisUrl,
        DATA_DIR: dataDir,
      })
      expect(await child.exited).toBe(1)
      expect(child.output()).toContain('noeviction')
    } finally {
      await redis.config('SET', 'maxmemory-policy', 'noeviction')
      await redis.quit()
    }
  })

  test('API and worker split, without any setting, share the embedded database', async () => {
    const settings = { DATA_DIR: join(dataDir, 'split') }
    await using api = startChild('src/server.ts', settings)
    const [, url] = await api.says(opened)
    await using worker = startChild('src/worker.ts', settings)
    await worker.says(/worker is at work/)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await worker.stop()).toBe(0)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await api.stop()).toBe(0)
  })
})

test('three processes that migrate an empty database at once all succeed', async () => {
  const sql = postgres(database.url, { max: 1 })
  const name = `watchbill_empty_${process.pid}`
  await sql.unsafe(`create database ${name} template template0`)
  const url = new URL(database.url)
  url.pathname = name
  try {
    const children = [1, 2, 3].map(() =>
      startChild('src/commands/migrate.ts', { DATABASE_URL: url.href, DATA_DIR: dataDir }),
    )
    expect(await Promise.all(children.map((child) => child.exited))).toEqual([0, 0, 0])
  } finally {
    await sql.unsafe(`drop database ${name} with (force)`)
    await sql.end()
  }
})

test('the first admin key is made by a command, shown once, and opens the API', async () => {
  const settings = { DATABASE_URL: database.url, DATA_DIR: dataDir }
  await using command = startChild('src/commands/admin-key.ts', settings, [
    '--unit',
    'Lakeside',
    '--zone',
    'Asia/Urumqi',
  ])
  expect(await command.exited).toBe(0)
  const key = /wb_[\w-]{43}/.exec(command.output())![0]
  await using service = startChild('src/server.ts', settings)
  const [, url] = await service.says(opened)
  const answer = await fetch(`${url}/v1/units`, { headers: { authorization: `Bearer ${key}` } })
  expect(await answer.json()).toMatchObject({ items: [{ name: 'Lakeside', zone: 'Asia/Urumqi' }] })
})
