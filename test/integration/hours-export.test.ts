import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

const ROWS = 100_000
const MEGABYTE = 1024 * 1024

let world: World
/** Looks on from outside: the connections of the house may all be taken. */
let watcher: postgres.Sql

beforeAll(async () => {
  world = await startWorld({ now: '2026-05-08T11:00:00Z', worker: false })
  watcher = postgres(world.house.databaseUrl, { max: 1 })
  const at = duties(world)
  const person = await at.person({ displayName: '王小明' })
  const post = await at.post()
  const duty = await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-01T08:00' })
  await world.house.database.sql`
    insert into ledger (id, volunteer_id, unit_id, person_class, assignment_id, post_id, role, kind, local_day, zone, starts_at,
      ends_at, minutes, night_minutes, weekend_minutes, planned_minutes, entered_by, booked_at)
    select gen_random_uuid(), ${person.id}, ${world.root.id}, 'volunteer', ${duty.id}, ${post.id}, 'staff', 'active',
      date '2026-01-01' + (n % 100)::int, 'Asia/Shanghai', timestamptz '2026-01-01T00:00Z' + n * interval '1 minute',
      timestamptz '2026-01-01T00:00Z' + (n + 61) * interval '1 minute', 61, 0, 0, 60, 'test', timestamptz '2026-05-01T00:00Z'
    from generate_series(1, ${ROWS}) n`
})
afterAll(async () => {
  await watcher.end()
  await world.close()
})

/** A reader with a connection of its own, who may walk away. */
function read(query: string) {
  const url = new URL(`/v1/exports/service-hours?${query}`, world.url)
  const request = get(url, { agent: false, headers: { authorization: `Bearer ${world.root.key}` } })
  const gone = new Promise((resolve) => request.once('close', resolve))
  request.on('error', () => {})
  const response = once(request, 'response').then(([message]) => message as IncomingMessage)
  // Nobody may be waiting for the answer of a reader who has left.
  response.catch(() => {})
  return { response, leave: () => request.destroy(), gone }
}

/** Connections of ours that work on the ledger or wait inside a transaction, each with what it waits for. */
const busy = async (): Promise<string[]> => {
  const rows = await watcher`
    select coalesce(wait_event, 'running') as waits from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query not like 'lock%'
      and backend_type = 'client backend'
      and (state like 'idle in transaction%' or state = 'active' and query like '%ledger%')`
  return rows.map((row) => row.waits)
}
const waitFor = async (wanted: (waits: string[]) => boolean) => {
  for (let tries = 0; tries < 500; tries += 1) {
    if (wanted(await busy())) return true
    await sleep(20)
  }
  return false
}
const nobodyBusy = () => waitFor((waits) => waits.length === 0)

test.each([
  ['csv', ROWS, ''],
  ['xlsx', ROWS / 5, '&to=2026-01-21'],
])('as %s, %i rows leave in bounded memory', async (format, rows, filter) => {
  // The first file brings the code into memory; what counts is what the rows take.
  for await (const _ of await read(`format=${format}&to=2026-01-05`).response);
  const before = process.memoryUsage().rss
  let [peak, bytes, lines] = [before, 0, 0]
  const begun = performance.now()
  for await (const chunk of await read(`format=${format}${filter}`).response) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 10) lines += 1
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const [size, grown] = [bytes, peak - before].map((value) => (value / MEGABYTE).toFixed(1))
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  process.stdout.write(`${rows} rows as ${format}: ${size} MB in ${seconds} s, memory +${grown} MB\n`)
  if (format === 'csv') expect(lines).toBe(rows + 1)
  expect(bytes).toBeGreaterThan(MEGABYTE)
  expect(peak - before).toBeLessThan(200 * MEGABYTE)
  expect(await nobodyBusy()).toBe(true)
})

test('rows are fetched no faster than the reader takes them', async () => {
  const { response, leave, gone } = read('format=csv')
  await once(await response, 'readable')
  // The database stands and waits for us to take more: what was not read yet is still there.
  let still = 0
  const stands = await waitFor((waits) => {
    still = ['ClientRead', 'ClientWrite'].includes(waits.join()) ? still + 1 : 0
    return still === 20
  })
  leave()
  await gone
  expect(stands).toBe(true)
  expect(await nobodyBusy()).toBe(true)
})

test('readers who go away in the middle leave no query and no connection behind', async () => {
  for (const format of ['csv', 'xlsx', 'csv', 'xlsx', 'csv', 'xlsx']) {
    const { response, leave, gone } = read(`format=${format}`)
    await once(await response, 'readable')
    leave()
    await gone
  }
  expect(await nobodyBusy()).toBe(true)
  let text = ''
  for await (const chunk of await read('view=totals&lang=en').response) text += chunk
  expect(text).toContain(String(ROWS * 61))
})

test('more readers than there are connections may leave at once', async () => {
  const readers = Array.from({ length: 8 }, () => read('format=csv'))
  await Promise.any(readers.map(async ({ response }) => once(await response, 'readable')))
  expect(await waitFor((waits) => waits.length === 4)).toBe(true)
  for (const { leave } of readers) leave()
  await Promise.all(readers.map(({ gone }) => gone))
  expect(await nobodyBusy()).toBe(true)
  let lines = 0
  for await (const chunk of await read('format=csv&to=2026-01-02').response)
    for (const byte of chunk) if (byte === 10) lines += 1
  expect(lines).toBe(ROWS / 100 + 1)
})

test('a reader who goes away before the first row stops the query in the database', async () => {
  await world.house.database.sql.begin(async (tx) => {
    await tx`lock table ledger in access exclusive mode`
    const { leave, gone } = read('view=totals')
    expect(await waitFor((waits) => waits.includes('relation'))).toBe(true)
    leave()
    await gone
    expect(await nobodyBusy()).toBe(true)
  })
})
