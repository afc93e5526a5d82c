import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { announcements } from '../../src/modules/announcements/announcements.tables.ts'
import { rosters } from '../../src/modules/rosters/rosters.tables.ts'
import { addLocalDays } from '../../src/time/zones.ts'
import { plainRoster } from '../support/plain-roster.ts'
import { type Network, startProxy } from '../support/proxy.ts'
import { startWorld, type World } from '../support/world.ts'

const TIMES = 100

let proxy: Network
let world: World
let people: string[]

// The network loses the server's answer to COMMIT: the change is made, and whoever asked for it hears nothing.
beforeAll(async () => {
  const network = async (url: string) => {
    proxy = await startProxy(url)
    return proxy.url
  }
  const settings = { DATABASE_READ_MS: '1000', DATABASE_WRITE_MS: '1000' }
  world = await startWorld({ worker: false, network, settings })
  people = await (await plainRoster(world)).people(1)
})
beforeEach(() => {
  proxy.loseCommit = () => false
})
afterAll(async () => {
  await world.close()
  await proxy[Symbol.asyncDispose]()
})

const db = () => world.house.services.foundations.db
const keyed = (path: string, body: object, key: string) =>
  world.call('POST', path, body, { headers: { 'idempotency-key': key } })

/** Sends the same once more until it is done, as a client does that hears nothing. */
async function insist(path: string, body: object) {
  const key = randomUUID()
  const statuses: number[] = []
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await keyed(path, body, key)
    statuses.push(answer.status)
    if (answer.status < 500) {
      const again = await keyed(path, body, key)
      return { ...answer, statuses, again }
    }
  }
  throw new Error(`${path} answered ${statuses.join(', ')}`)
}

const announcement = (title: string) => ({
  unitId: world.root.id,
  texts: { en: { title, text: 'Please read' } },
  audience: { sources: [{ kind: 'people', volunteerIds: [people[0]] }] },
})

test.each([
  ['cut', TIMES],
  ['silently', 5],
] as const)('lost %s: what has a key is done once, and its first answer is given', async (how, times) => {
  const before = proxy.lost()
  const made = new Set<string>()
  const of = await db().$count(announcements)
  for (let n = 0; n < times; n += 1) {
    let isFirst = true
    proxy.loseCommit = () => {
      const wasFirst = isFirst
      isFirst = false
      return wasFirst && how
    }
    const { status, body, again } = await insist('/v1/announcements', announcement(`${how} ${n}`))
    expect(status).toBe(201)
    expect(again.body).toEqual(body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    made.add(body.id)
  }
  expect(proxy.lost() - before).toBe(times)
  expect(made.size).toBe(times)
  expect((await db().$count(announcements)) - of).toBe(times)
})

test('a roster asked for while answers are lost is asked for once', async () => {
  proxy.loseCommit = (n) => n % 2 === 0 && 'cut'
  for (let n = 0; n < 10; n += 1) {
    const from = addLocalDays('2027-01-04', 7 * n)
    const { status, body, again } = await insist('/v1/rosters', {
      unitId: world.root.id,
      from,
      to: addLocalDays(from, 7),
    })
    expect([status, again.status]).toEqual([202, 202])
    expect(again.body.id).toBe(body.id)
    expect(await db().$count(rosters, eq(rosters.fromOn, from))).toBe(1)
  }
})
