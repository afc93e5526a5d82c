import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

export type Db = PostgresJsDatabase
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
/** What a repository is given: the pool, or the transaction its service has opened. */
export type Handle = Db | Tx

export interface Database {
  db: Db
  /** A client of its own for streams and raw SQL: drizzle changes how the client it is given reads and writes dates. */
  sql: postgres.Sql
  close(): Promise<void>
}

export interface ConnectOptions {
  max?: number
  /** Milliseconds after which PostgreSQL gives up on one statement. */
  statementTimeout?: number
}

export function connect(url: string, options: ConnectOptions = {}): Database {
  const shared = {
    onnotice: () => {},
    connect_timeout: 10,
    connection: {
      application_name: 'watchbill',
      TimeZone: 'UTC',
      statement_timeout: options.statementTimeout ?? 60_000,
      idle_in_transaction_session_timeout: 60_000,
    },
  }
  const pool = postgres(url, { ...shared, max: options.max ?? 20 })
  const raw = postgres(url, { ...shared, max: 4, idle_timeout: 30 })
  return {
    db: drizzle(pool),
    sql: raw,
    close: async () => {
      await Promise.all([pool.end({ timeout: 5 }), raw.end({ timeout: 5 })])
    },
  }
}
