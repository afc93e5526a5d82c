import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from '../config/config.ts'

const FILE = 'secret-key'

/**
 * The one secret of the installation, from which the keys of every purpose are made: as the settings say, or made once
 * and kept beside the embedded database. Processes that share a database elsewhere must be told the same one.
 */
export async function openSecretKey({
  secretKey,
  databaseUrl,
  dataDir,
}: Pick<Config, 'secretKey' | 'databaseUrl' | 'dataDir'>): Promise<Buffer> {
  if (secretKey) return Buffer.from(secretKey)
  if (databaseUrl) {
    throw new ConfigError([
      'SECRET_KEY: is needed beside DATABASE_URL, the same for all processes; for example from: openssl rand -base64 32',
    ])
  }
  const file = join(dataDir, FILE)
  await mkdir(dataDir, { recursive: true })
  // Of two processes that start together one writes; both read what it wrote.
  await writeFile(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  return Buffer.from(await readFile(file, 'utf8'))
}

/** The key for one purpose; nobody who knows it learns those of the others. */
export const keyFor = (secretKey: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secretKey, 'watchbill', purpose, 32))

export type Vault = ReturnType<typeof createVault>

const VERSION = 'v1'

/** Locks texts away (AES-256-GCM) for rows that somebody else may read; `about` ties a text to its row. */
export function createVault(secretKey: Buffer, purpose: string) {
  const key = keyFor(secretKey, purpose)
  return {
    lock(text: string, about: string): string {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      const locked = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return [VERSION, ...[nonce, cipher.getAuthTag(), locked].map((part) => part.toString('base64url'))].join('.')
    },
    /** @throws when the text was locked with another key or for another row. */
    unlock(locked: string, about: string): string {
      const [version, ...parts] = locked.split('.')
      if (version !== VERSION || parts.length !== 3) throw new Error('This text was not locked here.')
      const [nonce, tag, rest] = parts.map((part) => Buffer.from(part, 'base64url'))
      const decipher = createDecipheriv('aes-256-gcm', key, nonce!).setAAD(Buffer.from(about)).setAuthTag(tag!)
      return Buffer.concat([decipher.update(rest!), decipher.final()]).toString('utf8')
    },
    isLocked: (text: string): boolean => text.startsWith(`${VERSION}.`),
  }
}
