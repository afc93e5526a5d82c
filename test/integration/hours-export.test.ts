import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duties } from '../support/duties.ts'
import { startWorld, type World } from '../support/world.ts'

const ROWS = 100_000
const MEGABYTE = 1024 * 1024

let world: World

beforeAll(async () => {
  world = await startWorld({ now: '2026-05-08T11:00:00Z', worker: false })
  const at = duties(world)
  const person = await at.person({ displayName: '王小明' })
  const post = await at.post()
  const duty = await at.duty({ volunteerId: person.id, postId: post.id, start: '2026-05-01T08:00' })
  await world.house.database.sql`
    insert into ledger (id, volunteer_id, unit_id, person_class, assignment_id, post_id, role, kind, local_day, zone, starts_at,
      ends_at, minutes, night_minutes, weekend_minutes, planned_minutes, entered_by, booked_at)
    select gen_random_uuid(), ${person.id}, ${world.root.id}, 'volunteer', ${duty.id}, ${post.id}, 'staff', 'active',
      date '2026-01-01' + (n % 120)::int, 'Asia/Shanghai', timestamptz '2026-01-01T00:00Z' + n * interval '1 minute',
      timestamptz '2026-01-01T00:00Z' + (n + 61) * interval '1 minute', 61, 0, 0, 60, 'test', timestamptz '2026-05-01T00:00Z'
    from generate_series(1, ${ROWS}) n`
})
afterAll(async () => {const t0=performance.now(); await world.close(); process.stdout.write('CLOSE '+(performance.now()-t0)+'\n')})

const request = (query: string, signal?: AbortSignal) =>
  fetch(new URL(`/v1/exports/service-hours?${query}`, world.url), {
    headers: { authorization: `Bearer ${world.root.key}` },
    ...(signal ? { signal } : {}),
  })

/** Connections that work on the ledger, or wait inside a transaction. */
const busy = async () => {
  const [row] = await world.house.database.sql`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and (state like 'idle in transaction%' or state = 'active' and query like '%ledger%' and query not like 'lock%')`
  return row!.count as number
}
async function isIdle(): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await busy()) === 0) return true
    await sleep(20)
  }
  return false
}

test.each([
  ['csv', ROWS],
  ['xlsx', ROWS / 5],
])('a file as %s of %i rows leaves in bounded memory', async (format, rows) => {
  // The first file brings the code into memory; what counts is what the rows take.
  await (await request(`format=${format}&to=2026-01-05`)).arrayBuffer()
  const before = process.memoryUsage().rss
  let peak = before
  let bytes = 0
  let lines = 0
  const begun = performance.now()
  const answer = await request(`format=${format}${rows === ROWS ? '' : '&to=2026-01-25'}`)
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (format === 'csv') for (const byte of chunk) if (byte === 10) lines += 1
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const grown = Math.round((peak - before) / MEGABYTE)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  process.stdout.write(
    `${rows} rows as ${format}: ${Math.round(bytes / MEGABYTE)} MB in ${seconds} s, memory +${grown} MB\n`,
  )
  if (format === 'csv') expect(lines).toBe(rows + 1)
  expect(bytes).toBeGreaterThan(MEGABYTE)
  expect(grown).toBeLessThan(150)
  expect(await isIdle()).toBe(true)
})

test('readers who go away in the middle leave no query and no connection behind', async () => {
  for (const format of ['csv', 'xlsx', 'csv', 'xlsx', 'csv', 'xlsx']) {
    const abort = new AbortController()
    const answer = await request(`format=${format}`, abort.signal)
    await answer.body!.getReader().read()
    abort.abort()
  }
  expect(await isIdle()).toBe(true)
  const after = await request('view=totals&lang=en')
  expect(await after.text()).toContain(String(ROWS * 61))
})

test('a reader who goes away before the first row stops the query in the database', async () => {
  const abort = new AbortController()
  const { sql } = world.house.database
  let gone: Promise<unknown> | undefined
  await sql.begin(async (tx) => {
    await tx`lock table ledger in access exclusive mode`
    gone = request('view=totals', abort.signal).catch((error: Error) => error.name)
    const waiting = async () => {
      const [row] = await sql`select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'`
      return row!.count as number
    }
    for (let tries = 0; tries < 100 && (await waiting()) === 0; tries += 1) await sleep(20)
    expect(await waiting()).toBe(1)
    abort.abort()
    for (let tries = 0; tries < 100 && (await waiting()) > 0; tries += 1) await sleep(20)
    expect(await waiting()).toBe(0)
  })
  expect(await gone).toBe('AbortError')
  expect(await isIdle()).toBe(true)
})
