import { resolve } from 'node:path'
import postgres from 'postgres'
import { prepareBinaries } from './binaries.ts'
import { createCluster, findCluster, makeDataDir, readPassword, SUPERUSER } from './cluster.ts'
import { DataDirInUseError, ServerStartError } from './errors.ts'
import { findFreePort } from './free-port.ts'
import { findHolder, removeLockFile } from './lock-file.ts'
import { accountCan, chooseAccount, type ServerAccount } from './server-account.ts'
import { launchServer, type ServerProcess } from './server-process.ts'

export { type Availability, embeddedAvailable } from './binaries.ts'
export { DataDirInUseError, ServerStartError } from './errors.ts'

export type EmbeddedPostgresOptions = {
  /** Folder of the database and its password; made when absent. */
  dataDir?: string
  /** False gives up crash safety for speed: for tests only. */
  durable?: boolean
  /** A free one is chosen when not given. */
  port?: number
  /** Receives each line the server writes. */
  log?: (line: string) => void
}

export type EmbeddedPostgres = AsyncDisposable & {
  /** Complete, with the password: keep it out of logs. */
  url: string
  /** True when the database was made just now. */
  firstStart: boolean
  /** Ends all connections and the server. May be called more than once. */
  stop(): Promise<void>
}

type Start = { cluster: string; dataDir: string; program: string; account: ServerAccount; durable: boolean }
type Log = (line: string) => void

const DATABASE = 'watchbill'
const START_ATTEMPTS = 5

/**
 * Starts the PostgreSQL that comes with the project, on 127.0.0.1, as a child that never outlives this process.
 * Throws DataDirInUseError when another server holds the folder, ServerStartError when the server gives up,
 * and an Error with the reason when there is none for this machine (see `embeddedAvailable`).
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const { durable = true, log = () => {} } = options
  const dataDir = resolve(options.dataDir ?? 'data/postgres')
  await makeDataDir(dataDir)
  const existing = await findCluster(dataDir)
  const account = await chooseAccount(existing)
  const binaries = await prepareBinaries(account)
  const password = await readPassword(dataDir, existing === undefined)
  const cluster = existing ?? (await createCluster(dataDir, binaries, account, { password, durable }))
  if (!cluster.startsWith(dataDir)) log(`The database cannot reach ${dataDir}, so its files are in ${cluster}.`)
  assertReachable(account, cluster)

  const start = { cluster, dataDir, program: binaries.postgres, account, durable }
  const { server, port } = await launch(start, options.port, log)
  const urlOf = (database: string) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`
  try {
    await ensureDatabase(urlOf('postgres'))
  } catch (error) {
    await server.stop()
    throw error
  }
  const { stop } = server
  return { url: urlOf(DATABASE), firstStart: existing === undefined, stop, [Symbol.asyncDispose]: stop }
}

function assertReachable(account: ServerAccount, cluster: string): void {
  if (accountCan(account, 'write', cluster)) return
  throw new Error(
    `The database in ${cluster} cannot be reached by uid ${account.uid}, which runs it. ` +
      'Maybe the mode of a folder above it was changed: each must let others pass (chmod o+x).',
  )
}

async function launch(start: Start, wanted: number | undefined, log: Log) {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await findFreePort())
    try {
      return { server: await launchOn(start, port, log), port }
    } catch (error) {
      const reason = error instanceof ServerStartError ? error.output : ''
      const portTaken = reason.includes('could not bind') && wanted === undefined
      const staleLock = reason.includes('"postmaster.pid" already exists') && (await dropStaleLock(start))
      if (attempt === START_ATTEMPTS || !(portTaken || staleLock)) throw error
    }
  }
}

function launchOn(start: Start, port: number, log: Log): Promise<ServerProcess> {
  const settings = { ...baseSettings, ...(start.durable ? {} : notDurable), port: String(port) }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return launchServer([start.program, '-D', start.cluster, ...flags], start.account, log)
}

async function dropStaleLock({ cluster, dataDir }: Start): Promise<true> {
  const holder = await findHolder(cluster)
  if (holder) {
    const url = `postgres://${SUPERUSER}@127.0.0.1:${holder.port}/${DATABASE}`
    throw new DataDirInUseError(dataDir, holder.pid, url)
  }
  await removeLockFile(cluster)
  return true
}

const baseSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Statements and details of errors carry people's data; the app has the error itself.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

const notDurable = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

async function ensureDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 })
  try {
    const [found] = await sql`select from pg_database where datname = ${DATABASE}`
    if (!found) await sql.unsafe(`create database ${DATABASE}`)
  } finally {
    await sql.end()
  }
}
