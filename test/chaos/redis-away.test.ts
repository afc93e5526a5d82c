import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { quantile, steadily } from '../../bench/support/posts.ts'
import { startChaos, twice } from '../support/chaos.ts'

const AWAY_MS = 60_000
const PER_SECOND = 20
const ANSWERS = 70 * PER_SECOND
/** Of so many, one declines. */
const DECLINES = 10

// API and worker processes at their default settings, on the clock of the machine.
test('Redis away for 60 s: every answer to a question is taken, and all that follows happens once', async (context) => {
  await using chaos = await startChaos(context, 'Redis away for 60 s', ANSWERS)
  const { sql, people } = chaos
  await using server = chaos.start('src/server.ts')
  await using worker = chaos.start('src/worker.ts')
  const [, url] = await server.says(/"url":"([^"]+)"/)
  await worker.says(/worker is at work/)

  const answers = people.map(({ secret, assignmentId }, n) => ({
    path: `/c/${secret}`,
    body: `answer=${n % DECLINES === 0 ? 'decline' : 'confirm'}&assignmentId=${assignmentId}&seen=1`,
  }))
  const answering = steadily(url!, answers, PER_SECOND)
  await sleep(5_000)
  await chaos.redis.kill('SIGKILL')
  await sleep(AWAY_MS)
  await chaos.redis.restart()
  const posted = await answering

  expect(posted.filter((one) => one.status !== 303)).toEqual([])
  const [p50, p99] = [0.5, 0.99].map((share) => Math.round(quantile(posted, share)))
  await context.annotate(`answers took ${p50} ms, 99 of 100 at most ${p99} ms`)
  // Far above what it takes on a quiet machine, far below any wait for Redis.
  expect(p99).toBeLessThan(5_000)

  const declined = ANSWERS / DECLINES
  const states = await sql`select state, count(*)::int as n from assignments group by state order by state`
  expect(states.map((row) => ({ ...row }))).toEqual([
    { state: 'confirmed', n: ANSWERS - declined },
    { state: 'declined', n: declined },
  ])
  await expect
    .poll(() => chaos.states('confirmation-receipt'), { timeout: 300_000, interval: 500 })
    .toEqual({ accepted: ANSWERS })
  const written = await chaos.written()
  expect(twice(written)).toEqual([])
  const receipts = await sql`select id from messages where template = 'confirmation-receipt'`
  expect(receipts.filter((row) => written.get(row.id) !== 1)).toEqual([])
  const [gaps] = await sql`select count(*)::int as n, count(distinct slot_id)::int as seats from gaps`
  expect({ ...gaps }).toEqual({ n: declined, seats: declined })
  const [dead] = await sql`select count(*)::int as n from tasks where state = 'dead'`
  expect(dead!.n).toBe(0)
})
