import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { writeQuestions } from '../../bench/support/asked-people.ts'
import { startChaos, twice } from '../support/chaos.ts'

const KILLS = 20
const MESSAGES = 3_000
/** Messages one worker has in hand at a time: WORKER_CONCURRENCY as it is when nobody sets it. */
const IN_HAND = 10

// Worker processes at their default settings, on the clock of the machine.
test('SIGKILL of the worker 20 times under load: nothing is lost, nothing fails, and each time work goes on within 25 s', async (context) => {
  await using chaos = await startChaos(context, 'SIGKILL of the worker under load', MESSAGES)
  const { sql, client } = chaos
  const settled = async (): Promise<number> =>
    (await sql`select count(*)::int as n from messages where state in ('accepted', 'unknown')`)[0]!.n
  await writeQuestions(sql, MESSAGES)

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
  }
  await context.annotate(`back at work after ${backMs.join(', ')} ms`)
  expect(Math.max(...backMs)).toBeLessThan(25_000)
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
