import type postgres from 'postgres'
import type { Clock } from '../../time/clock.ts'
import type { Log } from '../telemetry/log.ts'

/** What the clocks of one machine and another may differ by before deadlines seem to come early or late. */
const MOST_SKEW_MS = 2_000

/** Milliseconds by which a clock is ahead of the database's; the way there and back is shared out evenly. */
export async function clockSkew(sql: postgres.ISql, clock: Clock): Promise<number> {
  // Opening a connection takes longer than the question.
  await sql`select 1`
  const asked = clock.now().getTime()
  const [row] = await sql<{ now: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`
  return Math.round((asked + clock.now().getTime()) / 2 - row!.now)
}

/** Processes act by their own clocks on the same rows: says so when this one's is off. */
export async function warnOfSkew(sql: postgres.ISql, clock: Clock, log: Log): Promise<void> {
  const skewMs = await clockSkew(sql, clock)
  if (Math.abs(skewMs) > MOST_SKEW_MS) {
    log.warn({ skewMs }, 'the clock of this machine is not that of the database: synchronise both (NTP)')
  }
}
