import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, inject, onTestFinished, test } from 'vitest'
import { fillAskedPeople } from '../../bench/support/asked-people.ts'
import { openHouse } from '../../src/house.ts'
import { followUp } from '../../src/modules/confirmations/confirmations.jobs.ts'
import { assignments } from '../../src/modules/rosters/rosters.tables.ts'
import { auditLog } from '../../src/platform/audit/audit.tables.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { createDatabase } from '../support/postgres.ts'
import { startProxy } from '../support/proxy.ts'

const PEOPLE = 100

/** The API alone, with people who were asked, on a network that can lose what the database says. */
async function askedHouse() {
  const database = await createDatabase(inject('template'))
  const proxy = await startProxy(database.url)
  const dataDir = await mkdtemp(join(tmpdir(), 'watchbill-lost-'))
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: proxy.url,
    DATA_DIR: dataDir,
    SECRET_KEY: 'a secret for tests that is long enough',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '1000000',
  })
  const house = await openHouse(config, { api: true, worker: false })
  onTestFinished(async () => {
    await house.close()
    await proxy[Symbol.asyncDispose]()
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { house, proxy, people: await fillAskedPeople(house.database.sql, PEOPLE) }
}

test('who confirms by a link and hears nothing presses again: confirmed once, and followed up once', async () => {
  const { house, proxy, people } = await askedHouse()
  const press = async ({ secret, assignmentId }: (typeof people)[number]) => {
    const body = new URLSearchParams({ answer: 'confirm', assignmentId, seen: '1' })
    const { status } = await fetch(`${house.url}/c/${secret}`, { method: 'POST', redirect: 'manual', body })
    return status
  }
  for (const person of people) {
    let isFirst = true
    proxy.loseCommit = () => {
      const wasFirst = isFirst
      isFirst = false
      return wasFirst && 'cut'
    }
    // What it cannot write down with others the service tries again alone; mostly it finds out by that.
    expect([303, 503]).toContain(await press(person))
    expect([await press(person), await press(person)]).toEqual([303, 303])
  }
  expect(proxy.lost()).toBe(PEOPLE)

  const { db } = house.services.foundations
  const wrong = (await db.select().from(assignments)).filter((row) => row.state !== 'confirmed' || row.version !== 2)
  expect(wrong).toEqual([])
  expect(await db.$count(auditLog, eq(auditLog.action, 'assignment.confirmed'))).toBe(PEOPLE)
  const followed = (await db.select().from(tasks).where(eq(tasks.name, followUp.name))).flatMap(
    ({ payload }) => (payload as { assignmentIds: string[] }).assignmentIds,
  )
  expect(followed.toSorted()).toEqual(people.map((one) => one.assignmentId).toSorted())
})
