import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** `libraryPath`: for LD_LIBRARY_PATH, the libraries that the system itself does not have. */
export type DebianPackage = { folder: string; libraryPath: string }

type Options = {
  /** Once, before the folder takes its place. */
  complete?: (folder: string) => Promise<void>
  folder?: string
}

const FETCH_TIMEOUT = 120_000

/** A Debian package in a cache folder: downloaded and unpacked, never installed, so it needs no rights and no clean-up. */
export async function fetchDebianPackage(name: string, options: Options = {}): Promise<DebianPackage> {
  const folder = options.folder ?? resolve(import.meta.dirname, '../../.cache', `${name}-${process.arch}`)
  const complete = await access(folder).then(
    () => true,
    () => false,
  )
  if (!complete) await fetchInto(folder, name, options.complete)
  return { folder, libraryPath: (await libraryFolders(folder)).join(':') }
}

async function fetchInto(folder: string, name: string, complete: Options['complete']): Promise<void> {
  const draft = `${folder}.${process.pid}.${randomBytes(4).toString('hex')}`
  await mkdir(draft, { recursive: true })
  try {
    await downloadPackages(name, draft)
    for (const file of await readdir(draft)) {
      if (!file.endsWith('.deb')) continue
      await run('dpkg', ['-x', join(draft, file), draft])
      await rm(join(draft, file))
    }
    await complete?.(draft)
    await rename(draft, folder)
  } catch (error) {
    const madeMeanwhile = error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY'
    if (!madeMeanwhile) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** With the package lists of the system; when those are missing or too old, with fresh ones in a folder of our own. */
async function downloadPackages(name: string, folder: string): Promise<void> {
  try {
    await downloadWith([], name, folder)
  } catch {
    const lists = await mkdtemp(join(tmpdir(), 'watchbill-apt-'))
    try {
      const ownLists = await aptOptions(lists)
      await run('apt-get', [...ownLists, 'update'])
      await downloadWith(ownLists, name, folder)
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

async function downloadWith(options: string[], name: string, folder: string): Promise<void> {
  await run('apt-get', [...options, 'download', name, ...(await missingLibraries(options, name))], folder)
}

/** The libraries it needs, and those need; one that is installed has all it needs. */
async function missingLibraries(options: string[], name: string): Promise<string[]> {
  const missing = new Set<string>()
  const open = [name]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const answer = await run('apt-cache', [...options, 'depends', next])
    for (const [, library] of answer.matchAll(/^\s*Depends: (lib\S+)$/gm)) {
      if (missing.has(library!) || (await isInstalled(library!))) continue
      missing.add(library!)
      open.push(library!)
    }
  }
  return [...missing]
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
