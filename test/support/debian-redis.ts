import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export type RedisProgram = { program: string; libraryPath: string }

const PACKAGE = 'redis-tools'
const FETCH_TIMEOUT = 120_000

/** Debian's Redis in a cache folder: downloaded and unpacked, never installed, so it needs no rights and no clean-up. */
export async function fetchDebianRedis(
  folder = resolve(import.meta.dirname, '../../.cache', `redis-${process.arch}`),
): Promise<RedisProgram> {
  const complete = await access(folder).then(
    () => true,
    () => false,
  )
  if (!complete) await fetchInto(folder)
  return { program: join(folder, 'usr/bin/redis-server'), libraryPath: (await libraryFolders(folder)).join(':') }
}

async function fetchInto(folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}.${randomBytes(4).toString('hex')}`
  await mkdir(draft, { recursive: true })
  try {
    await downloadPackages(draft)
    for (const name of await readdir(draft)) {
      if (!name.endsWith('.deb')) continue
      await run('dpkg', ['-x', join(draft, name), draft])
      await rm(join(draft, name))
    }
    await symlink('redis-check-rdb', join(draft, 'usr/bin/redis-server'))
    await rename(draft, folder)
  } catch (error) {
    const madeMeanwhile = error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY'
    if (!madeMeanwhile) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** With the package lists of the system; when those are missing or too old, with fresh ones in a folder of our own. */
async function downloadPackages(folder: string): Promise<void> {
  try {
    await downloadWith([], folder)
  } catch {
    const lists = await mkdtemp(join(tmpdir(), 'watchbill-apt-'))
    try {
      const ownLists = await aptOptions(lists)
      await run('apt-get', [...ownLists, 'update'])
      await downloadWith(ownLists, folder)
    } finally {
      await rm(lists, { recursive: true, force: true })
    }
  }
}

async function aptOptions(folder: string): Promise<string[]> {
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true })
  const settings = {
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '15',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

async function downloadWith(options: string[], folder: string): Promise<void> {
  const missing: string[] = []
  for (const library of await librariesNeeded(options)) if (!(await isInstalled(library))) missing.push(library)
  await run('apt-get', [...options, 'download', PACKAGE, ...missing], folder)
}

async function librariesNeeded(options: string[]): Promise<string[]> {
  const answer = await run('apt-cache', [...options, 'depends', PACKAGE])
  return [...answer.matchAll(/^\s*Depends: (lib\S+)$/gm)].map(([, name]) => name!)
}

const isInstalled = (name: string) =>
  run('dpkg-query', ['--status', name]).then(
    (status) => status.includes('Status: install ok installed'),
    () => false,
  )

async function libraryFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return [...new Set(entries.filter((entry) => /\.so\.\d/.test(entry.name)).map((entry) => entry.parentPath))]
}

async function run(command: string, args: string[], cwd = '/'): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, timeout: FETCH_TIMEOUT })
  return stdout
}
