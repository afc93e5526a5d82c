import { sql } from 'drizzle-orm'
import { type Clock, systemClock } from '../../time/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Db } from './client.ts'

/** What the clocks of one machine and another may differ by before somebody is told to look after them. */
const MOST_SKEW_MS = 2_000
/** Beyond this nothing that the machine says of time can be believed, and it should not take requests. */
export const UNFIT_SKEW_MS = 60_000
/** What differs less is left alone: measuring is no more exact under load, and a clock should seldom jump. */
const LEAST_CORRECTION_MS = 500
const MEASURE_EVERY_MS = 60_000

interface Measured {
  /** Milliseconds by which a clock is ahead of the database's; the way there and back is shared out evenly. */
  skewMs: number
  /** By how much that may be wrong. */
  doubtMs: number
}

async function clockSkew(db: Db, clock: Clock): Promise<Measured> {
  // Opening a connection takes longer than the question.
  await db.execute(sql`select 1`)
  const asked = clock.now().getTime()
  const [row] = await db.execute<{ now: number }>(
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as now`,
  )
  const answered = clock.now().getTime()
  return { skewMs: Math.round((asked + answered) / 2 - row!.now), doubtMs: (answered - asked) / 2 }
}

export interface DatabaseClock extends Clock {
  /** Milliseconds by which the machine's clock was ahead when last measured. */
  skewMs(): number
  measure(): Promise<void>
  close(): void
}

export interface Following {
  log: Log
  /** Another clock than the machine's: for tests. */
  machine?: Clock | undefined
}

/**
 * The time of the database, by which all processes act on its rows: the machine's clock, corrected by what it was found
 * to be off. Measures now and every minute, and says so when the machine's clock goes wrong. Throws when the database
 * does not answer now.
 */
export async function followDatabase(db: Db, { log, machine = systemClock }: Following) {
  let skewMs = 0
  let correctionMs = 0

  async function measure(): Promise<void> {
    const measured = await clockSkew(db, machine)
    const wasOff = Math.abs(skewMs) > MOST_SKEW_MS
    skewMs = measured.skewMs
    const isOff = Math.abs(skewMs) > MOST_SKEW_MS
    if (isOff && !wasOff) {
      log.warn({ skewMs }, 'the clock of this machine is not that of the database: synchronise both (NTP)')
    }
    if (wasOff && !isOff) log.info({ skewMs }, 'the clock of this machine is that of the database again')
    if (Math.abs(skewMs - correctionMs) - measured.doubtMs < LEAST_CORRECTION_MS) return
    correctionMs = Math.abs(skewMs) < LEAST_CORRECTION_MS ? 0 : skewMs
  }

  await measure()
  const measuring = setInterval(() => void measure().catch(() => {}), MEASURE_EVERY_MS).unref()
  const clock: DatabaseClock = {
    now: () => new Date(machine.now().getTime() - correctionMs),
    skewMs: () => skewMs,
    measure,
    close: () => clearInterval(measuring),
  }
  return clock
}
