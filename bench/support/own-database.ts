import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { newId } from '../../src/platform/db/ids.ts'
import { startEmbeddedPostgres } from '../../src/platform/embedded/postgres.ts'

/** A database of its own that is gone afterwards: on the server of DATABASE_URL, or on an embedded one. */
export async function openOwnDatabase(): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env.DATABASE_URL
  if (given) {
    const name = `bench_${newId().replaceAll('-', '')}`
    const admin = postgres(given, { max: 1, onnotice: () => {} })
    await admin.unsafe(`create database ${name}`)
    const url = new URL(given)
    url.pathname = `/${name}`
    const close = async () => {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    }
    return { url: url.href, close }
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'watchbill-bench-'))
  const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') })
  const close = async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { url: server.url, close }
}
