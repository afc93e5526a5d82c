import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { writeQuestions } from '../../bench/support/asked-people.ts'
import { startChaos, twice } from '../support/chaos.ts'

const REMINDERS = 5_000
/** Long enough for them to be lost and found again before the first of them is due. */
const DUE_IN_MS = 40_000

// A worker process at its default settings, on the clock of the machine.
test('FLUSHALL with 5,000 waiting reminders: all of them are back within 120 s, and none goes out twice', async (context) => {
  await using chaos = await startChaos(context, 'FLUSHALL with 5,000 waiting reminders', REMINDERS)
  const { client, sql } = chaos
  await using worker = chaos.start('src/worker.ts')
  await worker.says(/worker is at work/)
  await writeQuestions(sql, REMINDERS, new Date(Date.now() + DUE_IN_MS))

  const key = (list: string) => `watchbill:tasks:${list}`
  const inQueue = async () =>
    (await client.zcard(key('delayed'))) + (await client.llen(key('wait'))) + (await client.llen(key('active')))
  const done = async () =>
    (
      await sql`select count(*)::int as n from tasks where name = 'notifications.deliver-message' and state = 'done'`
    )[0]!.n
  await expect.poll(inQueue, { timeout: DUE_IN_MS }).toBe(REMINDERS)

  await client.flushall()
  const flushed = performance.now()
  expect(await inQueue()).toBeLessThan(REMINDERS)
  while ((await inQueue()) + (await done()) < REMINDERS && performance.now() - flushed < 130_000) await sleep(100)
  const backMs = Math.round(performance.now() - flushed)
  await context.annotate(`all are back ${backMs} ms after FLUSHALL`)
  expect(backMs).toBeLessThan(120_000)

  await expect.poll(done, { timeout: 600_000, interval: 500 }).toBe(REMINDERS)
  expect(await chaos.states('confirmation-request')).toEqual({ accepted: REMINDERS })
  const written = await chaos.written()
  expect(written.size).toBe(REMINDERS)
  expect(twice(written)).toEqual([])
})
