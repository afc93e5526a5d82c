import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { embeddedAvailable } from '../../src/platform/embedded/postgres.ts'
import { createDatabase, startTestCluster, type TestCluster } from '../support/postgres.ts'

const runs = embeddedAvailable().available || process.env.DATABASE_URL_TEST !== undefined

let cluster: TestCluster

beforeAll(async () => {
  if (runs) cluster = await startTestCluster(migrate)
}, 60_000)

afterAll(() => cluster?.stop())

async function migrate(url: string): Promise<void> {
  await using sql = connect(url)
  await sql`create table posts (name text)`
  await sql`insert into posts values ('East gate')`
}

function connect(url: string) {
  const sql = postgres(url, { max: 1 })
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) })
}

async function databases(url: string): Promise<string[]> {
  await using sql = connect(Object.assign(new URL(url), { pathname: 'postgres' }).href)
  return (await sql`select datname from pg_database`).map((row) => row.datname)
}

const nameOf = (url: string) => new URL(url).pathname.slice(1)

test.skipIf(!runs)('each test gets a migrated database that the others do not see', async () => {
  await using mine = await createDatabase(cluster.template)
  await using yours = await createDatabase(cluster.template)
  await using sql = connect(mine.url)
  await using other = connect(yours.url)
  await sql`insert into posts values ('West gate')`
  expect(await sql`select name from posts`).toEqual([{ name: 'East gate' }, { name: 'West gate' }])
  expect(await other`select name from posts`).toEqual([{ name: 'East gate' }])
})

test.skipIf(!runs)('many are made at once, and each is gone when dropped, even with a connection open', async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => createDatabase(cluster.template)))
  const names = made.map(({ url }) => nameOf(url))
  expect(await databases(cluster.template)).toEqual(expect.arrayContaining(names))

  const sql = connect(made[0]!.url)
  onTestFinished(() => sql.end({ timeout: 1 }))
  await sql`select 1`
  await Promise.all(made.map((database) => database.drop()))
  const left = await databases(cluster.template)
  expect(left.filter((name) => names.includes(name))).toEqual([])
})

test.skipIf(!runs)('nobody writes to the template by mistake', async () => {
  await using sql = connect(cluster.template)
  await expect(sql`select 1`).rejects.toMatchObject({ code: '55000' })
})

test.skipIf(!embeddedAvailable().available)('a migration that fails leaves nothing behind', async () => {
  const before = await readdir(tmpdir())
  const failing = startTestCluster(() => Promise.reject(new Error('syntax error in 0007')))
  await expect(failing).rejects.toThrow('syntax error in 0007')
  const leftover = (await readdir(tmpdir())).filter((name) => name.startsWith('watchbill-test-'))
  expect(leftover.filter((name) => !before.includes(name))).toEqual([])
})
