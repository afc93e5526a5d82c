import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { expect, test } from 'vitest'
import { writeQuestions } from '../../bench/support/asked-people.ts'
import { startChaos, twice } from '../support/chaos.ts'

const KILLS = 20
const MESSAGES = 3_000
/** Messages one worker has in hand at a time: WORKER_CONCURRENCY as it is when nobody sets it. */
const IN_HAND = 10
/** A lease of 10 s (LEASE_MS of the queue) that began right before the end, a sweep after it, or the start of a process. */
const BACK_WITHIN_MS = 25_000

interface Held {
  kind: 'task' | 'message'
  id: string
  attempts: number
}

/** What the dead have left, from the last death that left it until somebody begins it again. */
function watchHeld(sql: postgres.Sql) {
  const open = new Map<string, Held & { since: number }>()
  const backMs: number[] = []
  const stop = new AbortController()
  const inHand = () => sql<Held[]>`
    select 'task' as kind, id, attempts from tasks where state = 'running'
    union all select 'message', id, attempts from messages where state = 'sending'`
  const takenUp = (ids: string[]) => sql<Held[]>`
    select 'task' as kind, id, attempts from tasks where id = any(${ids}) and state <> 'running'
    union all select 'task', id, attempts - 1 from tasks where id = any(${ids}) and state = 'running'
    union all select 'message', id, attempts from messages where id = any(${ids}) and state not in ('sending', 'queued')
    union all select 'message', id, attempts - 1 from messages where id = any(${ids}) and state in ('sending', 'queued')`
  const look = async () => {
    for (const row of await takenUp([...open.values()].map((held) => held.id))) {
      const key = `${row.kind} ${row.id}`
      const held = open.get(key)
      if (!held || row.attempts < held.attempts) continue
      backMs.push(Math.round(performance.now() - held.since))
      open.delete(key)
    }
  }
  const looking = (async () => {
    while (!stop.signal.aborted) {
      if (open.size > 0) await look()
      await sleep(250)
    }
  })()
  return {
    backMs,
    open,
    /** Notes what is in the hands of the dead now that the only worker was killed. */
    async died(): Promise<void> {
      const since = performance.now()
      for (const held of await inHand()) open.set(`${held.kind} ${held.id}`, { ...held, since })
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await looking
    },
  }
}

// Worker processes at their default settings, on the clock of the machine.
test('SIGKILL of the worker 20 times under load: nothing is lost, nothing fails, and each time work goes on within 25 s', async (context) => {
  await using chaos = await startChaos(context, 'SIGKILL of the worker under load', MESSAGES)
  const { sql, client } = chaos
  const settled = async (): Promise<number> =>
    (await sql`select count(*)::int as n from messages where state in ('accepted', 'unknown')`)[0]!.n
  await writeQuestions(sql, MESSAGES)

  await using held = watchHeld(sql)
  const backMs: number[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = await settled()
    const begun = performance.now()
    await using worker = chaos.start('src/worker.ts')
    while ((await settled()) === before && performance.now() - begun < 120_000) {
      if (worker.process.exitCode !== null) throw new Error(`The worker ended by itself:\n${worker.output()}`)
      await sleep(25)
    }
    backMs.push(Math.round(performance.now() - begun))
    await sleep(randomInt(0, 400))
    await worker.stop('SIGKILL')
    await held.died()
  }
  await context.annotate(`back at work after ${backMs.join(', ')} ms`)
  expect(Math.max(...backMs)).toBeLessThan(BACK_WITHIN_MS)
  // Each kill came while there was something to do.
  expect(await settled()).toBeLessThan(MESSAGES)

  await using _last = chaos.start('src/worker.ts')
  await expect.poll(settled, { timeout: 600_000, interval: 500 }).toBe(MESSAGES)
  const open = async () =>
    (
      await sql`select state, count(*)::int as n from tasks
      where name = 'notifications.deliver-message' and state not in ('done', 'cancelled') group by state`
    ).map((row) => ({ ...row }))
  await expect.poll(open, { timeout: 300_000, interval: 500 }).toEqual([])
  expect(await client.zcard('watchbill:tasks:failed')).toBe(0)

  await expect.poll(() => held.open.size, { timeout: BACK_WITHIN_MS }).toBe(0)
  const slowest = Math.max(...held.backMs)
  await context.annotate(`${held.backMs.length} things left in hand, taken up again after ${slowest} ms at most`)
  expect(held.backMs.length).toBeGreaterThan(KILLS)
  expect(slowest).toBeLessThan(BACK_WITHIN_MS)

  const written = await chaos.written()
  expect(twice(written)).toEqual([])
  const rows = await sql`select id, state, handed_over_at from messages`
  const accepted = rows.filter((row) => row.state === 'accepted')
  expect(accepted.filter((row) => written.get(row.id) !== 1)).toEqual([])
  // In doubt are only those that died with the words in their hands.
  const unknown = rows.filter((row) => row.state === 'unknown')
  await context.annotate(`${accepted.length} accepted, ${unknown.length} in doubt`)
  expect(unknown.filter((row) => row.handed_over_at === null)).toEqual([])
  expect(unknown.length).toBeLessThanOrEqual(KILLS * IN_HAND)
})
