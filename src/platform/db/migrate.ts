import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle', import.meta.url))
/** Any fixed number; it names the one lock under which the schema changes. */
const MIGRATION_LOCK = 728_401_553

/**
 * Brings the schema up to date. drizzle's migrator takes no lock of its own, so any number of processes
 * may call this at once: they wait for each other on an advisory lock held by a single connection.
 */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS })
  } finally {
    await client.end({ timeout: 5 })
  }
}
