/**
 * Measures how many people can confirm by their links, through the page route of a server process of its own, beside a
 * bare Fastify route that does the one UPDATE alone, on the same database in alternating rounds of one run; then the
 * answers at 170 a second; then 5,000 messages to a local SMTP server while pages are opened. Clients run in this
 * process, servers and worker in processes of their own.
 *
 *   bench:confirm [-- --rounds R] [--each N] [--seconds S] [--mails M]
 *
 * The last line printed is JSON; bench/README.md says what its numbers mean and which goals they have. A goal that is
 * missed is named on standard error and makes the exit status 1, unless sizes are given: the goals are for these.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { SMTPServer } from 'smtp-server'
import { migrate } from '../src/platform/db/migrate.ts'
import { prepareBackend } from '../src/platform/queue/bull.ts'
import { type Child, startChild } from '../test/support/child.ts'
import { type AskedPerson, fillAskedPeople, giveAddresses, writeQuestions } from './support/asked-people.ts'
import { CONFIRM_GOALS, judge } from './support/goals.ts'
import { openOwnDatabase } from './support/own-database.ts'
import { flatOut, type Posted, quantile, type Request, steadily } from './support/posts.ts'

const CONNECTIONS = 200
const WARM = 1_000
const PER_SECOND = 170
const PAGES_PER_SECOND = 20
const QUIET_SECONDS = 15

const SIZES = { rounds: '5', each: '1500', seconds: '30', mails: '5000' }
const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string' },
    each: { type: 'string' },
    seconds: { type: 'string' },
    mails: { type: 'string' },
  },
})
const values = { ...SIZES, ...given }
const [rounds, each, seconds, mails] = [values.rounds, values.each, values.seconds, values.mails].map(Number)
if (![rounds, each, seconds, mails].every((number) => Number.isInteger(number) && number! > 0)) {
  throw new TypeError('--rounds, --each, --seconds and --mails are whole numbers above 0.')
}

/** As the form on the page sends it. */
const confirm = ({ secret, assignmentId, mark }: AskedPerson): Request => ({
  path: `/c/${secret}`,
  body: `assignmentId=${assignmentId}&seen=1&mark=${mark}&answer=confirm`,
})
const bare = ({ assignmentId }: AskedPerson): Request => ({ path: `/bare/${assignmentId}`, body: 'answer=confirm' })
const look = ({ secret }: AskedPerson): Request => ({ method: 'GET', path: `/c/${secret}` })

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
const failedOf = (answers: Posted[], status: number): number => answers.filter((one) => one.status !== status).length
const saysUrl = async (child: Child): Promise<string> => (await child.says(/"url":"([^"]+)"/))[1]!

/** Throughput of both in turn. */
async function throughput(api: string, other: string, take: (count: number) => AskedPerson[]) {
  await flatOut(api, take(WARM).map(confirm), CONNECTIONS)
  await flatOut(other, take(WARM).map(bare), CONNECTIONS)
  const ratios: number[] = []
  let failed = 0
  for (let round = 1; round <= rounds!; round += 1) {
    const ours = await flatOut(api, take(each!).map(confirm), CONNECTIONS)
    const least = await flatOut(other, take(each!).map(bare), CONNECTIONS)
    ratios.push(ours.perSecond / least.perSecond)
    failed += failedOf(ours.answers, 303)
    const [a, b] = [ours.perSecond, least.perSecond].map(Math.round)
    console.log(`round ${round}: ${a} confirmations a second, ${b} bare updates, ratio ${ratios.at(-1)!.toFixed(2)}`)
    if (failedOf(least.answers, 303) > 0) throw new Error('The bare route failed: this run compares nothing.')
  }
  return { ratio: median(ratios), failed, confirmed: WARM + rounds! * each! }
}

/** What follows from so many confirmations, done by a worker of its own; how many of them it gets done a second. */
async function following(sql: postgres.Sql, settings: Record<string, string>, confirmed: number): Promise<number> {
  await using worker = startChild('src/worker.ts', settings)
  await worker.says(/worker is at work/)
  const begun = performance.now()
  for (let left = confirmed; left > 0; ) {
    if (performance.now() - begun > 10 * 60_000) throw new Error(`Nothing has followed from ${left} confirmations.`)
    await sleep(50)
    left = (await sql`select count(*)::int as n from confirmation_items where follow_up_due`)[0]!.n
  }
  const perSecond = confirmed / ((performance.now() - begun) / 1_000)
  console.log(`${confirmed} confirmations had their consequences, ${Math.round(perSecond)} a second`)
  await worker.stop()
  return perSecond
}

/** Nothing may have got lost on the way: each confirmation has its audit row, and all that follows from it. */
async function assertKept(sql: postgres.Sql, confirmed: number): Promise<void> {
  const [kept] = await sql`
    select (select count(*)::int from audit_log where action = 'assignment.confirmed') as audited,
      (select count(*)::int from confirmation_items where receipt is not null) as noted,
      (select count(*)::int from messages where template = 'confirmation-receipt') as receipts,
      (select count(*)::int from messages where template = 'duty-reminder') as reminders,
      (select count(distinct key)::int from tasks where name = 'attendance.mark-no-show') as expected`
  for (const [what, count] of Object.entries(kept!)) {
    if (count !== confirmed) throw new Error(`${confirmed} were confirmed, but ${what} says ${count}.`)
  }
}

/** Minutes until the SMTP server has them all, and how much longer than before pages take meanwhile. */
async function mailing(sql: postgres.Sql, settings: Record<string, string>, api: string, people: AskedPerson[]) {
  await sql`update tasks set state = 'cancelled' where state = 'waiting'`
  let mailed = 0
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      stream.resume().on('end', () => {
        mailed += 1
        done()
      })
    },
  })
  const port = await new Promise<number>((resolve) => {
    const server = smtp.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  await using worker = startChild('src/worker.ts', { ...settings, SMTP_URL: `smtp://127.0.0.1:${port}` })
  try {
    await worker.says(/worker is at work/)
    const pages = (count: number) => people.slice(0, count).map(look)
    await flatOut(api, pages(WARM), CONNECTIONS)
    const quiet = await steadily(api, pages(QUIET_SECONDS * PAGES_PER_SECOND), PAGES_PER_SECOND)
    const begun = Date.now()
    await writeQuestions(sql, people.length)
    const busy: Posted[] = []
    while (mailed < people.length && Date.now() - begun < 10 * 60_000) {
      busy.push(...(await steadily(api, pages(PAGES_PER_SECOND), PAGES_PER_SECOND)))
      await sleep(10)
    }
    if (mailed < people.length) throw new Error(`Only ${mailed} of ${people.length} messages went out.`)
    const minutes = (Date.now() - begun) / 60_000
    console.log(`${mailed} messages in ${(minutes * 60).toFixed(0)} s`)
    console.log(
      `pages, 95 of 100 within: quiet ${quantile(quiet, 0.95).toFixed(1)} ms, meanwhile ${quantile(busy, 0.95).toFixed(1)} ms`,
    )
    const failed = failedOf(quiet, 200) + failedOf(busy, 200)
    return { minutes, waiting: quantile(busy, 0.95) / quantile(quiet, 0.95), failed }
  } finally {
    await new Promise<void>((resolve) => smtp.close(resolve))
  }
}

const database = await openOwnDatabase()
const folder = await mkdtemp(join(tmpdir(), 'watchbill-bench-data-'))
const sql = postgres(database.url, { max: 2, onnotice: () => {} })
try {
  await migrate(database.url)
  await prepareBackend({ kind: 'postgres', url: database.url })
  const steady = PER_SECOND * seconds!
  const people = await fillAskedPeople(sql, 2 * (WARM + rounds! * each!) + steady + mails!)
  await giveAddresses(sql)
  const untouched = people.values()
  const take = (count: number) => [...untouched.take(count)]
  console.log(`${people.length} people were asked`)

  const settings = {
    DATABASE_URL: database.url,
    DATABASE_POOL: '20',
    DATA_DIR: folder,
    RATE_LIMIT_PER_MINUTE: '1000000',
    REDIS_URL: process.env.REDIS_URL ?? '',
  }
  await using server = startChild('src/server.ts', { ...settings, NODE_ENV: 'production' })
  const api = await saysUrl(server)
  const least = startChild('bench/support/bare-server.ts', { ...settings, NODE_ENV: 'production' })
  const { ratio, failed, confirmed } = await throughput(api, await saysUrl(least), take)
  await least.stop()

  const answers = await steadily(api, take(steady).map(confirm), PER_SECOND)
  const [p50, p99] = [quantile(answers, 0.5), quantile(answers, 0.99)]
  console.log(`at ${PER_SECOND} a second: half within ${p50.toFixed(1)} ms, 99 of 100 within ${p99.toFixed(1)} ms`)
  const lost = failed + failedOf(answers, 303)
  const reacted = await following(sql, settings, WARM + rounds! * each! + steady)
  if (lost === 0) await assertKept(sql, confirmed + steady)

  const mail = await mailing(sql, settings, api, take(mails!))
  const round = (number: number) => Number(number.toFixed(2))
  const figures = {
    ratio: round(ratio),
    p50Ms: round(p50),
    p99Ms: round(p99),
    failed: lost + mail.failed,
    reactedPerSecond: Math.round(reacted),
    mailMinutes: round(mail.minutes),
    waitingRatio: round(mail.waiting),
  }
  console.log(JSON.stringify(figures))
  if (Object.keys(given).length === 0) judge(figures, CONFIRM_GOALS)
} finally {
  await sql.end()
  await database.close()
  await rm(folder, { recursive: true, force: true })
}
