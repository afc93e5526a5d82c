import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { connect, type Database } from '../../src/platform/db/client.ts'
import { isAway } from '../../src/platform/db/errors.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { within } from '../../src/platform/db/patience.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Network, startProxy } from '../support/proxy.ts'

const LIMITS = { readMs: 400, writeMs: 600 }
/** Coarse ticks, and a machine that has other things to do. */
const SLACK_MS = 1_500
const RECOVERED_MS = 15_000

let created: TestDatabase
let proxy: Network
beforeAll(async () => {
  created = await createDatabase(inject('template'))
  proxy = await startProxy(created.url)
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await created.drop()
})

function open(max: number) {
  let replaced = 0
  const database = connect(proxy.url, { max, onReplaced: () => (replaced += 1) })
  onTestFinished(() => database.close())
  return { ...database, replaced: () => replaced }
}

const briefly = <T>(work: () => Promise<T>) => within({ ...LIMITS }, work)
const read = ({ db }: Database) => briefly(async () => [...(await db.execute(sql`select 1 as one`))])
const write = ({ db }: Database, row = newLink()) =>
  briefly(() => db.transaction((tx) => tx.transaction((inner) => inner.insert(links).values(row))))

const born = new Date('2026-05-04T00:00:00Z')
function newLink() {
  const id = newId()
  const subject = { subjectId: id, volunteerId: id, purpose: 'offer' as const }
  return { id, tokenHash: id, ...subject, createdAt: born, expiresAt: born }
}

/** What a call ends with, and after how many milliseconds. */
async function timed(call: Promise<unknown>) {
  const begun = performance.now()
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { error, ms: performance.now() - begun }
}

async function untilAnswered(ask: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  while ((await timed(ask())).error && performance.now() - begun < 2 * RECOVERED_MS) await sleep(50)
  return performance.now() - begun
}

test.each([
  ['readings', read],
  ['changes', write],
])('on connections that have died silently %s fail in time, and soon there are new ones', async (_name, ask) => {
  const database = open(3)
  await Promise.all(Array.from({ length: 6 }, () => ask(database)))
  proxy.freeze()
  const lost = await Promise.all(Array.from({ length: 6 }, () => timed(ask(database))))
  expect(lost.filter(({ error }) => !isAway(error))).toEqual([])
  expect(Math.max(...lost.map(({ ms }) => ms))).toBeLessThan(LIMITS.writeMs + SLACK_MS)
  expect(await untilAnswered(() => ask(database))).toBeLessThan(RECOVERED_MS)
  expect(await untilAnswered(() => write(database))).toBeLessThan(100)
  expect(database.replaced()).toBe(1)
})

test('one after the other is enough to notice it, and nobody waits while new connections do not get through either', async () => {
  const database = open(3)
  await write(database)
  proxy.freezeNew()
  for (let n = 0; n < 8; n += 1) {
    const { error, ms } = await timed(n % 2 ? read(database) : write(database))
    expect(isAway(error)).toBe(true)
    expect(ms).toBeLessThan(LIMITS.writeMs + SLACK_MS)
  }
  proxy.thaw()
  expect(await untilAnswered(() => write(database))).toBeLessThan(RECOVERED_MS)
})

test('at whatever point of a transaction the connection dies, whoever waits hears of it in time', async () => {
  const database = open(1)
  const steps = [
    ['before it begins', async () => proxy.freeze(), undefined],
    ['before a statement', undefined, async () => proxy.freeze()],
  ] as const
  for (const [name, before, inside] of steps) {
    await untilAnswered(() => read(database))
    await before?.()
    const { error, ms } = await timed(
      briefly(() =>
        database.db.transaction(async (tx) => {
          await inside?.()
          await tx.transaction((inner) => inner.insert(links).values(newLink()))
        }),
      ),
    )
    expect(isAway(error), name).toBe(true)
    expect(ms, name).toBeLessThan(LIMITS.writeMs + SLACK_MS)
  }
  await untilAnswered(() => read(database))
  const row = newLink()
  const { error } = await timed(
    briefly(() =>
      database.db.transaction(async (tx) => {
        await tx.insert(links).values(row)
        proxy.freeze()
      }),
    ),
  )
  expect(isAway(error)).toBe(true)
})

test('one dead connection among living ones is replaced, and what goes on beside it is not broken off', async () => {
  const database = open(2)
  await read(database)
  const slow = database.db.transaction(async (tx) => {
    for (let n = 0; n < 30; n += 1) await tx.execute(sql`select pg_sleep(0.2)`)
    return 'done'
  })
  await sleep(100)
  await read(database)
  proxy.freezeLast()
  expect(isAway((await timed(read(database))).error)).toBe(true)
  expect(await untilAnswered(() => write(database))).toBeLessThan(4_000)
  expect(database.replaced()).toBe(1)
  expect(await slow).toBe('done')
})

test('a transaction that waits for another one too long is ended, keeps no connection and has written nothing', async () => {
  const database = open(2)
  const row = newLink()
  await write(database, row)
  const release = Promise.withResolvers<void>()
  const holder = database.db.transaction(async (tx) => {
    await tx.update(links).set({ revokedAt: born }).where(eq(links.id, row.id))
    await release.promise
  })
  await sleep(100)
  const late = newLink()
  const waiting = () =>
    briefly(() =>
      database.db.transaction(async (tx) => {
        await tx.insert(links).values({ ...late, id: newId(), tokenHash: newId() })
        await tx.update(links).set({ revokedAt: born }).where(eq(links.id, row.id))
      }),
    )
  for (let n = 0; n < 6; n += 1) {
    const { error, ms } = await timed(waiting())
    expect(isAway(error)).toBe(true)
    expect(ms).toBeLessThan(LIMITS.writeMs + SLACK_MS)
  }
  expect(await read(database)).toEqual([{ one: 1 }])
  release.resolve()
  await holder
  await Promise.all(Array.from({ length: 4 }, () => write(database)))
  expect(await database.db.$count(links, eq(links.subjectId, late.subjectId))).toBe(0)
  expect(database.replaced()).toBe(0)
})

test('without anybody who waits, as in jobs, a statement may take as long as the server lets it', async () => {
  const database = open(2)
  await write(database)
  const { error } = await timed(database.db.execute(sql`select pg_sleep(1.2)`))
  expect(error).toBeUndefined()
})
