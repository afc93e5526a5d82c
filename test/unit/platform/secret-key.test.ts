import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createVault, keyFor, openSecretKey } from '../../../src/platform/auth/secret-key.ts'

test('without a setting it is made once, for its owner only, and found again', async () => {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'watchbill-key-')), 'below')
  const settings = { secretKey: undefined, databaseUrl: undefined, dataDir }
  const keys = await Promise.all([1, 2, 3].map(() => openSecretKey(settings)))
  for (const key of keys) expect(key).toEqual(keys[0])
  expect(await openSecretKey(settings)).toEqual(keys[0])
  expect(keys[0]!.length).toBeGreaterThanOrEqual(32)
  const file = join(dataDir, 'secret-key')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await readFile(file)).equals(keys[0]!)).toBe(true)
  await rm(dataDir, { recursive: true })
})

test('beside a database of your own it has to be given', async () => {
  const settings = { databaseUrl: 'postgres://x@localhost/y', dataDir: '/nowhere' }
  await expect(openSecretKey({ ...settings, secretKey: undefined })).rejects.toThrow('SECRET_KEY')
  expect((await openSecretKey({ ...settings, secretKey: 'a'.repeat(32) })).toString()).toBe('a'.repeat(32))
})

test('what is locked away opens with the same key, for the same purpose and row, and not when it was changed', () => {
  const secret = Buffer.from('s'.repeat(32))
  const vault = createVault(secret, 'webhooks')
  const locked = vault.lock('whsec_secret', 'row-1')
  expect(locked).not.toContain('whsec')
  expect(vault.lock('whsec_secret', 'row-1')).not.toBe(locked)
  expect(vault.unlock(locked, 'row-1')).toBe('whsec_secret')
  expect(createVault(secret, 'webhooks').unlock(locked, 'row-1')).toBe('whsec_secret')
  expect(() => vault.unlock(locked, 'row-2')).toThrow()
  expect(() => createVault(secret, 'other').unlock(locked, 'row-1')).toThrow()
  expect(() => createVault(Buffer.from('t'.repeat(32)), 'webhooks').unlock(locked, 'row-1')).toThrow()
  expect(() => vault.unlock(`${locked.slice(0, -2)}xx`, 'row-1')).toThrow()
  expect(keyFor(secret, 'a').equals(keyFor(secret, 'b'))).toBe(false)
})
