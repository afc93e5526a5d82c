import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type postgres from 'postgres'
import { systemClock } from '../../time/clock.ts'
import { CHECKS, type Check } from './checks.ts'

/** A broken promise: how often, and a few examples. */
export interface Finding {
  check: string
  promise: string
  count: number
  /** At most five. */
  sample: string[]
}

const JOURNAL = fileURLToPath(new URL('../../../drizzle/meta/_journal.json', import.meta.url))

async function newestMigration(): Promise<number> {
  const { entries } = JSON.parse(await readFile(JOURNAL, 'utf8')) as { entries: { when: number }[] }
  return Math.max(...entries.map((entry) => entry.when))
}

async function run(sql: postgres.ISql, check: Check, now: Date, schema: number): Promise<Finding> {
  const [row] = await sql.unsafe<{ count: number; sample: string[] | null }[]>(
    `with moment as (select $1::timestamptz as now, $2::bigint as schema, $3::timestamptz as machine)
     select count(*)::int as count, (array_agg(found.id order by found.id))[1:5] as sample
     from (select wrong.id::text from (${check.offenders}) wrong) found, moment`,
    [now.toISOString(), schema, systemClock.now().toISOString()],
  )
  return { check: check.name, promise: check.promise, count: row!.count, sample: row!.sample ?? [] }
}

/** These checks in order, with what each has found; a count of 0 is health. */
export async function examineAll(
  sql: postgres.ISql,
  now: Date = systemClock.now(),
  checks: readonly Check[] = CHECKS,
): Promise<Finding[]> {
  const schema = await newestMigration()
  const findings: Finding[] = []
  for (const check of checks) findings.push(await run(sql, check, now, schema))
  return findings
}

/** The broken promises of a database; none when it is healthy. `now` matters where a clock is pushed. */
export const examine = async (sql: postgres.ISql, now?: Date): Promise<Finding[]> =>
  (await examineAll(sql, now)).filter((finding) => finding.count > 0)
