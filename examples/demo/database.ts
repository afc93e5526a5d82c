import { join } from 'node:path'
import postgres from 'postgres'
import {
  DataDirInUseError,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/embedded/postgres.ts'

const NAME = 'watchbill_demo'

/**
 * The demo's own PostgreSQL below `dataDir`, with a new and empty database on it: each run begins from nothing and
 * leaves other databases alone. Throws with a clear reason when another demo is still running.
 */
export async function freshDatabase(dataDir: string): Promise<{ url: string; server: EmbeddedPostgres }> {
  const server = await startServer(dataDir)
  const sql = postgres(server.url, { max: 1, onnotice: () => {} })
  try {
    await sql`drop database if exists ${sql(NAME)}`
    await sql`create database ${sql(NAME)}`
  } finally {
    await sql.end()
  }
  const url = new URL(server.url)
  url.pathname = `/${NAME}`
  return { url: url.href, server }
}

async function startServer(dataDir: string): Promise<EmbeddedPostgres> {
  try {
    // What a power cut would take is made anew by the next run anyway.
    return await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), durable: false })
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error
    throw new Error(`Another demo is still running (its database is process ${error.pid}). Maybe stop it first.`)
  }
}
