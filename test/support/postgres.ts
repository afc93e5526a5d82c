import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { startEmbeddedPostgres } from '../../src/platform/embedded/postgres.ts'

export type TestCluster = AsyncDisposable & {
  /** URL of the migrated database that tests clone; plain text, so it can be handed to other processes. */
  template: string
  stop(): Promise<void>
}

export type TestDatabase = AsyncDisposable & {
  url: string
  /** Closes what is still connected and removes the database. */
  drop(): Promise<void>
}

/**
 * Once per test run: a server (the embedded one, or that of DATABASE_URL_TEST) and on it a template made by `migrate`.
 * The role of DATABASE_URL_TEST must be allowed to create databases.
 */
export async function startTestCluster(migrate: (url: string) => Promise<void>): Promise<TestCluster> {
  const server = await startServer()
  const template = databaseAt(server.url, `watchbill_template_${suffix()}`)
  const stop = async () => {
    await administer(server.url, (sql) => sql`drop database if exists ${sql(nameOf(template))} with (force)`)
    await server.stop()
  }
  try {
    await administer(server.url, (sql) => sql`create database ${sql(nameOf(template))} template template0`)
    await migrate(template)
    // Cloning needs a template nobody is connected to; a test that meant its own database would otherwise get in.
    await administer(server.url, (sql) => sql`alter database ${sql(nameOf(template))} allow_connections false`)
  } catch (error) {
    await stop()
    throw error
  }
  return { template, stop, [Symbol.asyncDispose]: stop }
}

/** A database of one's own, cloned from the template of `startTestCluster`. */
export async function createDatabase(template: string): Promise<TestDatabase> {
  const name = `watchbill_test_${suffix()}`
  await administer(template, (sql) => sql`create database ${sql(name)} template ${sql(nameOf(template))}`)
  const drop = () => administer(template, (sql) => sql`drop database if exists ${sql(name)} with (force)`)
  return { url: databaseAt(template, name), drop, [Symbol.asyncDispose]: drop }
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const { DATABASE_URL_TEST } = process.env
  if (DATABASE_URL_TEST) return { url: DATABASE_URL_TEST, stop: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'watchbill-test-'))
  await chmod(folder, 0o755)
  const server = await startEmbeddedPostgres({ dataDir: folder, durable: false })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function administer(server: string, order: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(databaseAt(server, 'postgres'), { max: 1, onnotice: () => {} })
  try {
    await order(sql)
  } finally {
    await sql.end()
  }
}

const suffix = () => randomBytes(6).toString('hex')
const nameOf = (url: string) => new URL(url).pathname.slice(1)

function databaseAt(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}
