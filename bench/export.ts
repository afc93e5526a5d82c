/**
 * Makes a ledger and exports it as CSV and as XLSX, through the code the API uses, and measures the CSV against what
 * PostgreSQL's own COPY takes for the same query in the same run.
 *
 *   bench:export [-- --rows N] [--runs R]
 *
 * Uses an embedded PostgreSQL of its own, or a database made for it on the server of DATABASE_URL. The last line printed
 * is JSON: rows, csvVsCopy (speed of the CSV divided by that of COPY, the median of the runs), peakRssMB (most memory
 * above that of the idle process, over all exports). A goal of bench/README.md that is missed is named on standard error
 * and makes the exit status 1, unless sizes are given: the goals are for these.
 */
import { performance } from 'node:perf_hooks'
import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import { createExports, type Wish } from '../src/modules/hours/hours.exports.ts'
import { connect } from '../src/platform/db/client.ts'
import { migrate } from '../src/platform/db/migrate.ts'
import { EXPORT_GOALS, judge } from './support/goals.ts'
import { fillLedger } from './support/ledger.ts'
import { openOwnDatabase } from './support/own-database.ts'

const MEGABYTE = 1024 * 1024

const { values: given } = parseArgs({ options: { rows: { type: 'string' }, runs: { type: 'string' } } })
const [rows, runs] = [Number(given.rows ?? 1_000_000), Number(given.runs ?? 3)]
if (!Number.isInteger(rows) || rows < 1 || !Number.isInteger(runs) || runs < 1) {
  throw new TypeError('--rows and --runs are whole numbers above 0.')
}

let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 20)

/** Seconds until the last byte was taken, and how many bytes they were. */
async function drained(body: Readable) {
  const begun = performance.now()
  let bytes = 0
  const sink = new Writable({
    write(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      next()
    },
  })
  await pipeline(body, sink)
  return { seconds: (performance.now() - begun) / 1000, bytes }
}

const say = (what: string, { seconds, bytes }: { seconds: number; bytes: number }) =>
  console.log(`${what}: ${(bytes / MEGABYTE).toFixed(0)} MB in ${seconds.toFixed(1)} s`)

const { url, close } = await openOwnDatabase()
try {
  await migrate(url)
  const database = connect(url)
  await fillLedger(database.sql, rows)
  console.log(`${rows} lines in the ledger`)

  const exports = createExports(database)
  const wish = (format: Wish['format']): Wish => ({
    kind: 'service-hours',
    view: 'lines',
    format,
    lang: 'zh',
    keys: undefined,
    stableHeaders: false,
    about: {},
    madeAt: new Date(),
  })
  const source = { where: sql`true` }
  const gone = new AbortController().signal
  const copy = async () => {
    const reading = await database.sql.reserve()
    try {
      await reading`set statement_timeout = '30min'`
      const text = `copy (${exports.statementOf(wish('csv'), source)}) to stdout (format csv)`
      return await drained((await reading.unsafe(text).readable()) as Readable)
    } finally {
      reading.release()
    }
  }

  // What is loaded and cached once shall not count for one of them.
  await drained(await exports.open(wish('csv'), { where: sql`ledger.local_day < '2026-01-03'` }, gone))
  await drained(await exports.open(wish('xlsx'), { where: sql`ledger.local_day < '2026-01-02'` }, gone))
  await copy()
  global.gc?.()
  await sleep(500)
  const idle = process.memoryUsage().rss
  peak = idle

  const ratios: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const byCopy = await copy()
    const csv = await drained(await exports.open(wish('csv'), source, gone))
    ratios.push(byCopy.seconds / csv.seconds)
    say('COPY of the query', byCopy)
    say('CSV export', csv)
  }
  say('XLSX export', await drained(await exports.open(wish('xlsx'), source, gone)))
  clearInterval(watch)
  const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]!
  const peakRssMB = Math.round((peak - idle) / MEGABYTE)
  await database.close()
  const figures = { rows, csvVsCopy: Number(median.toFixed(2)), peakRssMB }
  console.log(JSON.stringify(figures))
  if (Object.keys(given).length === 0) judge(figures, EXPORT_GOALS)
} finally {
  clearInterval(watch)
  await close()
}
