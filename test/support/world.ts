import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { type House, openHouse } from '../../src/house.ts'
import type { Role } from '../../src/platform/auth/actor.ts'
import { command } from '../../src/platform/auth/actor.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import type { SentMessage } from '../../src/services.ts'
import { type PushableClock, pushableClock } from '../../src/time/clock.ts'
import { createDatabase } from './postgres.ts'

export type BackendKind = 'postgres' | 'redis'

/** Queue backends this run can test; Redis is missing only where the run's last lines say so. */
export const backends = (): BackendKind[] => (inject('redisUrl') ? ['postgres', 'redis'] : ['postgres'])

export interface WorldOptions {
  /** What the clock shows at the beginning. */
  now?: string
  backend?: BackendKind
  /** Whether tasks are done; true when left out. */
  worker?: boolean
  zone?: string
  /** The root unit, in the language roots begin with; a test city in English when left out. */
  root?: { name: string; kind: string }
  /** What lies between the service and its database: takes the database's address, gives the one to use. */
  network?: (databaseUrl: string) => Promise<string>
  /** More settings, as environment variables. */
  settings?: Record<string, string>
  sweepMs?: number
  /** Hears of each message as it goes out, besides `messages`. */
  onMessage?: (message: SentMessage) => void
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Json = any

export interface Answer {
  status: number
  headers: Headers
  body: Json
  text: string
}

export interface CallOptions {
  key?: string | null
  headers?: Record<string, string>
  /** Sent as it is, with this content type. */
  raw?: { type: string; body: string | ReadableStream }
}

export interface World extends AsyncDisposable {
  house: House
  url: string
  clock: PushableClock
  /** Where the queue lives, when it is in Redis. */
  redisUrl: string | undefined
  /** The root unit and the admin key for it. */
  root: { id: string; key: string }
  /** What was sent so far, oldest first. */
  messages: SentMessage[]
  messagesTo(volunteerId: string): SentMessage[]
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>
  /** Like `call`, and throws with the whole answer unless the status is one of 2xx. */
  must(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>
  makeKey(unitId: string, role: Role): Promise<string>
  /** Waits until nothing is due. */
  settled(): Promise<void>
  /** Lets time pass, stopping at each moment when something falls due. */
  advanceTo(instant: Date | string): Promise<void>
  advance(step: { days?: number; hours?: number; minutes?: number }): Promise<void>
  close(): Promise<void>
}

let redisWorlds = 0

async function cleanRedis(url: string): Promise<string> {
  // Each world has a database of its own inside the one Redis, four for each process of the test runner.
  const numbered = new URL(url)
  redisWorlds += 1
  numbered.pathname = `/${((Number(process.env.VITEST_POOL_ID ?? 1) - 1) % 4) * 4 + (redisWorlds % 4)}`
  const redis = new Redis(numbered.href)
  await redis.flushdb()
  await redis.quit()
  return numbered.href
}

/** A whole Watchbill of its own: real database, real queue, real HTTP, and a clock that can be pushed. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const database = await createDatabase(inject('template'))
  const dataDir = await mkdtemp(join(tmpdir(), 'watchbill-world-'))
  const clock = pushableClock(new Date(options.now ?? '2026-05-04T02:00:00Z'))
  const redisUrl = options.backend === 'redis' ? await cleanRedis(inject('redisUrl')!) : ''
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: (await options.network?.(database.url)) ?? database.url,
    DATABASE_POOL: '10',
    REDIS_URL: redisUrl,
    DATA_DIR: dataDir,
    SECRET_KEY: 'a secret for tests that is long enough',
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ENGINE_BUDGET_MS: '300',
    RATE_LIMIT_PER_MINUTE: '1000000',
    ...options.settings,
  })
  const messages: SentMessage[] = []
  const house = await openHouse(config, {
    api: true,
    worker: options.worker ?? true,
    clock,
    onMessage: (message) => {
      messages.push(message)
      options.onMessage?.(message)
    },
    pollMs: 50,
    sweepMs: options.sweepMs ?? 2_000,
  })
  const { organisation } = house.services
  const actor = command('test')
  const unit = await organisation.createUnit(actor, {
    parentId: null,
    zone: options.zone ?? 'Asia/Shanghai',
    ...(options.root ?? { kind: 'city', name: 'Test city', locale: 'en' as const }),
  })
  const makeKey = async (unitId: string, role: Role) =>
    (await organisation.createKey(actor, { unitId, role, name: `${role} key` })).key
  const key = await makeKey(unit.id, 'admin')

  const call: World['call'] = async (method, path, body, { key: other, headers = {}, raw } = {}) => {
    const bearer = other === undefined ? key : other
    const response = await fetch(new URL(path, house.url), {
      method,
      redirect: 'manual',
      headers: {
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...(raw ? { 'content-type': raw.type } : body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(raw ? { body: raw.body, duplex: 'half' } : body === undefined ? {} : { body: JSON.stringify(body) }),
    } as RequestInit)
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, text, body: json && text ? JSON.parse(text) : text }
  }
  const settled = async () => {
    await house.nightWatch?.settled()
  }
  const advanceTo: World['advanceTo'] = async (instant) => {
    const target = new Date(instant)
    await settled()
    for (let hops = 0; hops < 10_000; hops += 1) {
      const due = await house.nightWatch?.nextDueAt()
      if (!due || due > target) break
      if (due > clock.now()) clock.set(due)
      await settled()
    }
    if (target > clock.now()) clock.set(target)
    await settled()
  }

  const close = async () => {
    await house.close()
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return {
    house,
    url: house.url!,
    clock,
    redisUrl: redisUrl || undefined,
    root: { id: unit.id, key },
    messages,
    messagesTo: (volunteerId) => messages.filter((message) => message.volunteerId === volunteerId),
    call,
    async must(method, path, body, callOptions) {
      const answer = await call(method, path, body, callOptions)
      if (answer.status >= 200 && answer.status < 300) return answer
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
    },
    makeKey,
    settled,
    advanceTo,
    advance: ({ days = 0, hours = 0, minutes = 0 }) =>
      advanceTo(new Date(clock.now().getTime() + ((days * 24 + hours) * 60 + minutes) * 60_000)),
    close,
    [Symbol.asyncDispose]: close,
  }
}
