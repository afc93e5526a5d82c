import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { links } from '../../src/platform/auth/auth.tables.ts'
import { connect, type Database } from '../../src/platform/db/client.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

let created: TestDatabase
let database: Database
beforeAll(async () => {
  created = await createDatabase(inject('template'))
  database = connect(created.url, { max: 6 })
})
afterAll(async () => {
  await database.close()
  await created.drop()
})

const born = new Date('2026-05-04T00:00:00Z')
const newLink = () => {
  const id = newId()
  return {
    id,
    tokenHash: id,
    purpose: 'offer' as const,
    subjectId: id,
    volunteerId: id,
    createdAt: born,
    expiresAt: born,
  }
}

test('of two transactions that wait for each other both get through', async () => {
  const [a, b] = [newLink(), newLink()]
  await database.db.insert(links).values([a, b])
  let begun = 0
  const both = Promise.withResolvers<void>()
  const touch = (first: string, second: string) =>
    database.db.transaction(async (tx) => {
      await tx.update(links).set({ revokedAt: born }).where(eq(links.id, first))
      begun += 1
      if (begun >= 2) both.resolve()
      await both.promise
      await tx.update(links).set({ revokedAt: born }).where(eq(links.id, second))
    })
  await Promise.all([touch(a.id, b.id), touch(b.id, a.id)])
  expect(begun).toBeGreaterThan(2)
})

test('an error of the work itself is not tried again', async () => {
  let tries = 0
  const failing = database.db.transaction(async () => {
    tries += 1
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(tries).toBe(1)
})

test('statements are remembered by the server, in transactions and savepoints too', async () => {
  const one = connect(created.url, { max: 1 })
  try {
    const known = async () => {
      const rows = await one.db.execute<{ statement: string }>(sql`select statement from pg_prepared_statements`)
      return rows.filter(({ statement }) => statement.includes('from "links"')).length
    }
    const find = (handle: Pick<typeof one.db, 'select'>) => handle.select().from(links).where(eq(links.id, newId()))
    await find(one.db)
    const afterFirst = await known()
    expect(afterFirst).toBe(1)
    await find(one.db)
    await one.db.transaction(async (tx) => {
      await find(tx)
      await tx.transaction((inner) => find(inner))
    })
    expect(await known()).toBe(afterFirst)
  } finally {
    await one.close()
  }
})

test('only what may be forgotten does not wait for the disk', async () => {
  const asked = async (db: Database['db']) => [
    ...(await db.execute(
      sql`select setting, source = 'client' as own from pg_settings where name = 'synchronous_commit'`,
    )),
  ]
  expect(await asked(database.db)).toMatchObject([{ own: false }])
  expect(await asked(database.hasty)).toEqual([{ setting: 'off', own: true }])
})
