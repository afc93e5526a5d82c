import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import { postgresFault } from './errors.ts'
import { lastingClient } from './lasting.ts'
import { patience } from './patience.ts'
import { openPool, type PoolOptions } from './pool.ts'

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
  /** Hears that connections did not answer any more and were left for new ones. */
  onReplaced?: () => void
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
/** Long for so small steps, and no longer than a lease that has to be renewed. */
const HASTY_LIMITS = { readMs: 10_000, writeMs: 10_000 }
/** Streams, and readings of whole tables. */
const RAW_CONNECTIONS = 4
const LONGEST_READING_S = 30 * 60
const STATEMENT_TIMEOUT_MS = 60_000
/** PostgreSQL itself ends a statement before; so much longer, and nobody is there. */
const BEYOND_MS = 5_000

/**
 * Opens nothing yet: connections are made when something is asked. Every call has a deadline: that of whoever waits for
 * it (see `patience`), or else the server's own limit and a little more.
 */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const { statementTimeout = STATEMENT_TIMEOUT_MS, onReplaced = () => {} } = options
  const connection = {
    application_name: 'watchbill',
    TimeZone: 'UTC',
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: 60_000,
  }
  const patient = { readMs: statementTimeout + BEYOND_MS, writeMs: statementTimeout + BEYOND_MS }
  const shared = { limits: () => patience() ?? patient, graceSeconds: patient.writeMs / 1_000, onReplaced }
  const forDrizzle = (more: PoolOptions) => () => {
    const pool = openPool(url, { connection, ...more })
    // Changes how the client reads and writes dates.
    drizzle(pool.client)
    remembering(pool.client)
    return pool
  }
  const main = lastingClient({ ...shared, open: forDrizzle({ max: options.max ?? 20 }) })
  const asynchronous = { ...connection, synchronous_commit: 'off' }
  const few = { max: HASTY_CONNECTIONS, idle_timeout: 30 }
  const quick = lastingClient({
    ...shared,
    limits: () => HASTY_LIMITS,
    open: forDrizzle({ connection: asynchronous, ...few }),
  })
  const raw = lastingClient({
    ...shared,
    graceSeconds: LONGEST_READING_S,
    limits: () => patient,
    open: () => openPool(url, { connection, max: RAW_CONNECTIONS, idle_timeout: 30 }),
  })
  return {
    db: retrying(drizzle(main.sql)),
    hasty: retrying(drizzle(quick.sql)),
    sql: raw.sql,
    close: async () => {
      await Promise.all([main, quick, raw].map((client) => client.close()))
    },
  }
}
