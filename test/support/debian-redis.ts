import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fetchDebianPackage } from './debian-package.ts'

export type RedisProgram = { program: string; libraryPath: string }

/** Debian's Redis, for machines that have none. */
export async function fetchDebianRedis(
  cache = resolve(import.meta.dirname, '../../.cache', `redis-${process.arch}`),
): Promise<RedisProgram> {
  const { folder, libraryPath } = await fetchDebianPackage('redis-tools', {
    folder: cache,
    complete: (draft) => symlink('redis-check-rdb', join(draft, 'usr/bin/redis-server')),
  })
  return { program: join(folder, 'usr/bin/redis-server'), libraryPath }
}
