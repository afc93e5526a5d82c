import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { postgresFault } from './errors.ts'

export type Db = PostgresJsDatabase
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
/** What a repository is given: the pool, or the transaction its service has opened. */
export type Handle = Db | Tx

export interface Database {
  db: Db
  /**
   * For what does no harm when it is forgotten, such as who has a task in hand: a commit does not wait for the disk.
   * Should PostgreSQL itself crash, the last moments may be missing, never something from before a commit of `db`.
   */
  hasty: Db
  /** A client of its own for streams and raw SQL: drizzle changes how the client it is given reads and writes dates. */
  sql: postgres.Sql
  close(): Promise<void>
}

export interface ConnectOptions {
  max?: number
  /** Milliseconds after which PostgreSQL gives up on one statement. */
  statementTimeout?: number
}

/** Statements with more parameters than this are mostly of a new length each time; remembering them would not end. */
const MOST_PARAMETERS = 60

/**
 * Lets PostgreSQL remember statements. drizzle hands its SQL to `unsafe`, which parses and plans anew each time and
 * asks for parameter types first; remembered, a statement costs one round trip and no parsing.
 */
function remembering<C extends postgres.Sql>(client: C): C {
  const { unsafe } = client
  client.unsafe = ((query: string, parameters: never[] = [], options = {}) =>
    unsafe(query, parameters, {
      ...options,
      prepare: parameters.length > 0 && parameters.length <= MOST_PARAMETERS,
    })) as C['unsafe']
  for (const name of ['begin', 'savepoint'] as const) {
    const original = (client as unknown as Record<string, unknown>)[name]
    if (typeof original !== 'function') continue
    const wrapped = (...args: unknown[]) => {
      const work = args.pop() as (scoped: C) => unknown
      return original(...args, (scoped: C) => work(remembering(scoped)))
    }
    Object.assign(client, { [name]: wrapped })
  }
  return client
}

const TRANSIENT = ['40P01', '40001']
const MOST_TRIES = 4

/**
 * Runs a transaction again when PostgreSQL ended it to resolve a deadlock or a race. What a transaction does besides
 * writing to the database must bear being done twice.
 */
function retrying(db: Db): Db {
  const original = db.transaction.bind(db)
  const transaction: Db['transaction'] = async (work, config) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await original(work, config)
      } catch (error) {
        if (tries === MOST_TRIES || !TRANSIENT.includes(postgresFault(error)?.code ?? '')) throw error
        await sleep(randomInt(10, 50 * tries))
      }
    }
  }
  return Object.assign(db, { transaction })
}

const HASTY_CONNECTIONS = 4

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
  const pool = remembering(postgres(url, { ...shared, max: options.max ?? 20 }))
  const quick = remembering(
    postgres(url, {
      ...shared,
      connection: { ...shared.connection, synchronous_commit: 'off' },
      max: HASTY_CONNECTIONS,
      idle_timeout: 30,
    }),
  )
  const raw = postgres(url, { ...shared, max: 4, idle_timeout: 30 })
  return {
    db: retrying(drizzle(pool)),
    hasty: retrying(drizzle(quick)),
    sql: raw,
    close: async () => {
      await Promise.all([pool, quick, raw].map((client) => client.end({ timeout: 5 })))
    },
  }
}
