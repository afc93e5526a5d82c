import { sql } from 'drizzle-orm'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Actor } from '../../src/platform/auth/actor.ts'
import { connect, type Database } from '../../src/platform/db/client.ts'
import { answerWithProblems } from '../../src/platform/http/errors.ts'
import { honourIdempotencyKeys } from '../../src/platform/http/idempotency.ts'
import { ProblemError } from '../../src/platform/http/problem.ts'
import { limitWaits } from '../../src/platform/http/waits.ts'
import { type PushableClock, pushableClock } from '../../src/time/clock.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

let created: TestDatabase
let database: Database
let app: FastifyInstance
let clock: PushableClock
let rung = 0
let release: () => void = () => {}

beforeAll(async () => {
  created = await createDatabase(inject('template'))
  database = connect(created.url, { max: 5 })
  clock = pushableClock()
  app = Fastify()
  limitWaits(app, { readMs: 5_000, writeMs: 10_000 })
  answerWithProblems(app, {})
  app.decorateRequest('actor', null as unknown as Actor)
  app.addHook('onRequest', async (request) => {
    request.actor = {
      kind: 'apiKey',
      id: String(request.headers['x-who'] ?? 'a'),
      door: 'api',
      unitPath: '/',
      role: 'admin',
    }
  })
  honourIdempotencyKeys(app, database.db, clock)
  app.post('/ring', { config: { idempotency: 'required' } }, async (request, reply) => {
    rung += 1
    const body = request.body as { fail?: number; wait?: boolean; write?: boolean }
    if (body.write) await database.db.transaction((tx) => tx.execute(sql`select 1`))
    if (body.wait) await new Promise<void>((resolve) => (release = resolve))
    if (body.fail) throw new ProblemError(body.fail, 'broken', 'broken')
    return reply.code(201).header('etag', '"1"').send({ rung })
  })
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await database.close()
  await created.drop()
})

const ring = async (key: string | undefined, payload: object = {}, who = 'a') =>
  app.inject({
    method: 'POST',
    url: '/ring',
    payload,
    headers: { ...(key ? { 'idempotency-key': key } : {}), 'x-who': who },
  })

test('a repeated request gets the first answer, and the work is done once', async () => {
  const before = rung
  const first = await ring('k1')
  const again = await ring('k1')
  expect([first.statusCode, again.statusCode]).toEqual([201, 201])
  expect(again.body).toBe(first.body)
  expect(again.headers.etag).toBe('"1"')
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect(rung).toBe(before + 1)
})

test('without a key the route refuses', async () => {
  expect((await ring(undefined)).json()).toMatchObject({ status: 400, code: 'idempotency-key-needed' })
})

test('the same key with another body is 422; of another client it is another key', async () => {
  await ring('k2', { a: 1 })
  expect((await ring('k2', { a: 2 })).json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' })
  expect((await ring('k2', { a: 2 }, 'b')).statusCode).toBe(201)
})

test('while the first is running the second is told so', async () => {
  const running = ring('k3', { wait: true })
  await expect.poll(async () => (await ring('k3', { wait: true })).json().code).toBe('request-running')
  release()
  expect((await running).statusCode).toBe(201)
})

test('a refusal is kept, a failure of the service is not', async () => {
  const before = rung
  await ring('k4', { fail: 409 })
  expect((await ring('k4', { fail: 409 })).statusCode).toBe(409)
  expect(rung).toBe(before + 1)
  await ring('k5', { fail: 503 })
  await ring('k5', { fail: 503 })
  expect(rung).toBe(before + 3)
})

test('a key is forgotten after a day', async () => {
  await ring('k6', { a: 1 })
  clock.advance(25 * 3_600_000)
  expect((await ring('k6', { a: 2 })).statusCode).toBe(201)
})

test.each([
  ['had done nothing yet is done again', {}, 201],
  ['was done, though nobody kept the answer, is not', { write: true }, 409],
])('a request whose process died and that %s', async (_name, more, status) => {
  const key = `k7 ${status}`
  const payload = { ...more, wait: true }
  const before = rung
  const lost = ring(key, payload)
  await expect.poll(() => rung).toBe(before + 1)
  await expect.poll(async () => (await ring(key, payload)).json().code).toBe('request-running')
  const letGo = release
  clock.advance(61_000)
  const again = ring(key, payload)
  if (status === 201) {
    await expect.poll(() => rung).toBe(before + 2)
    release()
  }
  expect((await again).statusCode).toBe(status)
  if (status === 409) expect((await again).json().code).toBe('answer-lost')
  letGo()
  await lost
})
