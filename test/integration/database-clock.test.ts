import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { type House, openHouse } from '../../src/house.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import { connect, type Database } from '../../src/platform/db/client.ts'
import { followDatabase } from '../../src/platform/db/clock-skew.ts'
import { newId } from '../../src/platform/db/ids.ts'
import { tasks } from '../../src/platform/queue/queue.tables.ts'
import { silentLog } from '../../src/platform/telemetry/log.ts'
import { pushableClock, systemClock } from '../../src/time/clock.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

const MINUTE = 60_000
const HALF_SECOND = 500
const ahead = (ms: number) => ({ now: () => new Date(systemClock.now().getTime() + ms) })

let created: TestDatabase
beforeAll(async () => {
  created = await createDatabase(inject('template'))
})
afterAll(() => created.drop())

describe('the clock of a process', () => {
  let database: Database
  beforeAll(() => {
    database = connect(created.url, { max: 1 })
    return () => database.close()
  })

  /** A process whose machine is off by so much, and what it says of that. */
  async function follow(machine = pushableClock()) {
    const said: [string, number][] = []
    const note = (level: string) => (facts: object) => {
      said.push([level, Math.round((facts as { skewMs: number }).skewMs / 1_000) + 0])
    }
    const log = { ...silentLog, warn: note('warn'), info: note('info') }
    const clock = await followDatabase(database.db, { log, machine })
    onTestFinished(() => clock.close())
    return { clock, said, errorMs: () => Math.abs(clock.now().getTime() - systemClock.now().getTime()) }
  }

  test.each([
    [10 * MINUTE, [['warn', 600]]],
    [-10 * MINUTE, [['warn', -600]]],
    [5_000, [['warn', 5]]],
    [-3_000, [['warn', -3]]],
    [1_000, []],
    [0, []],
  ])(
    'is that of the database, though the machine is off by %i ms; more than two seconds are told',
    async (ms, told) => {
      const { said, errorMs, clock } = await follow(pushableClock(new Date(systemClock.now().getTime() + ms)))
      expect(errorMs()).toBeLessThan(HALF_SECOND)
      expect(Math.abs(clock.skewMs() - ms)).toBeLessThan(HALF_SECOND)
      expect(said).toEqual(told)
    },
  )

  test('a machine that goes wrong later is noticed, told of once, and told of again when it is right', async () => {
    const machine = pushableClock()
    const { clock, said, errorMs } = await follow(machine)
    machine.advance(MINUTE)
    expect(errorMs()).toBeGreaterThan(MINUTE - HALF_SECOND)
    await clock.measure()
    await clock.measure()
    expect(errorMs()).toBeLessThan(HALF_SECOND)
    expect(said).toEqual([['warn', 60]])
    machine.set(systemClock.now())
    await clock.measure()
    expect(errorMs()).toBeLessThan(HALF_SECOND)
    expect(said).toEqual([
      ['warn', 60],
      ['info', 0],
    ])
  })
})

describe('a whole process on a machine whose clock is wrong', () => {
  async function open(ms: number): Promise<House> {
    const dataDir = await mkdtemp(join(tmpdir(), 'watchbill-clock-'))
    const config = readConfig({
      NODE_ENV: 'test',
      PORT: '0',
      DATABASE_URL: created.url,
      DATA_DIR: dataDir,
      SECRET_KEY: 'a secret for tests that is long enough',
      LOG_LEVEL: 'silent',
    })
    const house = await openHouse(config, { api: true, worker: true, machine: ahead(ms), pollMs: 50, sweepMs: 200 })
    onTestFinished(async () => {
      await house.close()
      await rm(dataDir, { recursive: true, force: true })
    })
    return house
  }
  const ready = async ({ url }: House) => {
    const answer = await fetch(`${url}/readyz`)
    return { ...((await answer.json()) as object), httpStatus: answer.status }
  }

  test.each([
    ['10 min fast', 10 * MINUTE, 'The clock of this machine is 600 s ahead of that of the database.'],
    ['10 min slow', -10 * MINUTE, 'The clock of this machine is 600 s behind that of the database.'],
  ])('%s: does nothing early or late, and says that it is not ready', async (_name, ms, reason) => {
    const house = await open(ms)
    expect(await ready(house)).toMatchObject({ httpStatus: 503, code: 'not-ready', detail: reason })
    const { db } = house.services.foundations
    const task = async (dueInMs: number) => {
      const id = newId()
      const dueAt = new Date(systemClock.now().getTime() + dueInMs)
      const row = { id, name: 'nobody.knows', key: id, queue: 'tasks', payload: {}, dueAt, createdAt: dueAt }
      await db.insert(tasks).values(row)
      return async () => (await db.select().from(tasks).where(eq(tasks.id, id)))[0]!.state
    }
    const early = await task(5 * MINUTE)
    const due = await task(-1_000)
    // Nobody knows how to do it, which is found out as soon as somebody takes it up.
    await expect.poll(due, { timeout: 20_000 }).toBe('dead')
    await sleep(1_000)
    expect(await early()).toBe('waiting')
  })

  test('off by five seconds it is ready', async () => {
    expect(await ready(await open(5_000))).toMatchObject({ httpStatus: 200 })
  })
})
