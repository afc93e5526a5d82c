import type { Clock } from '../time/clock.ts'
import type { Database, Db } from './db/client.ts'
import type { News } from './queue/news.ts'
import type { Log } from './telemetry/log.ts'

/** What every service stands on. */
export interface Foundations {
  db: Db
  /** For streams only; see `Database.sql`. */
  sql: Database['sql']
  clock: Clock
  news: News
  log: Log
}
