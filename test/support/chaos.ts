import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { inject, type TestContext } from 'vitest'
import { type AskedPerson, fillAskedPeople } from '../../bench/support/asked-people.ts'
import { type Child, startChild } from './child.ts'
import { createDatabase } from './postgres.ts'
import { redisForTests, type TestRedis } from './redis.ts'
import { recordSkipped } from './skipped.ts'

export interface Chaos extends AsyncDisposable {
  sql: postgres.Sql
  redis: TestRedis
  /** A client of that Redis. */
  client: Redis
  people: AskedPerson[]
  /** A process of the service at its default settings. */
  start(script: 'src/server.ts' | 'src/worker.ts'): Child
  /** How many messages with this template are in each state. */
  states(template: string): Promise<Record<string, number>>
  /** How often each message was really written out. */
  written(): Promise<Map<string, number>>
}

/** A city whose people have just been asked, with a PostgreSQL and a Redis of its own to harm. */
export async function startChaos({ skip }: TestContext, what: string, people: number): Promise<Chaos> {
  const redis = await redisForTests({ own: true })
  if ('unavailable' in redis) {
    await recordSkipped(what, redis.unavailable)
    return skip(redis.unavailable)
  }
  const database = await createDatabase(inject('template'))
  const folder = await mkdtemp(join(tmpdir(), 'watchbill-chaos-'))
  const sql = postgres(database.url, { max: 2, onnotice: () => {} })
  const client = new Redis(redis.url, { lazyConnect: true })
  client.on('error', () => {})
  const file = join(folder, 'messages.jsonl')
  return {
    sql,
    redis,
    client,
    people: await fillAskedPeople(sql, people),
    start: (script) =>
      startChild(script, {
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        DATA_DIR: folder,
        RATE_LIMIT_PER_MINUTE: '1000000',
      }),
    async states(template) {
      const rows = await sql`select state, count(*)::int as n from messages where template = ${template} group by state`
      return Object.fromEntries(rows.map((row) => [row.state, row.n]))
    },
    async written() {
      const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean)
      const times = new Map<string, number>()
      for (const line of lines) {
        const { messageId } = JSON.parse(line)
        times.set(messageId, (times.get(messageId) ?? 0) + 1)
      }
      return times
    },
    async [Symbol.asyncDispose]() {
      client.disconnect()
      await sql.end()
      await redis.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const twice = (times: Map<string, number>): string[] => [...times].filter(([, n]) => n > 1).map(([id]) => id)
