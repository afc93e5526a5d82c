import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/platform/db/client.ts'
import { isAway } from '../../src/platform/db/errors.ts'
import { within } from '../../src/platform/db/patience.ts'
import { startEmbeddedPostgres } from '../../src/platform/embedded/postgres.ts'

const CLIENTS = 20
const LIMITS = { readMs: 5_000, writeMs: 10_000 }
const CRASHES = 3

/** A PostgreSQL of one's own that keeps what it acknowledges, and can be ended as by a power cut, but for the disk. */
async function ownServer() {
  const dataDir = await mkdtemp(join(tmpdir(), 'watchbill-restart-'))
  await chmod(dataDir, 0o755)
  let server = await startEmbeddedPostgres({ dataDir })
  onTestFinished(async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const { url } = server
  const port = Number(new URL(url).port)
  const restart = async () => {
    const [pid] = (await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGQUIT')
    for (;;) {
      await sleep(50)
      const started = await startEmbeddedPostgres({ dataDir, port }).catch(() => undefined)
      if (!started) continue
      server = started
      return performance.now()
    }
  }
  return { url, restart }
}

test('PostgreSQL ends at once and starts again under load: its clients go on, and all that was acknowledged is there', async () => {
  const { url, restart } = await ownServer()
  const database = connect(url, { max: 10 })
  onTestFinished(() => database.close())
  const { db } = database
  await db.execute(sql`create table written (id int primary key, steps int not null)`)
  const acknowledged: number[] = []
  const errors: { error: unknown; at: number }[] = []
  const stop = new AbortController()
  let next = 0

  const step = (id: number) =>
    within({ ...LIMITS }, () =>
      db.transaction(async (tx) => {
        await tx.execute(sql`insert into written values (${id}, 1)`)
        await sleep(id % 3)
        await tx.execute(sql`update written set steps = steps + 1 where id = ${id}`)
      }),
    )
  const client = async () => {
    while (!stop.signal.aborted) {
      const id = next++
      try {
        await step(id)
        acknowledged.push(id)
      } catch (error) {
        errors.push({ error, at: performance.now() })
        await sleep(10)
      }
    }
  }
  const clients = Array.from({ length: CLIENTS }, client)
  const recoveredMs: number[] = []
  for (let crash = 0; crash < CRASHES; crash += 1) {
    await sleep(700)
    const upAt = await restart()
    await sleep(1_500)
    recoveredMs.push((errors.at(-1)?.at ?? upAt) - upAt)
    const before = acknowledged.length
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before)
  }
  stop.abort()
  await Promise.all(clients)

  expect(errors.length).toBeGreaterThanOrEqual(CRASHES)
  expect(errors.filter(({ error }) => !isAway(error))).toEqual([])
  expect(Math.max(...recoveredMs)).toBeLessThan(2_000)
  const rows = await db.execute<{ id: number; steps: number }>(sql`select id, steps from written`)
  expect(rows.filter((row) => row.steps !== 2)).toEqual([])
  const there = new Set(rows.map((row) => row.id))
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
})
